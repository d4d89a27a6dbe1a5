import DrnProgram
import DrnSweep
import DrnSystem
import DrnTrain

/// A sweep whose every setting has passed the checker.
struct SweepPlan {
  let request: SweepRequest
  /// The bytes of the program, the same for every run.
  let text: [UInt8]
  let grid: SweepGrid
  let seeds: [UInt64]
  let halving: Halving?
  /// In the order of the settings.
  let programs: [CheckedProgram]
  /// The texts of what the program imports at each setting.
  let imports: [[String]]
  /// Of the sweep.
  let folder: String

  /// One run.
  struct Job: Hashable {
    /// By its place in the grid.
    let setting: Int
    let seed: UInt64
  }

  /// The runs of some settings.
  func jobs(_ settings: [Int]) -> [Job] { settings.flatMap { setting in seeds.map { Job(setting: setting, seed: $0) } } }
  func name(_ job: Job) -> String { grid.settings[job.setting].folder(seed: job.seed) }
  func path(_ job: Job) -> String { Path.join(folder, name(job)) }

  /// Where a run leaves what it says.
  static let messages = "messages.jsonl"

  /// What starts or goes on with a run, up to an epoch or to its end.
  func arguments(_ job: Job, until epoch: Int?, threads: Int) -> [String] {
    let (path, program) = (path(job), request.program)
    var arguments = ["train", program.path] + (program.training.map { [$0] } ?? [])
    for override in grid.settings[job.setting].overrides { arguments += ["--set", override] }
    if let shorten = program.shorten { arguments += ["--shorten", shorten] }
    for (option, names) in [("--allow", program.lints.allowed), ("--warn", program.lints.warned), ("--deny", program.lints.denied)] {
      for name in names { arguments += [option, name] }
    }
    if let epoch { arguments += ["--stop-after", "\(epoch) epochs"] }
    arguments += ["--seed", "\(job.seed)", "--threads", "\(threads)", "--checkpoint-every", request.checkpointEvery]
    arguments += [RunFolder.isRun(path) ? "--resume" : "--output", path]
    return arguments + ["--quiet", "--diagnostics", "json", "--stop-with-input"]
  }

  /// Whether the folder of a run, where there is one, holds this run and not that of another program.
  func isOurs(_ job: Job) -> Bool {
    // A run that was ended before it wrote what it is has written nothing else.
    guard let (invocation, source) = RunInvocation.read(from: path(job)) else { return true }
    return source == text && invocation.overrides == grid.settings[job.setting].overrides && invocation.seed == job.seed
      && invocation.shorten == request.program.shorten && invocation.training == request.program.training
      && invocation.imports == imports[job.setting]
  }
}
