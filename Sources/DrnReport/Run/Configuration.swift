/// What `config.txt` says of a run: layers, weights with their forms over time, phases. Lines of another kind are kept as text alone.
public struct Configuration: Sendable {
  /// A layer with what it takes and gives.
  public struct Layer: Sendable, Hashable {
    /// As in files of weights: `stage2.0.conv1`.
    public let name: String
    /// The layer with its options.
    public let call: String
    /// The names of its operands; `input` is the network's.
    public let inputs: [String]
    /// Of one example, as `[500]`.
    public let shape: String
    /// Its parameters with their sizes, as `weight 784 x 500, bias 500`.
    public let tensors: String
    /// The word of the layer alone.
    public var word: String { String(call.prefix { $0 != "(" && $0 != " " }) }
  }

  /// A matrix and its forms over time.
  public struct Weight: Sendable, Hashable {
    public let name: String
    public let rows: Int
    public let columns: Int
    /// In order of time.
    public let spans: [Span]
    /// The largest rank it can have.
    public var shortSide: Int { min(rows, columns) }
  }

  /// From a moment on, a weight has a form.
  public struct Span: Sendable, Hashable {
    /// As it is written: `epoch 8`, `step 100`, `end`.
    public let start: String
    /// The word of the form.
    public let form: String
    /// The form with its rank, as `factored 49` or `core 2..250`.
    public let text: String
    /// The rank on entry; `nil` where the form has none, or where it is decided while training.
    public let rank: Int?
  }

  /// A span of time in which no setting changes.
  public struct Phase: Sendable, Hashable {
    public let index: Int
    /// As they are written: `epoch 8`, `end`.
    public let start: String
    public let end: String
    /// Loss, optimizer and what is trained.
    public let settings: String
  }

  /// Every line without the space before it.
  public let lines: [String]
  /// The word after `network`.
  public private(set) var network = ""
  /// The shape of an example.
  public private(set) var inputShape = ""
  /// The name of the data.
  public private(set) var data = ""
  public private(set) var layers: [Layer] = []
  public private(set) var output = ""
  public private(set) var weights: [Weight] = []
  public private(set) var phases: [Phase] = []
  public private(set) var stepsPerEpoch: Int?

  /// The most layers and weights that are read.
  private static let most = 100_000

  public init(text bytes: [UInt8]) {
    lines = bytes.split(separator: 0x0A).prefix(Self.most).map { String(decoding: $0.drop { $0 == 0x20 }, as: UTF8.self) }
    var section = ""
    for (line, raw) in zip(lines, bytes.split(separator: 0x0A)) {
      let isTop = raw.first != 0x20
      if isTop { section = line.firstWord }
      switch (section, isTop) {
      case ("network", true):
        network = line.dropping("network ").firstWord
        inputShape = line.dropping("network \(network) ").before(" -> ") ?? ""
      case ("train", true): data = line.after(" on ") ?? ""
      case ("network", false): readLayer(line)
      case ("train", false): readTraining(line)
      case _: break
      }
    }
  }

  private mutating func readLayer(_ line: String) {
    guard let name = line.before(": "), let rest = line.after(": ") else { return }
    if name == "output", !rest.contains(" -> ") {
      output = rest
      return
    }
    guard let arrow = rest.lastRange(of: " -> "), let of = rest[..<arrow.lowerBound].lastRange(of: " of ") else { return }
    let result = String(rest[arrow.upperBound...])
    layers.append(
      Layer(
        name: name, call: String(rest[..<of.lowerBound]),
        inputs: rest[of.upperBound..<arrow.lowerBound].split(separator: ",").map(\.trimmed),
        shape: result.before("; ") ?? result, tensors: result.after("; ") ?? ""))
  }

  private mutating func readTraining(_ line: String) {
    if line.hasPrefix("steps per epoch: ") {
      stepsPerEpoch = Int(line.dropping("steps per epoch: "))
    } else if line.hasPrefix("weight "), let head = line.before(": "), let spans = line.after(": ") {
      readWeight(head.split(separator: " ").map(String.init), spans)
    } else if line.hasPrefix("phase "), let head = line.before(": "), let settings = line.after(": ") {
      let words = head.split(separator: " ")
      guard words.count > 1, let index = Int(words[1]) else { return }
      phases.append(
        Phase(
          index: index, start: head.after(" from ")?.before(" to ") ?? "end", end: head.after(" to ") ?? "end", settings: settings))
    }
  }

  /// `weight fc1.weight 784 x 500`, then `from epoch 0: FORM = TEXT; from epoch 8: FORM by svd(...)`.
  private mutating func readWeight(_ head: [String], _ text: String) {
    guard head.count == 5, let rows = Int(head[2]), let columns = Int(head[4]), rows > 0, columns > 0 else { return }
    var spans: [Span] = []
    for part in text.dropping("from ").parts(by: "; from ") {
      guard let start = part.before(": "), let rest = part.after(": ") else { continue }
      let call = rest.before(" by ") ?? rest
      let form = String(call.prefix { $0 != "(" && $0 != " " })
      let stated = call.lastRange(of: " = ").map { String(call[$0.upperBound...]) }
      let rank =
        stated?.split(separator: " ").last.flatMap { Int($0) } ?? call.after("rank: ").flatMap { Int($0.prefix { $0 != "," && $0 != ")" }) }
      spans.append(Span(start: start, form: form, text: stated ?? form, rank: stated == nil ? nil : rank))
    }
    weights.append(Weight(name: head[1], rows: rows, columns: columns, spans: spans))
  }

  /// A moment as it is written, in steps; `nil` at the end, or where the length of an epoch is not known.
  public func step(of moment: String) -> Int? {
    let words = moment.split(separator: " ")
    guard words.count == 2, let number = Int(words[1]), number >= 0, number < 1 << 31 else { return nil }
    switch words[0] {
    case "epoch", "epochs": return stepsPerEpoch.map { $0 < 1 << 31 ? number * $0 : 0 }
    case "step", "steps": return number
    case _: return nil
    }
  }
}
