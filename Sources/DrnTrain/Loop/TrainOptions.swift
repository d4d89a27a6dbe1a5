import DrnMethods

/// What the command line adds to a program; nothing here changes what is computed but `stopAfter`.
public struct TrainOptions: Sendable {
  public var threads: Int
  /// The run folder; `nil` for `runs/<network>-<n>` with the first free number.
  public var output: String?
  /// Ends the run early, leaving the schedule as it is.
  public var stopAfter: Duration?
  public var checkpointEvery: CheckpointInterval
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
    threads: Int, output: String? = nil, stopAfter: Duration? = nil, checkpointEvery: CheckpointInterval = .never, resume: Resume? = nil
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
  public let invocation: RunInvocation
  public init(text: [UInt8], configuration: String, version: String, invocation: RunInvocation = RunInvocation(file: "-")) {
    self.invocation = invocation
    self.text = text
    self.configuration = configuration
    self.version = version
  }
}
