/// What must be equal for one run to go on where another stopped: everything that changes a number of the run, field by field.
struct RunIdentity: Equatable {
  /// One fact, by the words a message names it with.
  struct Field: Equatable {
    let name: String
    /// Equal texts mean equal facts; a number is written so that it reads back as itself.
    let value: String
    init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }
  let version: String
  let fields: [Field]
  /// Of the examples; see `TrainingData.fingerprint`.
  let data: UInt64
  /// Of those of the test; see `TrainingData.testFingerprint`.
  let test: UInt64

  init(version: String, fields: [Field], data: UInt64, test: UInt64) {
    self.version = version
    self.fields = fields
    self.data = data
    self.test = test
  }

  private static let separator = ": "

  var metadata: [(String, String)] {
    let lines = fields.map { $0.name + Self.separator + $0.value }
    return [("run.version", version), ("run.fields", lines.joined(separator: "\n")), ("run.data", "\(data)"), ("run.test", "\(test)")]
  }

  init?(_ value: (String) -> String?) {
    guard let version = value("run.version"), let text = value("run.fields"), let data = value("run.data").flatMap({ UInt64($0) }),
      let test = value("run.test").flatMap({ UInt64($0) })
    else { return nil }
    let fields = text.split(separator: "\n").compactMap { line -> Field? in
      let parts = line.split(separator: Self.separator, maxSplits: 1, omittingEmptySubsequences: false)
      return parts.count == 2 ? Field(String(parts[0]), String(parts[1])) : nil
    }
    self.init(version: version, fields: fields, data: data, test: test)
  }

  /// What differs in the `current` run, in a sentence; `nil` where nothing does.
  func difference(from current: RunIdentity) -> String? {
    guard version == current.version else { return "it was made by drnc \(version), and this is drnc \(current.version)" }
    guard fields == current.fields else { return Self.difference(fields, current.fields) }
    guard data == current.data else { return "the examples are not those it was made with" }
    return test == current.test ? nil : "the test examples are not those it was made with"
  }

  private static func difference(_ old: [Field], _ new: [Field]) -> String {
    let (removed, added) = (old.filter { !new.contains($0) }, new.filter { !old.contains($0) })
    func quoted(_ field: Field?) -> String { field.map { "`\($0.name)\(separator)\($0.value)`" } ?? "nothing" }
    let more = max(removed.count, added.count) - 1
    return "it was made with \(quoted(removed.first)), and the program now has \(quoted(added.first))"
      + (more > 0 ? "; \(more) more settings differ" : "")
  }
}
