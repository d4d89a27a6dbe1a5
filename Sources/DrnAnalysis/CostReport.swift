import DrnCompiler
import DrnIR
import DrnKernels
import DrnMethods
import DrnNumbers
import DrnProgram

/// The price of a program: every phase, the all-dense network beside them, and the run as a whole.
public struct CostReport: Sendable {
  /// In the order of `CheckedProgram.phases`.
  public let phases: [PhaseCost]
  /// The same network with every weight dense throughout, and trained what any phase trains.
  public let dense: PhaseCost
  /// The share of the run's steps each phase has; sums to 1.
  public let shares: [Double]
  /// The devices over which batches are divided, where that is asked for.
  public let devices: Int?
  /// Whether they have a part each of the optimizer state.
  public let dividesState: Bool
  /// Steps of each phase; `nil` when the number of examples is unknown.
  public let steps: [Int]?
  /// The length of each phase, in steps or in the schedule's own unit.
  let lengths: [Int]
  /// How many of them are the last of an epoch.
  private let lastSteps: [Int]

  /// Compiles every phase for `machine`; without one, only what shapes tell is filled in. Where `devices` is not given and the program bounds the
  /// traffic between them, there are two.
  public init(_ compiler: PhaseCompiler, machine: MachineModel?, devices: Int? = nil, dividesState: Bool = false) throws(IRError) {
    let program = compiler.program
    let devices = devices ?? (program.requirements.contains { $0.quantity == .traffic } ? 2 : nil)
    self.devices = devices
    self.dividesState = dividesState
    // A phase of the run that is all dense is compiled once for both.
    let denseIndex = program.phases.first(where: program.isAllDense)?.index
    let dense = try Self.cost(denseIndex == nil ? PhaseCompiler(program: program.allDense) : compiler, denseIndex ?? 0, machine, devices)
    var phases: [PhaseCost] = []
    for phase in program.phases {
      phases.append(program.isAllDense(phase) ? dense : try Self.cost(compiler, phase.index, machine, devices))
    }
    self.phases = phases
    self.dense = dense
    lengths = program.phases.map { Self.length($0, program.stepsPerEpoch) }
    let total = max(1, lengths.reduce(0, +))
    shares = lengths.map { Double($0) / Double(total) }
    steps = program.stepsPerEpoch == nil ? nil : lengths
    lastSteps = program.phases.map { Self.epochs(endingIn: $0, program.stepsPerEpoch) }
  }

  private static func epochs(endingIn phase: Phase, _ stepsPerEpoch: Int?) -> Int {
    guard let length = stepsPerEpoch, length > 0, let start = phase.start.step(stepsPerEpoch: length),
      let end = phase.end.step(stepsPerEpoch: length)
    else { return 0 }
    return max(0, end / length - start / length)
  }

  private static func cost(_ compiler: PhaseCompiler, _ phase: Int, _ machine: MachineModel?, _ devices: Int?) throws(IRError) -> PhaseCost
  {
    let ranks = compiler.scheduledRanks(phase: phase)
    guard let machine else { return compiler.parameterCost(phase: phase, ranks: ranks) }
    return try compiler.cost(phase: phase, ranks: ranks, machine: machine, devices: devices)
  }

  /// In steps, or in the schedule's own unit while an epoch's length is unknown (the checker has refused mixtures).
  private static func length(_ phase: Phase, _ stepsPerEpoch: Int?) -> Int {
    let end = phase.end.step(stepsPerEpoch: stepsPerEpoch) ?? phase.end.value
    let start = phase.start.step(stepsPerEpoch: stepsPerEpoch) ?? phase.start.value
    return max(0, end - start)
  }

  /// A quantity over the whole run.
  public func value(_ quantity: Requirement.Quantity, _ aggregate: Requirement.Aggregate) -> Double {
    let values = phases.map { $0.value(of: quantity) }
    switch aggregate {
    case .average: return zip(values, shares).reduce(0) { $0 + $1.0 * $1.1 }
    case .final: return values.last ?? 0
    case .maximum: return values.max() ?? 0
    case .total: return zip(values, shares).reduce(0) { $0 + $1.0 * $1.1 } * Double(steps?.reduce(0, +) ?? 1)
    }
  }

  /// The same quantity of the all-dense network.
  public func denseValue(_ quantity: Requirement.Quantity, _ aggregate: Requirement.Aggregate) -> Double {
    switch aggregate {
    case .average, .final, .maximum: dense.value(of: quantity)
    case .total: dense.value(of: quantity) * Double(steps?.reduce(0, +) ?? 1)
    }
  }

  /// Training multiply-adds of the forms as written, averaged over the run, relative to those of the dense network.
  public var nominalTrainingRatio: Double {
    zip(phases, shares).reduce(0) { $0 + Double($1.0.nominal.training) * $1.1 } / Double(max(1, dense.nominal.training))
  }

  /// Predicted seconds for all steps; `nil` when their number is unknown.
  public var predictedSeconds: Double? {
    guard let steps else { return nil }
    return phases.indices.reduce(0) { sum, index in
      let (phase, last) = (phases[index], min(lastSteps[index], steps[index]))
      return sum + (Double(steps[index] - last) * phase.predictedStepTime + Double(last) * phase.predictedLastStepTime) / 1e3
    }
  }
}

extension CheckedProgram {
  /// Whether a phase is what `allDense` trains throughout.
  fileprivate func isAllDense(_ phase: Phase) -> Bool {
    let update = phases[0].update
    guard phase.ownUpdates.isEmpty else { return false }
    return zip(weights, phase.forms).allSatisfy { $0.spans[$1].form is Dense } && type(of: phase.update) == type(of: update)
      && phase.update.options == update.options && phase.loss.definition == phases[0].loss.definition
      && phase.weightDecay == phases[0].weightDecay
      && phases.allSatisfy { $0.trainable.isSubset(of: phase.trainable) }
  }

  /// The same run with every weight dense throughout: the baseline of all ratios.
  public var allDense: CheckedProgram {
    let dense = Dense(options: Options())
    let plain = weights.map { weight in
      let span = FormSpan(
        start: .start, form: dense, rank: 0, rankBounds: 0...0, transition: TransitionSettings(state: .reset), span: weight.spans[0].span)
      return WeightPlan(site: weight.site, spans: [span], precision: weight.precision)
    }
    let phase = Phase(
      index: 0, start: .start, end: phases[phases.count - 1].end, forms: weights.map { _ in 0 }, loss: phases[0].loss,
      update: phases[0].update.baseline, trainable: phases.reduce(into: Set<String>()) { $0.formUnion($1.trainable) },
      weightDecay: phases[0].weightDecay)
    return CheckedProgram(
      network: network, data: data, training: training, weights: plain, phases: [phase], events: [], requirements: [], allowed: allowed,
      stepsPerEpoch: stepsPerEpoch)
  }
}
