import DrnCompiler
import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSema
import DrnSource
import DrnSweep
import DrnSystem
import DrnTrain

extension Driver {
  /// Reads what was asked and checks every setting; nothing is written.
  func plan(_ request: SweepRequest) -> Result<SweepPlan, ExitStatus> {
    func refused(_ fault: SweepFault) -> Result<SweepPlan, ExitStatus> {
      .failure(refuse(Diagnostic(.badSweep, fault.message, at: nil, help: fault.help), .usage))
    }
    guard request.program.path != "-" else {
      return refused(SweepFault("a sweep takes a file: every run reads the program, and standard input is read once"))
    }
    guard let interval = TimeText.interval(request.checkpointEvery), interval != .never else {
      return refused(
        SweepFault(
          "--checkpoint-every takes epochs or a duration, not `\(request.checkpointEvery)`: a sweep goes on from checkpoints",
          help: "for example --checkpoint-every 5, or --checkpoint-every \"10 minutes\""))
    }
    let text: [UInt8]
    switch SourceLoader.read(request.program.path) {
    case .failure(let diagnostic): return .failure(refuse(diagnostic, .noInput))
    case .success(let bytes): text = bytes
    }
    do throws(SweepFault) {
      var axes: [SweepAxis] = []
      for text in request.axes { axes.append(try SweepAxis(text)) }
      let grid = try SweepGrid(axes, drawing: request.random, seed: request.randomSeed)
      var halving: Halving?
      if let (share, epochs) = request.halving { halving = try Halving(share: share, epochs: epochs) }
      // What the seeds are is wrong with any program; how many there are is not known before the first.
      _ = try SweepSeeds.read(request.seeds, first: request.program.seed ?? 0)
      if request.program.seed != nil, request.seeds?.contains(",") == true {
        throw SweepFault("--seed is the first of --seeds, which names them all", help: "leave out --seed")
      }
      let (programs, imports): ([CheckedProgram], [[String]])
      switch check(request, grid, text) {
      case .failure(let status): return .failure(status)
      case .success(let found): (programs, imports) = found
      }
      let seeds = try SweepSeeds.read(request.seeds, first: programs[0].training.seed)
      guard grid.settings.count * seeds.count <= SweepGrid.mostRuns else {
        throw SweepFault(
          "\(grid.settings.count) settings with \(seeds.count) seeds are more than \(SweepGrid.mostRuns) runs",
          help: "draw some of the settings with --random, or take fewer seeds")
      }
      if let halving { try Self.hold(halving, programs) }
      let folder = request.folder ?? Path.join(RunFolder.parent, "\(programs[0].network.name)-sweep")
      return .success(
        SweepPlan(
          request: request, text: text, grid: grid, seeds: seeds, halving: halving, programs: programs, imports: imports, folder: folder))
    } catch { return refused(error) }
  }

  /// Halving decides while there is something left to do.
  private static func hold(_ halving: Halving, _ programs: [CheckedProgram]) throws(SweepFault) {
    let lengths = programs.compactMap { program -> Int? in
      guard let steps = program.stepsPerEpoch, steps > 0, let end = program.phases.last?.end.step(stepsPerEpoch: steps) else { return nil }
      return (end + steps - 1) / steps
    }
    guard lengths.count == programs.count, let longest = lengths.max(), let last = halving.epochs.last, last >= longest else { return }
    throw SweepFault("--at has epoch \(last), and no run is longer than \(longest)", help: "decide before the last epoch")
  }

  /// Checks every setting; what several have in common is reported once.
  private func check(
    _ request: SweepRequest, _ grid: SweepGrid, _ text: [UInt8]
  ) -> Result<(programs: [CheckedProgram], imports: [[String]]), ExitStatus> {
    var (programs, imports): ([CheckedProgram], [[String]]) = ([], [])
    let driver = Driver(console: console.reportingOnce())
    var status = ExitStatus.success
    for setting in grid.settings {
      let program = ProgramRequest(
        path: request.program.path, training: request.program.training, overrides: setting.overrides, shorten: request.program.shorten,
        seed: request.program.seed
      ).with(request.program.lints)
      switch driver.load(program, text: text) {
      case .failure(let failure): status = failure
      case .success(let loaded):
        let priced = driver.price(PhaseCompiler(program: loaded.program), loaded.sources, printsCost: false, threads: 1)
        let startable = driver.checkWeights(loaded.program, loaded.sources)
        if let failure = [priced, startable].first(where: { $0 != .success }) { status = failure }
        programs.append(loaded.program)
        imports.append(program.invocation(keeping: loaded).imports)
      }
    }
    return status == .success ? .success((programs, imports)) : .failure(status)
  }
}
