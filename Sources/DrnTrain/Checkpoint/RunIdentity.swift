/// What one run must share with another to go on where it stopped: everything that changes a number of the run, field by field.
struct RunIdentity: Equatable {
  /// One fact, by the words a message names it with.
  struct Field: Equatable {
    let name: String
    /// Equal texts mean equal facts; a number is written so that it reads back as itself.
    let value: String
    /// The step from which on it makes a difference.
    let start: Start
    init(_ name: String, _ value: String, from start: Start = .step(0)) {
      self.name = name
      self.value = value
      self.start = start
    }
    /// Whether it is one of what runs the steps.
    var isOfEngine: Bool { name == "engine" || name.hasPrefix("engine ") }
    static func == (left: Field, right: Field) -> Bool { left.name == right.name && left.value == right.value }
  }
  /// When a fact begins to make a difference.
  enum Start: Equatable {
    /// Before the step of this number.
    case step(Int)
    /// Wherever the learning rate it makes differs: told by `RunProgress.rates`.
    case rates
    /// After the last step.
    case end
  }
  /// Which drnc wrote it. It is told, and no reason to refuse: whether a checkpoint can be read is said by `Checkpoint.format`.
  let version: String
  let fields: [Field]
  /// The fingerprint of the examples; see `TrainingData.fingerprint`.
  let data: UInt64
  /// The fingerprint of the test examples; see `TrainingData.testFingerprint`.
  let test: UInt64

  init(version: String, fields: [Field], data: UInt64, test: UInt64) {
    self.version = version
    self.fields = fields
    self.data = data
    self.test = test
  }

  private static let separator = ": "

  var metadata: [(String, String)] {
    let lines = fields.map { $0.start.text + " " + $0.name + Self.separator + $0.value }
    return [
      ("run.version", version), ("run.fields", lines.joined(separator: "\n")), ("run.data", "\(data)"), ("run.test", "\(test)"),
    ]
  }

  init?(_ value: (String) -> String?) {
    guard let version = value("run.version"), let text = value("run.fields"), let data = value("run.data").flatMap({ UInt64($0) }),
      let test = value("run.test").flatMap({ UInt64($0) })
    else { return nil }
    let fields = text.split(separator: "\n").compactMap { line -> Field? in
      let (start, fact) = (line.prefix { $0 != " " }, line.drop { $0 != " " }.dropFirst())
      let parts = fact.split(separator: Self.separator, maxSplits: 1, omittingEmptySubsequences: false)
      guard let start = Start(String(start)), parts.count == 2 else { return nil }
      return Field(String(parts[0]), String(parts[1]), from: start)
    }
    self.init(version: version, fields: fields, data: data, test: test)
  }
}

extension RunIdentity.Start {
  fileprivate var text: String {
    switch self {
    case .step(let step): "\(step)"
    case .rates: "rates"
    case .end: "end"
    }
  }

  fileprivate init?(_ text: String) {
    switch text {
    case "rates": self = .rates
    case "end": self = .end
    case _:
      guard let step = Int(text) else { return nil }
      self = .step(step)
    }
  }
}
