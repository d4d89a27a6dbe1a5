import DrnAnalysis
import DrnCompiler
import DrnIR
import DrnLowering
import DrnMethods
import DrnProgram
import Foundation

extension Trainer {
  /// Fires every event whose trigger falls on the boundary before `step`.
  func fireEvents(at step: Int) throws(TrainError) {
    if try fireEvents(at: step, where: { fires($0, at: step) }) { restartSelection(at: step) }
  }

  /// Fires the events `at end`; returns whether one changed a weight.
  func fireEndEvents(at step: Int) throws(TrainError) -> Bool { try fireEvents(at: step) { $0 == .end } }

  private func fireEvents(at step: Int, where isDue: (EventPlan.Trigger) -> Bool) throws(TrainError) -> Bool {
    var hasChanged = false
    for (index, event) in program.events.enumerated() where isDue(event.trigger) {
      let weights = try concerned(by: event, at: step)
      switch event.action {
      // Fired before the phase of the boundary is entered: see `restoreBest`.
      case .restore: break
      case .sieve(let sieve): try takeOut(sieve, at: step)
      case .report(let measurements): try report(measurements, weights: weights, step: step)
      case .rank(let rankEvent):
        if try fire(rankEvent, weights, firing: eventFirings[index], step: step) { hasChanged = true }
      case .values(let valueEvent): if try fire(valueEvent, at: index, weights, step: step) { hasChanged = true }
      }
      eventFirings[index] += 1
    }
    return hasChanged
  }

  /// Takes examples out of the training from the epoch on that begins.
  private func takeOut(_ sieve: Sieve, at step: Int) throws(TrainError) {
    guard var memory else { return }
    let epoch = step / feed.stepsPerEpoch
    let taken = memory.sieve(sieve, from: epoch)
    self.memory = memory
    feed.keep(memory.sieved)
    try record(
      LogRecord(
        Sieve.spec.name,
        [
          .init("step", .integer(step)), .init("epoch", .integer(epoch)), .init("removed", .integer(taken.removed)),
          .init("never_forgotten", .integer(taken.neverForgotten)), .init("left", .integer(memory.kept.count)),
        ]))
  }

  /// Whether a firing lies between the moments that an event names.
  private func isInForce(_ event: any WeightEvent, at step: Int) -> Bool {
    guard step >= event.after.step(stepsPerEpoch: feed.stepsPerEpoch) ?? 0 else { return false }
    return event.before?.step(stepsPerEpoch: feed.stepsPerEpoch).map { step < $0 } ?? true
  }

  /// The weights of an event of which its condition holds.
  private func concerned(by event: EventPlan, at step: Int) throws(TrainError) -> [Int] {
    guard let condition = event.condition else { return event.weights }
    try requireFiniteState(at: step)
    var weights: [Int] = []
    for index in event.weights {
      let weight = MeasuredWeight(shape: program.weights[index].shape, singularValues: try singularValues(of: index))
      if condition.holds(of: weight) { weights.append(index) }
    }
    return weights
  }

  func fires(_ trigger: EventPlan.Trigger, at step: Int) -> Bool {
    switch trigger {
    case .every(let period): period.steps(stepsPerEpoch: feed.stepsPerEpoch).map { $0 > 0 && step > 0 && step % $0 == 0 } ?? false
    case .at(let moments): moments.contains { $0.step(stepsPerEpoch: feed.stepsPerEpoch) == step }
    case .end: false
    }
  }

  private func report(_ measurements: [any WeightMeasurement], weights: [Int], step: Int) throws(TrainError) {
    try requireFiniteState(at: step)
    for case let pruning as any PruningMeasurement in measurements { try report(pruning, weights: weights, step: step) }
    let measurements = measurements.filter { !($0 is any PruningMeasurement) }
    for index in measurements.isEmpty ? [] : weights {
      let weight = MeasuredWeight(shape: program.weights[index].shape, singularValues: try singularValues(of: index))
      var fields: [LogRecord.Field] = [
        .init("step", .integer(step)), .init("epoch", .integer(step / feed.stepsPerEpoch)), .init("phase", .integer(phase)),
        .init("weight", .text(program.weights[index].name)),
        .init("rank", span(of: index, phase: phase).form.reportsRank ? .integer(state.ranks[index]) : .none),
      ]
      for measurement in measurements { fields += measurement.figures(weight).map { LogRecord.Field($0) } }
      try record(LogRecord("report", fields))
    }
  }

  /// The singular values of a weight, descending, from its factors without forming the matrix where it is factorized.
  func singularValues(of weight: Int) throws(TrainError) -> [Float] {
    let measurement: Compiled
    do { measurement = try compiler.measurement(phase: phase, weight: weight, ranks: state.ranks) } catch {
      throw TrainError(.defect, error.message)
    }
    let results = try OneShot.run(measurement, inputs: state.places, key: 0, threads: options.threads)
    return results.outputs[PortName.singularValues] ?? []
  }

  /// Measures every weight in scope, decides its rank and changes it; then the phase goes on in a segment of the new ranks. Returns whether one
  /// was changed.
  private func fire(_ event: any RankEvent, _ weights: [Int], firing: Int, step: Int) throws(TrainError) -> Bool {
    guard isInForce(event, at: step) else { return false }
    let ranked = weights.filter { span(of: $0, phase: phase).form.isChangedByEvents }
    let scope = event.scope(firing: firing, count: ranked.count).clamped(to: 0..<ranked.count)
    try requireFiniteState(at: step)
    var hasChanged = false
    for index in ranked[scope] {
      let values = try singularValues(of: index)
      let rank = state.ranks[index]
      let decided = event.decide(singularValues: values, rank: rank, shape: program.weights[index].shape)
      let allowed = event.direction == .up ? rank...max(rank, span(of: index, phase: phase).rankBounds.upperBound) : min(1, rank)...rank
      let changed = min(max(decided, allowed.lowerBound), allowed.upperBound)
      guard changed != rank else { continue }
      let error = try change(index, to: changed, event, step: step)
      hasChanged = true
      if event.state.startsAnew { state.stateStarts[program.weights[index].name] = step }
      try record(
        LogRecord(
          "rank_event",
          [
            .init("step", .integer(step)), .init("epoch", .integer(step / feed.stepsPerEpoch)),
            .init("event", .text(type(of: event).spec.name)),
            .init("weight", .text(program.weights[index].name)), .init("from_rank", .integer(rank)), .init("to_rank", .integer(changed)),
            .init("truncation_error", .number(error)),
          ]))
    }
    if hasChanged, event.state == .restart { for name in program.phases[phase].trainable { state.stateStarts[name] = step } }
    if hasChanged { try useNewSegment() }
    return hasChanged
  }

  /// Changes the values of every weight in a form that the event is for; returns whether one has another number of active entries.
  private func fire(_ event: any ValueEvent, at index: Int, _ weights: [Int], step: Int) throws(TrainError) -> Bool {
    let weights = weights.filter { event.acts(on: span(of: $0, phase: phase).form) }
    guard !weights.isEmpty, isInForce(event, at: step) else { return false }
    try requireFiniteState(at: step)
    let passed = event.moments.filter { $0.step(stepsPerEpoch: feed.stepsPerEpoch) ?? .max <= step }.count
    let (transition, compiled): (TransitionModule, Compiled)
    do {
      (transition, compiled) = try compiler.values(
        phase: phase, event: index, variant: event.variant(passed: passed), weights: weights, ranks: state.ranks)
    } catch { throw TrainError(.defect, error.message) }
    let results = try OneShot.run(
      compiled, inputs: state.places, key: keys.key("event\(index)", step), threads: options.threads)
    state.places.merge(results.tensors) { _, new in new }
    try finish(transition, in: &state.places, phase: phase, ranks: state.ranks)
    try beginAverages(of: Set(weights))
    let names = weights.map { program.weights[$0].name }
    if event.state.startsAnew { for name in names { state.stateStarts[name] = step } }
    if event.state == .restart { for name in program.phases[phase].trainable { state.stateStarts[name] = step } }
    try segment.load(&state, only: names)
    return try record(event, names, results.outputs, step: step)
  }

  /// One line for each weight; returns whether a number of active entries is another one than before.
  private func record(
    _ event: any ValueEvent, _ names: [String], _ measured: [String: [Float]], step: Int
  ) throws(TrainError) -> Bool {
    var isOther = false
    for name in names {
      let suffix = "/" + name
      let figures = measured.filter { $0.key.hasSuffix(suffix) }.sorted { $0.key < $1.key }
        .map { (name: String($0.key.dropLast(suffix.count)), value: Double($0.value.first ?? .nan)) }
      let active = ["active_before", "active"].map { key in figures.first { $0.name == key }?.value }
      if active[0] != active[1] { isOther = true }
      try record(
        LogRecord(
          type(of: event).spec.name,
          [.init("step", .integer(step)), .init("epoch", .integer(step / feed.stepsPerEpoch)), .init("weight", .text(name))]
            + figures.map { .init($0.name, .number($0.value)) }))
    }
    return isOther
  }

  /// Returns the relative error of the weight.
  private func change(_ weight: Int, to rank: Int, _ event: any RankEvent, step: Int) throws(TrainError) -> Double {
    var ranks = state.ranks
    ranks[weight] = rank
    let transition: TransitionModule
    do {
      transition = try compiler.lowering.rankModule(phase: phase, weight: weight, state: event.state, direction: event.direction)
    } catch { throw TrainError(.defect, error.message) }
    let results = try run(transition, from: state.ranks, to: ranks, key: keys.key("cut", step))
    var places = state.places.merging(results.tensors) { _, new in new }
    try finish(transition, in: &places, phase: phase, ranks: ranks)
    (state.places, state.ranks) = (places, ranks)
    try beginAverages(of: [weight])
    try requireFiniteState(at: step)
    return results.outputs[PortName.truncationError(program.weights[weight].name)]?.first.map(Double.init) ?? 0
  }
}
