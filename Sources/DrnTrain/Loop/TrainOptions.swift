import DrnMethods

/// What the command line adds to a program; nothing here changes what is computed but `stopAfter`.
public struct TrainOptions: Sendable {
  /// Threads of the executor; results do not depend on them.
  public var threads: Int
  /// The run folder; `nil` for `runs/<network>-<n>` with the first free number.
  public var output: String?
  /// Ends the run early, leaving the schedule as it is.
  public var stopAfter: Duration?
  /// When checkpoints are written.
  public var checkpointEvery: CheckpointInterval
  /// Where to go on from; `nil` for a run of its own.
  public var resume: Resume?
  /// Whether a run goes on that another engine has begun.
  public var acceptsEngine: Bool

  /// The run to go on with.
  public enum Resume: Sendable, Hashable {
    /// The one in this folder.
    case folder(String)
    /// The last of the network under `runs`.
    case latest
  }

  public init(
    threads: Int, output: String? = nil, stopAfter: Duration? = nil, checkpointEvery: CheckpointInterval = .never, resume: Resume? = nil,
    acceptsEngine: Bool = false
  ) {
    self.threads = threads
    self.output = output
    self.stopAfter = stopAfter
    self.checkpointEvery = checkpointEvery
    self.resume = resume
    self.acceptsEngine = acceptsEngine
  }
}

/// The texts stored with a run so that it can be repeated.
public struct RunSource: Sendable {
  /// The bytes of the source file, kept as `source.drn`.
  public let text: [UInt8]
  /// What the program means, kept as `config.txt`.
  public let configuration: String
  /// The version of drnc.
  public let version: String
  /// How the run was asked for, kept as `run.json`.
  public let invocation: RunInvocation
  public init(text: [UInt8], configuration: String, version: String, invocation: RunInvocation = RunInvocation(file: "-")) {
    self.invocation = invocation
    self.text = text
    self.configuration = configuration
    self.version = version
  }
}
