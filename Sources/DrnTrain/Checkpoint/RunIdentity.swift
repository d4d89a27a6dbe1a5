/// What must be equal for one run to go on where another stopped.
struct RunIdentity: Equatable {
  let version: String
  /// The resolved settings, the seed among them.
  let configuration: String
  /// Of the examples; see `TrainingData.fingerprint`.
  let data: UInt64

  /// `--stop-after` says where to stop and nothing about the run, so its line is left out.
  init(version: String, configuration: String, data: UInt64) {
    self.version = version
    self.configuration = configuration.split(separator: "\n").filter { !$0.hasPrefix("  stop after:") }.joined(separator: "\n")
    self.data = data
  }

  var metadata: [(String, String)] {
    [("run.version", version), ("run.configuration", configuration), ("run.data", "\(data)")]
  }

  init?(_ value: (String) -> String?) {
    guard let version = value("run.version"), let configuration = value("run.configuration"),
      let data = value("run.data").flatMap({ UInt64($0) })
    else { return nil }
    self.init(version: version, configuration: configuration, data: data)
  }

  /// What differs in the `current` run, in a sentence; `nil` where nothing does.
  func difference(from current: RunIdentity) -> String? {
    guard version == current.version else { return "it was made by drnc \(version), and this is drnc \(current.version)" }
    guard configuration == current.configuration else { return Self.difference(configuration, current.configuration) }
    return data == current.data ? nil : "the examples are not those it was made with"
  }

  private static func difference(_ old: String, _ new: String) -> String {
    let (old, new) = (old.split(separator: "\n"), new.split(separator: "\n"))
    let (removed, added) = (old.filter { !new.contains($0) }, new.filter { !old.contains($0) })
    func quoted(_ line: Substring?) -> String { line.map { "`\($0.drop { $0 == " " })`" } ?? "nothing" }
    let more = max(removed.count, added.count) - 1
    return "it was made with \(quoted(removed.first)), and the program now has \(quoted(added.first))"
      + (more > 0 ? "; \(more) more settings differ" : "")
  }
}
