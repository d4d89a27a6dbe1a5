import DrnAnalysis
import DrnDiagnostics
import DrnIR
import DrnSema
import DrnSource
import Foundation

extension Driver {
  /// `drnc check`.
  public func check(_ request: ProgramRequest, cost: Bool, schedule: Bool, selectors: Bool) -> ExitStatus {
    let loaded: Loaded
    switch load(request) {
    case .failure(let status): return status
    case .success(let value): loaded = value
    }
    for time in loaded.result.shortened { console.remark("shortened: \(time.written) is now \(time.new)\n") }
    if selectors { console.output(describeSelectors(loaded.result)) }
    var status = ExitStatus.success
    for program in loaded.result.programs {
      if schedule { console.output(describeSchedule(program)) }
      let priced = price(program, loaded.sources, printsCost: cost)
      if priced != .success { status = priced }
      if cost {
        let speed = reportSpeed(program, loaded.sources)
        if speed != .success { status = speed }
      }
    }
    return status
  }

  /// Prices the program where something asks for it, and holds it against its `require`s.
  func price(_ program: CheckedProgram, _ sources: SourceMap, printsCost: Bool) -> ExitStatus {
    guard printsCost || !program.requirements.isEmpty else { return .success }
    do {
      let report = try CostReport(PhaseCompiler(program: program), machine: machine(program, measured: printsCost))
      if printsCost { console.output(report.text(program)) }
      let failures = checkRequirements(program, report)
      console.report(failures, sources: sources)
      return failures.isEmpty ? .success : .failure
    } catch { return reportDefect(error, sources) }
  }

  /// Prints which forms are predicted slower than dense on this machine.
  private func reportSpeed(_ program: CheckedProgram, _ sources: SourceMap) -> ExitStatus {
    let machine = MachineModel.measured(threads: ProcessInfo.processInfo.activeProcessorCount)
    do {
      let found = program.lintLevels.applied(to: try checkSpeed(program, machine))
      console.report(found, sources: sources)
      return found.contains { $0.severity == .error } ? .failure : .success
    } catch { return reportDefect(error, sources) }
  }

  /// No machine where every `require` can be decided from shapes: nothing is then compiled.
  private func machine(_ program: CheckedProgram, measured: Bool) -> MachineModel? {
    guard measured || program.requirements.contains(where: { !$0.quantity.followsFromShapes }) else { return nil }
    let threads = ProcessInfo.processInfo.activeProcessorCount
    return measured ? .measured(threads: threads) : .typical(threads: threads)
  }
}
