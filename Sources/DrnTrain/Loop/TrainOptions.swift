import DrnMethods

/// What the command line adds to a program; nothing here changes what is computed but `stopAfter`.
public struct TrainOptions: Sendable {
  public var threads: Int
  /// The run folder; `nil` for `runs/<network>-<n>` with the first free number.
  public var output: String?
  /// Ends the run early, leaving the schedule as it is.
  public var stopAfter: Duration?
  /// Epochs from one checkpoint to the next; 0 for none.
  public var checkpointEvery: Int
  /// Where to go on from; `nil` for a run of its own.
  public var resume: Resume?

  /// The run to go on with.
  public enum Resume: Sendable, Hashable {
    /// The one in this folder.
    case folder(String)
    /// The last of the network under `runs`.
    case latest
  }

  public init(
    threads: Int, output: String? = nil, stopAfter: Duration? = nil, checkpointEvery: Int = 0, resume: Resume? = nil
  ) {
    self.threads = threads
    self.output = output
    self.stopAfter = stopAfter
    self.checkpointEvery = checkpointEvery
    self.resume = resume
  }
}

/// The texts stored with a run so that it can be repeated.
public struct RunSource: Sendable {
  public let text: [UInt8]
  public let configuration: String
  public let version: String
  public init(text: [UInt8], configuration: String, version: String) {
    self.text = text
    self.configuration = configuration
    self.version = version
  }
}
