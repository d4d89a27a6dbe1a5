import DrnIR
import DrnLowering
import DrnPasses
import DrnSema

extension PhaseCompiler {
  /// What the name of the second step and of its batch ports ends in.
  public static let remainderSuffix = "_rest"

  /// The functions `step` and `evaluate` of a phase at the given ranks, and `step_rest` for an epoch's last, smaller batch of `remainder`
  /// examples; 0 for none.
  ///
  /// The second step has ports `features_rest`, `labels_rest` and `logits_rest`; all others are those of `step`, so that both share weights
  /// and state in one arena.
  public func optimized(phase: Int, ranks: [Int], remainder: Int) throws(IRError) -> Module {
    let lowered = try lowered(phase: phase)
    guard remainder > 0 else { return try optimized(lowered, ranks: ranks) }
    var module = try concreteGradients(lowered, ranks: ranks)
    let step = try forBatch(of: remainder).remainderStep(phase: phase, ranks: ranks)
    module.set(step)
    return try optimize(module, roots: ["step", "evaluate", step.name], costs: ContractionCostModel())
  }

  /// The same program with every update on that many examples, in the fewest equal parts no larger than a batch. Where no few parts are
  /// equal, as for a prime number of examples, all of them are one part.
  public func forBatch(of examples: Int) -> PhaseCompiler {
    let least = (examples + program.training.batch - 1) / max(1, program.training.batch)
    let most = 2 * program.training.accumulation
    let parts = least > most ? 1 : (least...most).first { $0 > 0 && examples % $0 == 0 } ?? 1
    return PhaseCompiler(program: program.with(batch: examples / parts, accumulation: parts))
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

extension CheckedProgram {
  /// The same program with another batch.
  public func with(batch: Int, accumulation: Int) -> CheckedProgram {
    let settings = TrainingSettings(
      length: training.length, batch: batch, accumulation: accumulation, seed: training.seed, rate: training.rate,
      weightDecay: training.weightDecay, decayTarget: training.decayTarget, clip: training.clip, classWeights: training.classWeights,
      weightsFrom: training.weightsFrom, topK: training.topK, span: training.span)
    var program = CheckedProgram(
      network: network, data: data, training: settings, weights: weights, phases: phases, events: events, requirements: requirements,
      allowed: allowed, stepsPerEpoch: stepsPerEpoch)
    program.stopAfter = stopAfter
    return program
  }
}
