/// Which program, with what changed on the command line.
public struct ProgramRequest: Sendable {
  /// The file; `-` for standard input.
  public let path: String
  /// Which of the file's trainings; may be `nil` where it has one.
  public let training: String?
  /// `name=value` of every `--set`, in order.
  public let overrides: [String]
  /// The quotient given to `--shorten`, as text.
  public let shorten: String?
  /// What takes the place of the program's seed.
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
  /// Lints to be silent about.
  public let allowed: [String]
  /// Lints to report as warnings.
  public let warned: [String]
  /// Lints to report as errors.
  public let denied: [String]
  public init(allowed: [String] = [], warned: [String] = [], denied: [String] = []) {
    self.allowed = allowed
    self.warned = warned
    self.denied = denied
  }
}

/// What `drnc check` was asked: which tables it prints beside diagnostics.
public struct CheckRequest: Sendable {
  /// The program to check.
  public let program: ProgramRequest
  /// Whether the costs of phases are printed.
  public let cost: Bool
  /// Whether the phases and what changes with the epochs are printed.
  public let schedule: Bool
  /// Whether what each selector matches is printed.
  public let selectors: Bool
  /// The threads of the run that is priced.
  public let threads: Int
  /// Whether the tables are printed as one JSON object.
  public let printsJSON: Bool
  /// The devices over which batches are to be divided; `nil` where none are told of.
  public let devices: Int?
  /// Whether each of them has its own part of the optimizer state.
  public let dividesState: Bool
  public init(
    program: ProgramRequest, cost: Bool = false, schedule: Bool = false, selectors: Bool = false, threads: Int = 1,
    printsJSON: Bool = false,
    devices: Int? = nil, dividesState: Bool = false
  ) {
    self.printsJSON = printsJSON
    self.devices = devices
    self.dividesState = dividesState
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
  /// Whether fixes that may not be meant are applied too.
  public let takesUnsafe: Bool
  /// Whether the changes are printed and the file is left as it is.
  public let isDryRun: Bool
  /// The file to fix.
  public var path: String { program.path }
  public init(program: ProgramRequest, takesUnsafe: Bool = false, isDryRun: Bool = false) {
    self.program = program
    self.takesUnsafe = takesUnsafe
    self.isDryRun = isDryRun
  }
  /// Of a program without changes on the command line but levels of lints.
  public init(path: String, takesUnsafe: Bool = false, isDryRun: Bool = false, lints: LintRequest = LintRequest()) {
    self.init(program: ProgramRequest(path: path).with(lints), takesUnsafe: takesUnsafe, isDryRun: isDryRun)
  }
}

/// What `drnc train` was asked.
public struct TrainRequest: Sendable {
  /// The program. Its path may be empty where `resume` names a folder: the source is then the one kept there.
  public let program: ProgramRequest
  /// A length of time such as `2 epochs`, as text; `nil` to train to the end.
  public let stopAfter: String?
  /// Threads of the executor; results do not depend on them.
  public let threads: Int
  /// The run folder; `nil` for a new one below `runs`.
  public let folder: String?
  /// `5`, `5 epochs`, `10 minutes`; `0` for none.
  public let checkpointEvery: String
  /// The run folder to go on with, or `latest`.
  public let resume: String?
  /// Whether progress is not shown.
  public let isQuiet: Bool
  /// Whether the summary is printed as JSON.
  public let printsJSON: Bool
  /// What runs the steps.
  public var engine = EngineRequest()
  /// The port on which the page of the run is shown while it goes on, 0 for one that is free; `nil` where it is not shown.
  public var livePort: Int?
  /// Whether the run ends, as at SIGTERM, where standard input does.
  public var stopsWithInput = false
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

extension TrainRequest {
  /// The same training by a process beside the first one, in a folder of its own.
  func following(in folder: String) -> TrainRequest {
    var request = TrainRequest(
      program: program, stopAfter: stopAfter, threads: threads, folder: resume == nil ? folder : nil, checkpointEvery: checkpointEvery,
      resume: resume == nil ? nil : folder, isQuiet: true)
    request.engine = engine
    request.stopsWithInput = stopsWithInput
    return request
  }
}

/// The stages `drnc dump-ir` can print.
public enum DumpStage: String, Sendable, CaseIterable {
  case lowered, gradients, portable, optimized, plan
}

/// What `drnc dump-ir` was asked.
public struct DumpRequest: Sendable {
  /// The phase by its index, from 0; the first where nothing is said.
  public let phase: Int?
  /// The stage of compilation to print.
  public let stage: DumpStage
  /// A moment such as `epoch 5`, as text, in whose phase to print.
  public let moment: String?
  /// The transition between two adjacent phases, `0:1`, as text.
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
  /// The program; `nil` to time kernels alone.
  public let path: String?
  /// As of `ProgramRequest`.
  public let training: String?
  /// The phase by its index, from 0.
  public let phase: Int
  /// Timed steps.
  public let steps: Int
  /// Steps before the timed ones.
  public let warmUp: Int
  /// Threads of the executor.
  public let threads: Int
  /// Whether the kernels of a step are timed too.
  public let timesKernels: Bool
  /// Whether the times are printed as JSON.
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

/// What `drnc sample` was asked.
public struct SampleRequest: Sendable {
  /// The folder of a run.
  public let run: String
  /// A checkpoint whose weights are taken; `nil` for those that the run ended with.
  public let checkpoint: String?
  /// The text to go on from.
  public let prompt: String
  /// Tokens to add.
  public let length: Int
  /// What the logits are divided by; 0 takes the likeliest token.
  public let temperature: Double
  /// How many of the likeliest tokens there are to choose from; `nil` for all.
  public let topK: Int?
  /// Of the draws; `nil` for the seed of the run.
  public let seed: UInt64?
  /// Threads of the executor; results do not depend on them.
  public let threads: Int
  /// Whether the result is printed as JSON.
  public let printsJSON: Bool
  public init(
    run: String, checkpoint: String? = nil, prompt: String, length: Int = 200, temperature: Double = 1, topK: Int? = nil,
    seed: UInt64? = nil, threads: Int = 1, printsJSON: Bool = false
  ) {
    (self.run, self.checkpoint, self.prompt, self.length) = (run, checkpoint, prompt, length)
    (self.temperature, self.topK, self.seed) = (temperature, topK, seed)
    (self.threads, self.printsJSON) = (threads, printsJSON)
  }
}

/// What `drnc train` was told of what runs the steps.
public struct EngineRequest: Sendable {
  /// The engines that there are.
  public enum Name: Hashable, Sendable {
    /// drnc itself.
    case cpu
    /// XLA in a process of Python.
    case jax
    /// XLA by the plugin at a path.
    case pjrt(path: String)

    /// As `--engine` takes it.
    public init?(_ text: String) {
      switch text {
      case "cpu": self = .cpu
      case "jax": self = .jax
      default:
        guard text.hasPrefix("pjrt:"), text.count > 5 else { return nil }
        self = .pjrt(path: String(text.dropFirst(5)))
      }
    }
  }
  /// Which of them.
  public let name: Name
  /// Over how many devices a batch is divided; `nil` for what the engine finds.
  public let devices: Int?
  /// Whether a run goes on that another engine has begun.
  public let acceptsOther: Bool
  /// Whether each device has its own part of the optimizer state.
  public let dividesState: Bool
  public init(name: Name = .cpu, devices: Int? = nil, acceptsOther: Bool = false, dividesState: Bool = false) {
    (self.name, self.devices, self.acceptsOther) = (name, devices, acceptsOther)
    self.dividesState = dividesState
  }
}
