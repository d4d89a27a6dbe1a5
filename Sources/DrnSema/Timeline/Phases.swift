import DrnMethods
import DrnProgram

/// What the phases of a program are made from: its timelines, each in order of time.
struct Timelines {
  let weights: [WeightPlan]
  let losses: [TimedValue<any LossFunction>]
  let updates: [TimedValue<any Update>]
  /// Those that clauses give to weights of their own, by the weight's name.
  let ownUpdates: [String: any Update]
  let trainable: [TimedValue<Set<String>>]
  /// Empty for none throughout.
  let weightDecays: [TimedValue<Double>]
  /// Empty for `batch` throughout.
  let statistics: [TimedValue<FrozenStatistics>]
}

/// The phases of a run; `nil` when two of its times cannot be ordered.
func makePhases(_ timelines: Timelines, _ time: TimeScale) -> [Phase]? {
  guard let starts = sortedStarts(timelines, time), !timelines.losses.isEmpty, !timelines.updates.isEmpty else { return nil }
  var forms = timelines.weights.map { Cursor(starts: $0.spans.map(\.start).filter { $0 != time.end }) }
  var loss = Cursor(starts: timelines.losses.map(\.start))
  var update = Cursor(starts: timelines.updates.map(\.start))
  var trainable = Cursor(starts: timelines.trainable.map(\.start))
  var weightDecay = Cursor(starts: timelines.weightDecays.map(\.start))
  var statistics = Cursor(starts: timelines.statistics.map(\.start))
  var phases: [Phase] = []
  for (index, start) in starts.enumerated() {
    for weight in forms.indices { forms[weight].advance(to: start, time) }
    loss.advance(to: start, time)
    update.advance(to: start, time)
    trainable.advance(to: start, time)
    weightDecay.advance(to: start, time)
    statistics.advance(to: start, time)
    let phase = Phase(
      index: index, start: start, end: index + 1 < starts.count ? starts[index + 1] : time.end, forms: forms.map(\.index),
      loss: timelines.losses[loss.index].value, update: timelines.updates[update.index].value,
      ownUpdates: timelines.ownUpdates,
      trainable: timelines.trainable.isEmpty ? [] : timelines.trainable[trainable.index].value,
      weightDecay: timelines.weightDecays.isEmpty ? 0 : timelines.weightDecays[weightDecay.index].value,
      statistics: timelines.statistics.isEmpty ? .batch : timelines.statistics[statistics.index].value)
    phases.append(phase)
  }
  return phases + endPhase(timelines.weights, after: phases, time)
}

/// The phase of length zero of what begins at the end: no step is taken in it, so that no state of an optimizer is kept.
private func endPhase(_ weights: [WeightPlan], after phases: [Phase], _ time: TimeScale) -> [Phase] {
  guard let last = phases.last, weights.contains(where: { $0.spans.last?.start == time.end }) else { return [] }
  return [
    Phase(
      index: phases.count, start: time.end, end: time.end, forms: weights.map { $0.spans.count - 1 }, loss: last.loss,
      update: SGD(options: Options(defaultsOf: SGD.spec)), trainable: last.trainable, weightDecay: last.weightDecay,
      statistics: last.statistics)
  ]
}

/// Where a timeline stands while time goes on.
private struct Cursor {
  let starts: [Moment]
  var index = 0

  mutating func advance(to moment: Moment, _ time: TimeScale) {
    while index + 1 < starts.count, let order = time.order(starts[index + 1], moment), order <= 0 { index += 1 }
  }
}

/// Every moment at which something changes, once, in order; the start is always one.
private func sortedStarts(_ timelines: Timelines, _ time: TimeScale) -> [Moment]? {
  let all =
    [Moment.start] + timelines.weights.flatMap { $0.spans.map(\.start) } + timelines.losses.map(\.start) + timelines.updates.map(\.start)
    + timelines.trainable.map(\.start) + timelines.weightDecays.map(\.start) + timelines.statistics.map(\.start)
  let distinct = Array(Set(all.filter { $0 != time.end }.map { $0.value == 0 ? .start : $0 }))
  let isMixed = distinct.contains { $0.unit == .step } && distinct.contains { $0.unit == .epoch && $0.value != 0 }
  var keyed: [(key: Int, moment: Moment)] = []
  for moment in distinct {
    guard let key = isMixed ? moment.step(stepsPerEpoch: time.stepsPerEpoch) : moment.value else { return nil }
    keyed.append((key, moment))
  }
  // Epochs before steps where both name one moment, so that the result does not depend on the set's order.
  keyed.sort { ($0.key, $0.moment.unit.rawValue) < ($1.key, $1.moment.unit.rawValue) }
  return keyed.enumerated().filter { $0.offset == 0 || keyed[$0.offset - 1].key != $0.element.key }.map(\.element.moment)
}
