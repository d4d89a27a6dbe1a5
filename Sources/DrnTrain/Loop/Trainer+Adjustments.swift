import DrnCompiler
import DrnIR
import DrnLowering
import DrnMethods
import DrnProgram

extension Trainer {
  /// State of updates that is due to be made anew, from the batch of the step; then the extents that updates change.
  func renew(_ batch: TrainingBatch, at step: Int) throws(TrainError) {
    let renewed = try runRenewals(batch, at: step, only: nil)
    if !segment.adjustments.isEmpty { try adjust(after: renewed, batch, at: step) }
  }

  /// Returns the names of what was renewed; `owners` are renewed whether or not they are due.
  private func runRenewals(_ batch: TrainingBatch, at step: Int, only owners: Set<String>?) throws(TrainError) -> Set<String> {
    let (renewed, measured) = try segment.renew(
      batch, of: data, mixtureShare: mixtureShare(at: step), key: keys.key("step", step), only: owners,
      updates: { [state] in state.updates(of: $0, after: step) },
      steps: { [feed] in $0.steps(stepsPerEpoch: feed.stepsPerEpoch) ?? 1 })
    for (name, value) in measured {
      guard let slash = name.firstIndex(of: "/") else { continue }
      let fields: [LogRecord.Field] = [
        .init("step", .integer(step)), .init("weight", .text(String(name[name.index(after: slash)...]))),
        .init(String(name[..<slash]), .number(value)),
      ]
      try record(LogRecord("renewal", fields))
    }
    return renewed
  }

  /// A weight's way through extents.
  private struct Way {
    let adjustment: Adjustment
    let stages: [WeightExtents<Int>]
    let start: WeightExtents<Int>
  }

  private func isDue(_ adjustment: Adjustment, after renewed: Set<String>, at step: Int) -> Bool {
    switch adjustment.period {
    case .renewal: return renewed.contains(adjustment.part.name)
    case .every(let period):
      let updates = state.updates(of: adjustment.part.name, after: step)
      return updates > 0 && updates % max(1, period.steps(stepsPerEpoch: feed.stepsPerEpoch) ?? 1) == 0
    }
  }

  private func adjust(after renewed: Set<String>, _ batch: TrainingBatch, at step: Int) throws(TrainError) {
    var ways: [Way] = []
    for adjustment in segment.adjustments where isDue(adjustment, after: renewed, at: step) {
      let now = program.extents(of: adjustment.weight, in: state.ranks)
      var measured: [String: [Float]] = [:]
      for name in adjustment.measurements { measured[name] = try state.places[name]?.values() }
      let stages = adjustment.update.adjusted(adjustment.part, at: now, measured: measured)
      if !stages.isEmpty { ways.append(Way(adjustment: adjustment, stages: stages, start: now)) }
    }
    guard let stages = ways.map(\.stages.count).max() else { return }
    let before = state.ranks
    // Between bases of their own, factors of before and after have no average.
    let turned = Set(ways.map(\.adjustment.weight).filter { span(of: $0, phase: phase).form.hasMovingBases })
    var errors: [Int: Double] = [:]
    for stage in 0..<stages { try go(ways.filter { $0.stages.count > stage }, to: stage, at: step, &errors) }
    try beginAverages(of: turned)
    if state.ranks == before {
      try segment.load(&state, only: Set(ways.map(\.adjustment.weight)).compactMap { program.weights[$0].name })
    } else {
      try useNewSegment()
    }
    if ways.contains(where: { isAnother($0.adjustment.weight, before: (phase, before)) }) { restartSelection(at: step) }
    let wider = ways.filter {
      $0.adjustment.update.renewsWider && Self.direction(from: $0.start, to: $0.stages[$0.stages.count - 1]) == .up
    }
    if !wider.isEmpty { _ = try runRenewals(batch, at: step, only: Set(wider.map(\.adjustment.part.name))) }
    for way in ways { try log(way, errors[way.adjustment.weight] ?? 0, at: step) }
  }

  /// The parameters and state of some weights at the extents of one stage.
  private func go(_ ways: [Way], to stage: Int, at step: Int, _ errors: inout [Int: Double]) throws(TrainError) {
    var ranks = state.ranks
    var moves: [ExtentMove] = []
    for way in ways {
      let index = way.adjustment.weight
      let target = way.stages[stage]
      moves.append(ExtentMove(weight: index, direction: Self.direction(from: program.extents(of: index, in: ranks), to: target)))
      program.set(target, of: index, in: &ranks)
    }
    let (transition, compiled): (TransitionModule, Compiled)
    do { (transition, compiled) = try compiler.extents(phase: phase, moves: moves, stage: stage, from: state.ranks, to: ranks) } catch {
      throw TrainError(.defect, error.message)
    }
    let results = try OneShot.run(compiled, inputs: state.places, key: keys.key("adjust\(stage)", step), threads: options.threads)
    var places = state.places.merging(results.tensors) { _, new in new }
    try finish(transition, in: &places, phase: phase, ranks: ranks)
    (state.places, state.ranks) = (places, ranks)
    for move in moves {
      let error = results.outputs[PortName.truncationError(program.weights[move.weight].name)]?.first.map(Double.init) ?? 0
      errors[move.weight] = max(errors[move.weight] ?? 0, error)
    }
    try requireFiniteState(at: step)
  }

  private static func direction(from old: WeightExtents<Int>, to new: WeightExtents<Int>) -> RankChange.Direction {
    let differences = [new.rank - old.rank] + new.others.map { $0.value - (old.others[$0.key] ?? 0) }
    if differences.contains(where: { $0 > 0 }) { return .up }
    return differences.contains { $0 < 0 } ? .down : .unchanged
  }

  /// One line for a weight whose extents changed, or which went through others on the way.
  private func log(_ way: Way, _ error: Double, at step: Int) throws(TrainError) {
    guard let end = way.stages.last, end != way.start else { return }
    var fields: [LogRecord.Field] = [
      .init("step", .integer(step)), .init("epoch", .integer(step / feed.stepsPerEpoch)),
      .init("event", .text(type(of: way.adjustment.update).spec.name)), .init("weight", .text(way.adjustment.part.name)),
    ]
    if way.start.rank != 0 { fields += [.init("from_rank", .integer(way.start.rank)), .init("to_rank", .integer(end.rank))] }
    for (name, number) in way.start.others.sorted(by: { $0.key < $1.key }) {
      fields += [.init("from_\(name)", .integer(number)), .init("to_\(name)", .integer(end.others[name] ?? number))]
    }
    fields.append(.init("truncation_error", .number(error)))
    try record(LogRecord("rank_event", fields))
  }
}
