/// What the files of a run folder hold, as bytes; nothing of it is believed before it was read.
public struct RunFiles: Sendable {
  /// How the run is called: the name of its folder.
  public let name: String
  /// `log.jsonl`.
  public let log: [UInt8]
  /// `timing.csv`.
  public var timing: [UInt8]?
  /// `summary.json`; a run under way has none.
  public var summary: [UInt8]?
  /// `model.json`.
  public var model: [UInt8]?
  /// `config.txt`.
  public var configuration: [UInt8]?
  /// `source.drn`.
  public var source: [UInt8]?
  /// Whether a process is training in the folder.
  public var isUnderWay = false
  public init(name: String, log: [UInt8]) {
    self.name = name
    self.log = log
  }
}

/// Why files are not those of a run.
public struct ReportFault: Error, Hashable, Sendable {
  /// What is wrong, the end of a sentence whose subject is the folder.
  public let message: String
  /// What may be done.
  public let help: String?
  public init(_ message: String, help: String? = nil) {
    self.message = message
    self.help = help
  }
}
