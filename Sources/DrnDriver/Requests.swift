/// Which program, with what changed on the command line.
public struct ProgramRequest: Sendable {
  public let path: String
  /// Which of the file's trainings; may be `nil` where it has one.
  public let training: String?
  public let overrides: [String]
  public let shorten: String?
  public let seed: UInt64?
  /// The levels of lints given on the command line.
  public private(set) var lints = LintRequest()
  public init(
    path: String, training: String? = nil, overrides: [String] = [], shorten: String? = nil, seed: UInt64? = nil
  ) {
    self.path = path
    self.training = training
    self.overrides = overrides
    self.shorten = shorten
    self.seed = seed
  }
}

extension ProgramRequest {
  /// The same program with levels for lints.
  public func with(_ lints: LintRequest) -> ProgramRequest {
    var request = self
    request.lints = lints
    return request
  }
}

/// The names of lints given to `--allow`, `--warn` and `--deny`.
public struct LintRequest: Sendable {
  public let allowed: [String]
  public let warned: [String]
  public let denied: [String]
  public init(allowed: [String] = [], warned: [String] = [], denied: [String] = []) {
    self.allowed = allowed
    self.warned = warned
    self.denied = denied
  }
}

/// What `drnc check` was asked: which tables it prints beside diagnostics.
public struct CheckRequest: Sendable {
  public let program: ProgramRequest
  public let cost: Bool
  public let schedule: Bool
  public let selectors: Bool
  /// The threads of the run that is priced.
  public let threads: Int
  public init(program: ProgramRequest, cost: Bool = false, schedule: Bool = false, selectors: Bool = false, threads: Int = 1) {
    self.program = program
    self.cost = cost
    self.schedule = schedule
    self.selectors = selectors
    self.threads = threads
  }
}

/// What `drnc fix` was asked.
public struct FixRequest: Sendable {
  /// The program as it is to be checked. What is changed on the command line decides what is a problem, and is not written to the file.
  public let program: ProgramRequest
  public let takesUnsafe: Bool
  public let isDryRun: Bool
  public var path: String { program.path }
  public init(program: ProgramRequest, takesUnsafe: Bool = false, isDryRun: Bool = false) {
    self.program = program
    self.takesUnsafe = takesUnsafe
    self.isDryRun = isDryRun
  }
  public init(path: String, takesUnsafe: Bool = false, isDryRun: Bool = false, lints: LintRequest = LintRequest()) {
    self.init(program: ProgramRequest(path: path).with(lints), takesUnsafe: takesUnsafe, isDryRun: isDryRun)
  }
}

/// What `drnc train` was asked.
public struct TrainRequest: Sendable {
  /// The program. Its path may be empty where `resume` names a folder: the source is then the one kept there.
  public let program: ProgramRequest
  public let stopAfter: String?
  public let threads: Int
  public let folder: String?
  /// `5`, `5 epochs`, `10 minutes`; `0` for none.
  public let checkpointEvery: String
  /// The run folder to go on with, or `latest`.
  public let resume: String?
  public let isQuiet: Bool
  public let printsJSON: Bool
  public init(
    program: ProgramRequest, stopAfter: String? = nil, threads: Int, folder: String? = nil,
    checkpointEvery: String = "1", resume: String? = nil, isQuiet: Bool = false, printsJSON: Bool = false
  ) {
    self.checkpointEvery = checkpointEvery
    self.resume = resume
    self.program = program
    self.stopAfter = stopAfter
    self.threads = threads
    self.folder = folder
    self.isQuiet = isQuiet
    self.printsJSON = printsJSON
  }
}

/// The stages `drnc dump-ir` can print.
public enum DumpStage: String, Sendable, CaseIterable {
  case lowered, gradients, optimized, plan
}

/// What `drnc dump-ir` was asked.
public struct DumpRequest: Sendable {
  public let phase: Int?
  public let stage: DumpStage
  public let moment: String?
  public let transition: String?
  /// Those the plan is for.
  public let threads: Int
  public init(
    phase: Int? = nil, stage: DumpStage = .lowered, moment: String? = nil, transition: String? = nil, threads: Int = 1
  ) {
    self.threads = threads
    self.phase = phase
    self.stage = stage
    self.moment = moment
    self.transition = transition
  }
}

/// What `drnc benchmark` was asked.
public struct BenchmarkRequest: Sendable {
  public let path: String?
  /// As of `ProgramRequest`.
  public let training: String?
  public let phase: Int
  public let steps: Int
  /// Steps before the timed ones.
  public let warmUp: Int
  public let threads: Int
  /// Whether the kernels of a step are timed too.
  public let timesKernels: Bool
  public let printsJSON: Bool
  public init(
    path: String?, training: String? = nil, phase: Int, steps: Int, warmUp: Int = 100, threads: Int, timesKernels: Bool = false,
    printsJSON: Bool
  ) {
    self.warmUp = warmUp
    self.training = training
    self.timesKernels = timesKernels
    self.path = path
    self.phase = phase
    self.steps = steps
    self.threads = threads
    self.printsJSON = printsJSON
  }
}
