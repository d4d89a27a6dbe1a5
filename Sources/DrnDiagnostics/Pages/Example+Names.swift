/// A complete small program for a page; each page changes the part it is about.
struct Example {
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

  /// The program.
  var text: String {
    let standard = [
      ("length", "30 epochs"), ("batch", "100"), ("loss", "cross_entropy"), ("optimizer", "sgd(momentum: 0.9)"), ("rate", "0.1"),
    ]
    let lines = standard.compactMap { name, value in (settings[name] ?? value).map { "\(name): \($0)" } }
    let parts = [
      head, "data digits {\n\(indented(data))\n}", blocks, "network mlp(image: \(input)) -> \(output) {\n\(indented(network))\n}",
      "train mlp on \(trainedOn) {\n\(indented((lines + [train]).filter { !$0.isEmpty }.joined(separator: "\n")))\n}",
    ]
    return parts.filter { !$0.isEmpty }.joined(separator: "\n") + "\n"
  }

  private func indented(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }.joined(separator: "\n")
  }
}
