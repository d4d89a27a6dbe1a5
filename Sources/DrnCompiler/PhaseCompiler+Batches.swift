import DrnCPU
import DrnData
import DrnIR
import DrnLowering
import DrnPasses
import DrnPlan
import DrnProgram
import Synchronization

/// A phase at fixed ranks as it is run, priced, timed and printed.
public struct CompiledPhase: Sendable {
  public let module: Module
  /// Those of `module` that run in one arena: `step`, `evaluate`, and `step_rest` where an epoch has a smaller last update.
  public let functions: [String]
  public init(module: Module, functions: [String]) {
    self.module = module
    self.functions = functions
  }

  /// The arena of a run with so many threads.
  public func plan(threads: Int) throws(PlanError) -> SegmentPlan { try Segment.plan(module, functions: functions, threads: threads) }

  /// The functions planned and their memory allocated.
  public func segment(threads: Int) throws(ExecutionError) -> Segment {
    try Segment(module: module, functions: functions, threads: threads)
  }
}

/// What a compiler and its copies have compiled, so that a phase that is priced and then run is compiled once.
final class CompiledPhases: Sendable {
  struct Key: Hashable {
    let phase: Int
    let ranks: [Int]
  }
  private let phases = Mutex<[Key: CompiledPhase]>([:])

  subscript(key: Key) -> CompiledPhase? {
    get { phases.withLock { $0[key] } }
    set { phases.withLock { $0[key] = newValue } }
  }
}

extension PhaseCompiler {
  /// What the name of the second step and of its batch ports ends in.
  public static let remainderSuffix = "_rest"

  /// The functions of a phase at the given ranks.
  ///
  /// The second step has ports `features_rest`, `labels_rest` and `logits_rest`; all others are those of `step`, so that both share weights
  /// and state in one arena.
  public func compiled(phase: Int, ranks: [Int]) throws(IRError) -> CompiledPhase {
    let key = CompiledPhases.Key(phase: phase, ranks: ranks)
    if let known = known[key] { return known }
    let compiled = try compile(phase: phase, ranks: ranks)
    known[key] = compiled
    return compiled
  }

  private func compile(phase: Int, ranks: [Int]) throws(IRError) -> CompiledPhase {
    var functions = ["step", "evaluate"]
    var module = try concreteGradients(try lowered(phase: phase), ranks: ranks)
    if let rest = program.batches.rest {
      let step = try PhaseCompiler(program: program, update: rest).remainderStep(phase: phase, ranks: ranks)
      module.set(step)
      functions.append(step.name)
    }
    return CompiledPhase(module: try optimize(module, roots: functions, costs: ContractionCostModel()), functions: functions)
  }

  private func remainderStep(phase: Int, ranks: [Int]) throws(IRError) -> Function {
    guard var step = try concreteGradients(try lowered(phase: phase), ranks: ranks).function("step") else {
      throw IRError("no function step")
    }
    step.name += Self.remainderSuffix
    for index in step.arguments.indices where step.arguments[index].role == .batch { step.arguments[index].name += Self.remainderSuffix }
    for index in step.results.indices where step.results[index].name == "logits" { step.results[index].name += Self.remainderSuffix }
    return step
  }

  private func concreteGradients(_ phase: PhaseModule, ranks: [Int]) throws(IRError) -> Module {
    try specialize(try withGradients(phase), ranks: Self.symbolValues(phase.symbols, count: phase.module.symbols.count, ranks: ranks))
  }
}
