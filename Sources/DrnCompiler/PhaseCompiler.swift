import DrnData
import DrnIR
import DrnLowering
import DrnMethods
import DrnPasses
import DrnPlan
import DrnProgram

/// Takes the phases of one program through every stage of the compiler. Each call computes its stage anew, but for a phase that was compiled
/// at the same ranks before.
public struct PhaseCompiler: Sendable {
  public let program: CheckedProgram
  /// The examples of one update.
  let update: BatchPlan.Update
  public let lowering: Lowering
  let known = CompiledPhases()
  /// Rows of one evaluation batch: as many as a step takes, so that both share the input's memory.
  public var evaluationBatch: Int { update.examples }

  public init(program: CheckedProgram) { self.init(program: program, update: program.batches.whole) }

  /// A compiler of the step that takes `update`.
  public init(program: CheckedProgram, update: BatchPlan.Update) {
    self.program = program
    self.update = update
    lowering = Lowering(program: program.with(update))
  }

  /// The ranks of every weight on entry to a phase, as the schedule states them: the upper bound where the rank is decided at run time,
  /// 0 for a form without rank. Indexed like `program.weights`.
  public func scheduledRanks(phase: Int) -> [Int] {
    zip(program.weights, program.phases[phase].forms).map { weight, form in
      weight.spans[form].rank ?? weight.spans[form].rankBounds.upperBound
    }
  }

  /// Symbolic in rank; the step calls `value_and_gradient`.
  public func lowered(phase: Int) throws(IRError) -> PhaseModule { try lowering.phaseModule(phase, evaluationBatch: evaluationBatch) }

  /// Symbolic in rank; the step is a straight line with its gradients.
  public func withGradients(_ phase: PhaseModule) throws(IRError) -> Module { try expandGradients(phase.module) }

  /// Concrete, with contraction order chosen and operations fused.
  func optimized(_ phase: PhaseModule, ranks: [Int], root: String) throws(IRError) -> Module {
    let concrete = try specialize(
      try withGradients(phase), ranks: Self.symbolValues(phase.symbols, count: phase.module.symbols.count, ranks: ranks))
    return try optimize(concrete, roots: [root], costs: ContractionCostModel())
  }

  /// The training forward pass of a phase, which statistics are taken from.
  public func trainingPass(phase: Int, ranks: [Int]) throws(IRError) -> CompiledPhase {
    CompiledPhase(module: try optimized(try lowered(phase: phase), ranks: ranks, root: "loss"), functions: ["loss"])
  }

  /// Every tensor of the first phase, drawn at the given ranks.
  public func initialization(ranks: [Int]) throws(IRError) -> Module {
    let module = try lowering.initialization()
    return try concrete(module, symbols: try lowered(phase: 0).symbols, ranks: ranks, root: "initialize")
  }

  /// A change of forms from old to new ranks. The function is `transition`, for rank events too.
  public func concrete(_ transition: TransitionModule, from old: [Int], to new: [Int], root: String) throws(IRError) -> Module {
    var values = Self.symbolValues(transition.oldSymbols, count: transition.module.symbols.count, ranks: old)
    for (weight, symbol) in transition.newSymbols where values.indices.contains(symbol.index) && new.indices.contains(weight) {
      values[symbol.index] = new[weight]
    }
    return try optimize(try specialize(try expandGradients(transition.module), ranks: values), roots: [root])
  }

  /// Any other module of a phase at the given ranks.
  public func concrete(_ module: Module, symbols: [Int: Symbol], ranks: [Int], root: String) throws(IRError) -> Module {
    let values = Self.symbolValues(symbols, count: module.symbols.count, ranks: ranks)
    return try optimize(try specialize(module, ranks: values), roots: [root])
  }

  /// The shape of a tensor of a phase at the given ranks.
  public func shape(of tensor: TensorInfo, in phase: PhaseModule, ranks: [Int]) -> [Int] {
    let values = Self.symbolValues(phase.symbols, count: phase.module.symbols.count, ranks: ranks)
    return tensor.shape.map { $0.substituting(values).constant }
  }

  /// A module of a phase at the given ranks, before any optimization.
  public func specialized(_ phase: PhaseModule, ranks: [Int]) throws(IRError) -> Module {
    try specialize(phase.module, ranks: Self.symbolValues(phase.symbols, count: phase.module.symbols.count, ranks: ranks))
  }

  /// Ranks by weight, arranged by symbol.
  static func symbolValues(_ symbols: [Int: Symbol], count: Int, ranks: [Int]) -> [Int] {
    var values = [Int](repeating: 0, count: count)
    for (weight, symbol) in symbols where values.indices.contains(symbol.index) && ranks.indices.contains(weight) {
      values[symbol.index] = ranks[weight]
    }
    return values
  }
}
