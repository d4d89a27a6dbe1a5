import DrnAnalysis
import DrnCPU
import DrnCompiler
import DrnDiagnostics
import DrnIR
import DrnLowering
import DrnMethods
import DrnPasses
import DrnPlan
import DrnProgram
import DrnSema
import DrnSource
import Foundation

extension Driver {
  /// `drnc dump-ir`.
  public func dumpIR(_ request: ProgramRequest, _ dump: DumpRequest) -> ExitStatus {
    let loaded: Loaded
    switch load(request) {
    case .failure(let status): return status
    case .success(let value): loaded = value
    }
    let compiler = PhaseCompiler(program: loaded.program)
    do {
      if let transition = dump.transition { return try dumpTransition(transition, dump, compiler, loaded.sources) }
      switch phase(dump, loaded.program) {
      case .failure(let diagnostic):
        console.report([diagnostic], sources: loaded.sources)
        return diagnostic.code == .badTime ? .usage : .failure
      case .success(let phase):
        console.output(try text(of: phase, dump, compiler))
        return .success
      }
    } catch { return reportDefect(error, loaded.sources) }
  }

  private func text(of phase: Int, _ dump: DumpRequest, _ compiler: PhaseCompiler) throws(IRError) -> String {
    switch dump.stage {
    case .lowered: return DrnIR.print(try compiler.lowered(phase: phase).module)
    case .gradients: return DrnIR.print(try compiler.withGradients(phase: phase))
    case .portable: return DrnIR.print(try compiler.portable(phase: phase, ranks: compiler.scheduledRanks(phase: phase)))
    case .optimized: return DrnIR.print(try compiler.compiled(phase: phase, ranks: compiler.scheduledRanks(phase: phase)).module)
    case .plan: return try planText(try compiler.compiled(phase: phase, ranks: compiler.scheduledRanks(phase: phase)), dump.threads)
    }
  }

  private func planText(_ compiled: Compiled, _ threads: Int) throws(IRError) -> String {
    do {
      return try compiled.plan(threads: threads).text(of: compiled.module)
    } catch { throw IRError("\(error)") }
  }

  private func phase(_ dump: DumpRequest, _ program: CheckedProgram) -> Result<Int, Diagnostic> {
    if let text = dump.moment {
      guard let moment = TimeText.moment(text) else {
        return .failure(Diagnostic(.badTime, "--at takes a moment, not `\(text)`", at: nil, help: "for example --at \"step 2500\""))
      }
      return phase(at: moment, program)
    }
    let phase = dump.phase ?? 0
    guard program.phases.indices.contains(phase) else {
      return .failure(
        Diagnostic(.noSuchPhase, "there is no phase \(phase); the program has phases 0 to \(program.phases.count - 1)", at: nil))
    }
    return .success(phase)
  }

  private func phase(at moment: Moment, _ program: CheckedProgram) -> Result<Int, Diagnostic> {
    if let last = program.phases.last, reaches(last.end, moment, program) {
      let end = "\(last.end.unit.rawValue) \(last.end.value)"
      return .failure(Diagnostic(.noSuchPhase, "training ends at \(end), before \(moment.unit.rawValue) \(moment.value)", at: nil))
    }
    guard let found = program.phases.last(where: { reaches($0.start, moment, program) }) else {
      return .failure(
        Diagnostic(
          .noSuchPhase, "the phase at \(moment.unit.rawValue) \(moment.value) cannot be told while an epoch's length is unknown", at: nil,
          help: "give `examples:` in the data declaration, or use the schedule's own unit"))
    }
    return .success(found.index)
  }

  /// Whether `moment` is at or after `start`; false while they cannot be compared.
  private func reaches(_ start: Moment, _ moment: Moment, _ program: CheckedProgram) -> Bool {
    if start.unit == moment.unit { return start.value <= moment.value }
    guard let start = start.step(stepsPerEpoch: program.stepsPerEpoch), let at = moment.step(stepsPerEpoch: program.stepsPerEpoch) else {
      return false
    }
    return start <= at
  }

  private func dumpTransition(
    _ text: String, _ dump: DumpRequest, _ compiler: PhaseCompiler, _ sources: SourceMap
  ) throws(IRError) -> ExitStatus {
    let parts = text.split(separator: ":").map { Int($0) }
    let count = compiler.program.phases.count
    guard parts.count == 2, let from = parts[0], let to = parts[1], to == from + 1, (1..<max(2, count)).contains(to), to < count else {
      console.report(
        [Diagnostic(.noSuchPhase, "--transition takes two adjacent phases of 0 to \(count - 1), as 0:1, not `\(text)`", at: nil)],
        sources: sources)
      return .failure
    }
    guard let transition = try compiler.lowering.transitionModule(into: to) else {
      console.output("// nothing changes form between phase \(from) and phase \(to)\n")
      return .success
    }
    console.output(try self.text(of: transition, into: to, dump, compiler))
    return .success
  }

  private func text(of transition: TransitionModule, into phase: Int, _ dump: DumpRequest, _ compiler: PhaseCompiler) throws(IRError)
    -> String
  {
    let (old, new) = (compiler.scheduledRanks(phase: phase - 1), compiler.scheduledRanks(phase: phase))
    switch dump.stage {
    case .lowered: return DrnIR.print(transition.module)
    case .gradients: return DrnIR.print(try expandGradients(transition.module))
    case .portable: return DrnIR.print(try compiler.portable(transition, from: old, to: new))
    case .optimized: return DrnIR.print(try compiler.compiled(transition, from: old, to: new).module)
    case .plan: return try planText(try compiler.compiled(transition, from: old, to: new), dump.threads)
    }
  }
}
