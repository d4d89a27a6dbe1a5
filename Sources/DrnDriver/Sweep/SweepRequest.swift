/// What `drnc sweep` was asked.
public struct SweepRequest: Sendable {
  /// The program without what the sweep varies; its seed is the first of the sweep.
  public let program: ProgramRequest
  /// `name=value,value` of every `--set`.
  public let axes: [String]
  /// How many seeds, or which, as text.
  public var seeds: String?
  /// How many settings of the grid are drawn; `nil` for all.
  public var random: Int?
  /// What draws them.
  public var randomSeed: UInt64 = 0
  /// The share that goes on and the epochs at which that is decided, as text.
  public var halving: (share: String, epochs: String)?
  /// Runs at the same time; `nil` for what fits.
  public var jobs: Int?
  /// Threads of each run; `nil` for what its network is large enough for.
  public var threads: Int?
  /// The folder of the sweep; `nil` for `runs/NETWORK-sweep`.
  public var folder: String?
  /// As of `TrainRequest`.
  public var checkpointEvery = "1"
  /// Whether progress is not shown.
  public var isQuiet = false
  /// Whether the table is printed as JSON.
  public var printsJSON = false
  public init(program: ProgramRequest, axes: [String]) {
    self.program = program
    self.axes = axes
  }
}
