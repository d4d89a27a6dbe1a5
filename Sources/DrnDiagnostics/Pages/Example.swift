/// A complete small program for a page; each page changes the part it is about.
struct Example: Sendable {
  /// Stands before everything: imports, and command-line options or data headers as comments beginning `// with`.
  var head = ""
  var data = """
    source: fashion_mnist
    image: tensor[1, 28, 28]
    label: class(10)
    examples: 60000
    """
  var blocks = ""
  var input = "tensor[1, 28, 28]"
  var output = "tensor[10]"
  var network = "return image |> flatten |> fc1: linear(256) |> relu |> fc2: linear(10)"
  var trainedOn = "digits"
  /// Replaces settings of the training by name; `nil` leaves one out.
  var settings: [String: String?] = [:]
  var train = ""
  /// Stands for the whole text, where a program of another kind is needed.
  var source: String?

  /// An example about the weights of the first layer, which are 784 x 256.
  static func fc1(_ entries: String..., train: String = "", settings: [String: String?] = [:]) -> Example {
    let clause = "weights fc1 {\n" + indented(entries.joined(separator: "\n")) + "\n}"
    return Example(settings: settings, train: train.isEmpty ? clause : train + "\n" + clause)
  }

  /// An example about the weights of the second of two convolutions, which has the given options.
  static func conv2(options: String = "", _ entries: String...) -> Example {
    Example(
      network: """
        return image
          |> conv1: conv2d(16, kernel: 3) |> relu
          |> conv2: conv2d(32, kernel: 3\(options)) |> relu
          |> global_average_pool
          |> fc: linear(10)
        """, train: "weights conv2 {\n" + indented(entries.joined(separator: "\n")) + "\n}")
  }

  /// The program.
  var text: String { source ?? sections.map(\.whole).filter { !$0.isEmpty }.joined(separator: "\n") + "\n" }

  /// The parts of the program in which it differs from `other` or from other examples.
  func excerpt(beside other: Example) -> String {
    guard source == nil else { return text }
    let common = Example().sections.map(\.whole)
    let shown = sections.indices.filter { sections[$0].whole != other.sections[$0].whole || sections[$0].whole != common[$0] }
    return shown.map { sections[$0].short }.filter { !$0.isEmpty }.joined(separator: "\n") + "\n"
  }

  /// One part of a program: as it is, and as a page shows it.
  private struct Section {
    let whole: String
    let short: String
    init(_ whole: String, short: String? = nil) {
      self.whole = whole
      self.short = short ?? whole
    }
  }

  private var sections: [Section] {
    [
      Section(head), Section("data digits {\n\(indented(data))\n}"), Section(blocks),
      Section("network mlp(image: \(input)) -> \(output) {\n\(indented(network))\n}"),
      Section(training(allSettings), short: training(shownSettings)),
    ]
  }

  private static let standard = [
    ("length", "30 epochs"), ("batch", "100"), ("loss", "cross_entropy"), ("optimizer", "sgd(momentum: 0.9)"), ("rate", "0.1"),
  ]
  private static let omission = "// ..."

  private func training(_ lines: [String]) -> String {
    "train mlp on \(trainedOn) {\n\(indented((lines + [train]).filter { !$0.isEmpty }.joined(separator: "\n")))\n}"
  }

  private var allSettings: [String] {
    Self.standard.compactMap { name, value in (settings[name] ?? value).map { "\(name): \($0)" } }
  }

  /// Settings that are as in every example are left out, unless the example is about one that is missing.
  private var shownSettings: [String] {
    if settings.values.contains(where: { $0 == nil }) { return allSettings }
    let changed = Self.standard.compactMap { name, _ in settings[name].flatMap { $0 }.map { "\(name): \($0)" } }
    return [Self.omission] + changed
  }
}

extension Example: ExpressibleByStringLiteral {
  /// A program given as its whole text.
  init(stringLiteral text: String) { self.init(source: text) }
}

private func indented(_ text: String) -> String {
  text.split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }.joined(separator: "\n")
}
