import DrnAnalysis
import DrnCompiler
import DrnDiagnostics
import DrnIR
import DrnJSON
import DrnKernels
import DrnProgram
import DrnSema
import DrnSource
import DrnSystem
import DrnTrain

extension Driver {
  /// `drnc check`.
  public func check(_ request: CheckRequest) -> ExitStatus {
    let loaded: Loaded
    switch load(request.program, takesOne: false) {
    case .failure(let status): return status
    case .success(let value): loaded = value
    }
    for time in loaded.result.shortened { console.remark("shortened: \(time.written) is now \(time.new)\n") }
    if request.selectors, !request.printsJSON { console.output(describeSelectors(loaded.result)) }
    var status = ExitStatus.success
    var trainings: [JSON] = []
    for program in loaded.programs {
      let startable = checkWeights(program, loaded.sources)
      if startable != .success { status = startable }
      if request.schedule, !request.printsJSON { console.output(describeSchedule(program)) }
      let divided = request.devices.map { checkDevices(program, $0) } ?? []
      console.report(divided, sources: loaded.sources)
      if divided.contains(where: { $0.severity == .error }) { status = .failure }
      var report: CostReport?
      let priced = price(
        PhaseCompiler(program: program), loaded.sources, printsCost: request.cost, threads: request.threads, devices: request.devices,
        dividesState: request.dividesState
      ) {
        if request.printsJSON { report = $0 } else { console.output($0.text(program)) }
      }
      if request.printsJSON { trainings.append(CheckJSON.training(program, request, report)) }
      if priced != .success { status = priced }
      if request.cost {
        let speed = reportSpeed(program, loaded.sources, threads: request.threads)
        if speed != .success { status = speed }
      }
    }
    if request.printsJSON {
      console.output(
        .make([
          "file": .string(request.program.path), "selectors": request.selectors ? CheckJSON.selectors(loaded.result) : nil,
          "trainings": .array(trainings),
        ]))
    }
    return status
  }

  /// Prices the program where something asks for it, and holds it against its `require`s; `show` is given the price where it is to be printed.
  func price(
    _ compiler: PhaseCompiler, _ sources: SourceMap, printsCost: Bool, threads: Int, devices: Int? = nil,
    dividesState: Bool = false, show: (CostReport) -> Void = { _ in }
  ) -> ExitStatus {
    let program = compiler.program
    guard printsCost || !program.requirements.isEmpty else { return .success }
    do {
      let report = try CostReport(
        compiler, machine: machine(program, measured: printsCost, threads: threads), devices: devices, dividesState: dividesState)
      if printsCost { show(report) }
      let failures = checkRequirements(program, report) + (printsCost ? tooLargePhases(program, report) : [])
      console.report(failures, sources: sources)
      return failures.isEmpty ? .success : .failure
    } catch { return reportDefect(error, sources) }
  }

  /// Holds the file of `weights_from` against the network.
  func checkWeights(_ program: CheckedProgram, _ sources: SourceMap) -> ExitStatus {
    guard let source = program.training.weightsFrom else { return .success }
    do throws(TrainError) {
      guard try !checkSavedWeights(program) else { return .success }
      let absent = program.lintLevels.applied(to: [
        Diagnostic(
          .dataAbsent, "the file of `weights_from` is not on this machine, so the network is not compared with it", at: source.span,
          label: "not found", notes: ["\(source.resolvedPath): there is no such file"])
      ])
      console.report(absent, sources: sources)
      return absent.contains { $0.severity == .error } ? .failure : .success
    } catch {
      console.report([error.diagnostic()], sources: sources)
      return error.kind.status
    }
  }

  /// The phases that `drnc train` would refuse on this machine.
  private func tooLargePhases(_ program: CheckedProgram, _ report: CostReport) -> [Diagnostic] {
    let limit = MachineMemory.limit
    return report.phases.enumerated().filter { $1.memory > limit }.map { index, cost in
      Diagnostic(
        .planTooLarge, TrainError.tooLarge("phase \(index)", needed: cost.memory, available: limit), at: program.training.span,
        help: TrainError.smallerPlan)
    }
  }

  /// Prints which forms are predicted slower than dense on this machine.
  private func reportSpeed(_ program: CheckedProgram, _ sources: SourceMap, threads: Int) -> ExitStatus {
    let machine = MachineModel.measured(threads: threads)
    do {
      let found = program.lintLevels.applied(to: try checkSpeed(program, machine))
      console.report(found, sources: sources)
      return found.contains { $0.severity == .error } ? .failure : .success
    } catch { return reportDefect(error, sources) }
  }

  /// No machine where every `require` can be decided from shapes: nothing is then compiled.
  private func machine(_ program: CheckedProgram, measured: Bool, threads: Int) -> MachineModel? {
    guard measured || program.requirements.contains(where: { !$0.quantity.followsFromShapes }) else { return nil }
    return measured ? .measured(threads: threads) : .typical(threads: threads)
  }
}
