import DrnCompiler
import DrnDiagnostics
import DrnIR
import DrnJSON
import DrnKernels
import DrnLowering
import DrnAnalysis
import DrnProgram
import DrnSource
import DrnSweep
import DrnSystem
import DrnTrain
import Foundation

extension Driver {
  /// `drnc sweep`.
  public func sweep(_ request: SweepRequest) -> ExitStatus {
    let plan: SweepPlan
    switch self.plan(request) {
    case .failure(let status): return status
    case .success(let found): plan = found
    }
    let shares: ThreadShares
    do throws(SweepFault) { shares = try threadShares(plan) } catch { return refuse(error) }
    let lock: FileLock
    switch take(plan) {
    case .failure(let status): return status
    case .success(let taken): lock = taken
    }
    defer { lock.release() }
    listenForSignals()
    guard waitForOthers(plan) else { return interruption(of: plan) }
    if !request.isQuiet {
      let all = plan.jobs(Array(plan.grid.settings.indices)).count
      let most = shares.threads.max() ?? 1
      console.remark(
        "\(all) run\(all == 1 ? "" : "s") below \(plan.folder), \(shares.jobs) at a time, on \(most == 1 ? "1 thread" : "up to \(most) threads") each\n"
      )
    }
    return run(plan, shares)
  }

  private func refuse(_ fault: SweepFault) -> ExitStatus {
    refuse(Diagnostic(.badSweep, fault.message, at: nil, help: fault.help), .usage)
  }

  // MARK: Runs

  /// Stage by stage: up to each epoch at which halving decides, and to the end.
  private func run(_ plan: SweepPlan, _ shares: ThreadShares) -> ExitStatus {
    let pool = SweepPool(plan, jobs: shares.jobs, threads: shares.threads) { job, failure in self.say(plan, job, failure) }
    var decisions: [Halving.Decision] = []
    var alive = Array(plan.grid.settings.indices)
    var failures: [SweepPlan.Job: String] = [:]
    for epoch in (plan.halving?.epochs ?? []).map(Optional.some) + [nil] {
      // What failed at one epoch is not tried again at the next.
      let open = plan.jobs(alive).filter { failures[$0] == nil && !SweepReading(plan.path($0)).isDone(until: epoch) }
      switch pool.run(open, until: epoch) {
      case .interrupted: return interruption(of: plan)
      case .changed:
        return refuse(
          Diagnostic(
            .badSweep, "`\(plan.request.program.path)` was changed while its sweep went on", at: nil,
            help: "the runs so far are of the program as it was: put it back, or give another folder with --output"), .failure)
      case .done(let found): failures = found
      }
      guard let epoch, let halving = plan.halving else { break }
      let scores = alive.map { setting in
        (setting: setting, runs: plan.jobs([setting]).map { failures[$0] == nil ? SweepReading(plan.path($0)).score(after: epoch) : nil })
      }
      let decision = halving.decide(epoch: epoch, scores)
      decisions.append(decision)
      alive = decision.kept
    }
    return finish(plan, decisions, failures)
  }

  private func say(_ plan: SweepPlan, _ job: SweepPlan.Job, _ failure: String?) {
    guard !plan.request.isQuiet else { return }
    console.remark("\(plan.name(job)): \(failure ?? "done")\n")
  }

  private func finish(_ plan: SweepPlan, _ decisions: [Halving.Decision], _ failures: [SweepPlan.Job: String]) -> ExitStatus {
    if let foreign = plan.jobs(Array(plan.grid.settings.indices)).first(where: { !plan.isOurs($0) }) { return refuseForeign(plan, foreign) }
    var (failed, areNumeric) = (0, true)
    let rows = plan.grid.settings.indices.map { setting in
      let stop = decisions.first { $0.stopped.contains(setting) }?.epoch
      let runs = plan.jobs([setting]).map { job -> SweepRun in
        let reading = SweepReading(plan.path(job))
        let reason = reading.divergence ?? failures[job]
        if reason != nil { failed += 1 }
        if reason != nil, reading.divergence == nil { areNumeric = false }
        return SweepRun(
          seed: job.seed, folder: plan.name(job),
          state: reason.map(SweepRun.State.failed) ?? stop.map(SweepRun.State.stopped) ?? .finished,
          figures: stop.map(reading.figures(after:)) ?? reading.figures)
      }
      return (setting: plan.grid.settings[setting], runs: runs)
    }
    let table = SweepTable(plan.grid.axes, rows, decisions: decisions)
    for (name, text) in [("sweep.json", table.json.encoded + "\n"), ("sweep.md", table.markdown)] {
      let path = Path.join(plan.folder, name)
      do throws(SystemError) { try Files.replace(path, with: [Array(text.utf8)]) } catch { return refuseToWrite(path, error.reason) }
    }
    if plan.request.printsJSON { console.output(table.json) } else { console.output(table.text) }
    guard failed > 0 else { return .success }
    let all = rows.reduce(0) { $0 + $1.runs.count }
    return refuse(
      Diagnostic(
        .sweepIncomplete, "\(failed) of \(all) runs failed", at: nil,
        help: areNumeric
          ? "the table names them; their numbers would leave their range again" : "the table names them; the same command tries them again"),
      areNumeric ? .numeric : .failure)
  }

  private func interruption(of plan: SweepPlan) -> ExitStatus {
    let jobs = plan.jobs(Array(plan.grid.settings.indices))
    let done = jobs.count { SweepReading(plan.path($0)).isDone(until: nil) }
    return refuse(
      Diagnostic(
        .interrupted,
        "interrupted with \(done) of \(jobs.count) runs at their end; the others are in `\(plan.folder)` up to their last checkpoint",
        at: nil, help: "the same command goes on"), StopSignal.isTermination ? .terminated : .interrupted)
  }

  // MARK: The folder

  /// The folder of the sweep, which one process has at a time, with nothing in it that would be in the way.
  private func take(_ plan: SweepPlan) -> Result<FileLock, ExitStatus> {
    for name in ["sweep.json", "sweep.md"] where Files.isTaken(Path.join(plan.folder, name)) {
      let path = Path.join(plan.folder, name)
      guard Files.kind(path) == .regular else { return .failure(refuseToWrite(path, "it is not a regular file")) }
    }
    if RunFolder.isRun(plan.folder) {
      return .failure(
        refuse(
          Diagnostic(
            .outputExists, "the folder `\(plan.folder)` holds a run, not a sweep", at: nil, help: "give another folder with --output"),
          .cannotWrite))
    }
    do throws(SystemError) { try Files.createFolders(plan.folder) } catch { return .failure(refuseToWrite(plan.folder, error.reason)) }
    if let foreign = plan.jobs(Array(plan.grid.settings.indices)).first(where: { !plan.isOurs($0) }) {
      return .failure(refuseForeign(plan, foreign))
    }
    do throws(FileLock.Failure) { return .success(try FileLock(Path.join(plan.folder, "sweep.lock"), isNew: false)) } catch {
      switch error {
      case .held(let process):
        let name = process.map { "process \($0)" } ?? "another process"
        return .failure(
          refuse(
            Diagnostic(
              .runInUse, "\(name) runs a sweep in the folder `\(plan.folder)`", at: nil,
              help: "wait until it ends, stop it, or give another folder with --output"), .cannotWrite))
      case .system(let error): return .failure(refuseToWrite(plan.folder, error.reason))
      }
    }
  }

  private func refuseForeign(_ plan: SweepPlan, _ job: SweepPlan.Job) -> ExitStatus {
    refuse(
      Diagnostic(
        .outputExists, "the folder `\(plan.path(job))` holds a run of another program, or of this one before it was changed", at: nil,
        help: "give another folder with --output, or remove this one"), .cannotWrite)
  }

  /// Runs that a killed sweep left end as soon as they notice; until then they have their folders, and a share of the machine. False after
  /// a signal.
  private func waitForOthers(_ plan: SweepPlan) -> Bool {
    for job in plan.jobs(Array(plan.grid.settings.indices)) {
      var isSaid = false
      while StopSignal.number == 0 {
        let held = FileLock.isHeld(Path.join(plan.path(job), RunFolder.lock))
        guard held.isHeld else { break }
        if !isSaid, !plan.request.isQuiet {
          console.remark("waiting for \(held.process.map { "process \($0)" } ?? "another process"), which has \(plan.path(job))\n")
        }
        isSaid = true
        usleep(20_000)
      }
    }
    return StopSignal.number == 0
  }

  // MARK: Threads

  /// By the cost model, where there is a choice: of a step of the first phase.
  private func threadShares(_ plan: SweepPlan) throws(SweepFault) -> ThreadShares {
    var modules: [Int: Module] = [:]
    return try ThreadShares(
      processors: Self.processors, settings: plan.programs.count, seeds: plan.seeds.count, jobs: plan.request.jobs,
      threads: plan.request.threads
    ) { setting, threads in
      let compiler = PhaseCompiler(program: plan.programs[setting])
      // A program that cannot be compiled says so where it is run.
      guard
        let module = modules[setting]
          ?? (try? compiler.compiled(phase: 0, ranks: compiler.scheduledRanks(phase: 0)).module)
      else { return 0 }
      modules = [setting: module]
      return MachineModel.measured(threads: threads).milliseconds(of: FunctionName.step, in: module)
    }
  }
}
