import DrnAnalysis
import DrnCompiler
import DrnData
import DrnIR
import DrnLowering
import DrnMethods
import DrnProgram

/// How a run comes to its end.
enum RunEnd {
  /// Every step was run.
  case whole
  /// The score on validation had not improved for as long as `stop` says; the run is as whole as if it had been written so long.
  case early
  /// `--stop-after` ended it before.
  case stopped
  /// A signal did.
  case interrupted

  /// Whether the training is over, and is not to go on.
  var isOver: Bool { self == .whole || self == .early }
  /// In words.
  var text: String {
    switch self {
    case .whole: "every step was run"
    case .early: "the score on validation had not improved for as long as `stop` says"
    case .stopped: "stopped as asked, to go on later"
    case .interrupted: "interrupted"
    }
  }
}

extension Trainer {
  /// The weights that did best on validation among the epochs that compete.
  struct Best {
    let score: Score
    let epoch: Int
    /// Updates they have had.
    let step: Int
    /// The network's own, the averages of its weights with them: the optimizer's state has no part in it, and may have had other slots then.
    let tensors: [String: [Float]]
    /// The optimizer's, where an event may bring it back; else empty.
    var state: [String: [Float]] = [:]
    /// The step the updates of that state are counted to: `step`, or where it was brought back last.
    var stateStep: Int
  }

  /// The names of the optimizer's tensors in the current phase.
  private var stateNames: Set<String> {
    get throws(TrainError) {
      do { return Set(try compiler.lowering.tensors(phase: phase).filter { $0.role == .state && !$0.isAverage }.map(\.name)) } catch {
        throw TrainError(.defect, error.message)
      }
    }
  }

  /// Keeps the weights of an epoch that does better than every one it competes with.
  func remember(_ score: Score, epoch: Int, step: Int) throws(TrainError) {
    let selection = program.training.selection
    guard selection != .last, best.map({ score.isBetter(than: $0.score, by: selection) }) ?? true else { return }
    try requireFiniteState(at: step)
    let optimizer = try stateNames
    var kept = Best(score: score, epoch: epoch, step: step, tensors: try values { !optimizer.contains($0) }, stateStep: step)
    if program.restoresBest { kept.state = try values(where: optimizer.contains) }
    best = kept
  }

  private func values(where isWanted: (String) -> Bool) throws(TrainError) -> [String: [Float]] {
    var values: [String: [Float]] = [:]
    for (name, place) in state.places where isWanted(name) { values[name] = try place.values() }
    return values
  }

  /// Where an event asks for it, brings back the best epoch so far: weights, running statistics, and the state of the optimizer with its count
  /// of updates. State that began anew since begins anew again.
  func restoreBest(at step: Int) throws(TrainError) {
    let isDue = program.events.contains { event in
      guard case .restore = event.action else { return false }
      return fires(event.trigger, at: step)
    }
    guard isDue else { return }
    guard let best else { return try record(LogRecord("restore", [.init("step", .integer(step)), .init("to_epoch", .none)])) }
    let slots = try stateTensors
    let lost = Set(slots.filter { best.state[$0.tensor.info.name]?.count != $0.tensor.count }.map(\.owner))
    let starts = state.stateStarts
    func isKept(_ owner: String) -> Bool { !lost.contains(owner) && starts[owner] ?? 0 < best.stateStep }
    for owner in program.phases[phase].trainable {
      state.stateStarts[owner] = isKept(owner) ? step - (best.stateStep - (starts[owner] ?? 0)) : step
    }
    state.places.merge(best.tensors.mapValues(TensorPlace.values)) { _, best in best }
    for (owner, tensor) in slots {
      let (name, initial) = (tensor.info.name, Float(tensor.info.initialValue ?? 0))
      state.places[name] = isKept(owner) ? best.state[name].map(TensorPlace.values) : .constant(initial, count: tensor.count)
    }
    self.best?.stateStep = step
    try segment.load(&state)
    try recordRestoring(best, step)
  }

  /// The optimizer's tensors of the current phase, each with the name of the weight or vector it belongs to.
  private var stateTensors: [(owner: String, tensor: PhaseTensor)] {
    get throws(TrainError) {
      do {
        return try compiler.tensors(phase: phase, ranks: state.ranks).filter { $0.info.role == .state && !$0.info.isAverage }.map {
          tensor in
          (tensor.info.weight.map { program.weights[$0].name } ?? String(tensor.info.name.prefix { $0 != "/" }), tensor)
        }
      } catch { throw TrainError(.defect, "\(error)") }
    }
  }

  /// From here on the network is another one: what did best before competes no more.
  func restartSelection(at step: Int) {
    best = nil
    changedStep = step
    restartWatching(at: step)
  }

  /// Whether the phase just entered has other forms, ranks or trained tensors than the one before it, or is judged by another loss.
  func isAnotherNetwork(from oldRanks: [Int]) -> Bool {
    guard program.phases[phase].judgingLoss == program.phases[phase - 1].judgingLoss else { return true }
    guard program.phases[phase].trainable == program.phases[phase - 1].trainable else { return true }
    return changed(entering: phase).contains { isAnother($0, before: (phase - 1, oldRanks)) }
  }

  /// Whether a weight has another form or other extents of it now than in a phase at some ranks; those of its optimizer state do not count.
  func isAnother(_ index: Int, before: (phase: Int, ranks: [Int])) -> Bool {
    let old = program.form(of: index, phase: before.phase, ranks: before.ranks)
    let new = program.form(of: index, phase: phase, ranks: state.ranks)
    let shape = program.weights[index].shape
    return !new.isSame(as: old)
      || new.parameters(shape, rank: Dimension(state.ranks[index])) != old.parameters(shape, rank: Dimension(before.ranks[index]))
  }

  /// Leaves the run with the weights to save and returns which they are, with their score on validation: first the best epoch is put back,
  /// then weights take the forms of the end, then the events at the end of training fire. A run stopped by a signal stays as it is.
  func settle(at step: Int, _ end: RunEnd) throws(TrainError) -> (saved: SavedState, validation: Score?) {
    let hasEndForms = end.isOver && program.phases.last?.isAtEnd ?? false
    let before = hasEndForms ? try checkpoint(try progress(at: step), best: best) : nil
    if end.isOver { try fireEvents(at: step) }
    try requireFiniteState(at: step)
    guard end != .interrupted else {
      try adoptAverage()
      return (SavedState(step: step, reason: .interrupted), nil)
    }
    var saved = SavedState(step: step, reason: step == 0 ? .initial : reasonForLast)
    let best = best
    if let best {
      saved = SavedState(step: best.step, reason: .best(best.epoch, program.training.selection), competing: competingEpochs(until: step))
      state.places.merge(best.tensors.mapValues(TensorPlace.values)) { _, best in best }
      try segment.load(&state)
      if end.isOver { try recordRestoring(best, step) }
    }
    try adoptAverage()
    if let before {
      try enterEndPhase(at: step, weightsOf: saved.step, before)
      saved.changes.append(.forms)
    }
    if end.isOver, try fireEndEvents(at: step) { saved.changes.append(.events) }
    if let best, saved.changes.isEmpty { return (saved, best.score) }
    return (saved, try finiteValidation(at: step))
  }

  /// Enters the last phase, from an earlier one through those between, whose transitions the checker knows; a truncation past its bound leaves
  /// the weights before it, and the checkpoint `before`.
  private func enterEndPhase(at step: Int, weightsOf saved: Int, _ before: Checkpoint) throws(TrainError) {
    let kept = (state: state, phase: phase, segment: segment)
    do throws(TrainError) { while phase + 1 < program.phases.count { try enterPhase(phase + 1, at: step) } } catch {
      guard error.kind == .truncation else { throw error }
      // Only steps write into the segment before the end, so that it still holds the weights.
      (state, phase, segment) = kept
      throw try leave(before, weightsOf: saved, over: error)
    }
  }

  private var reasonForLast: SavedState.Reason {
    if data.validationIndices.isEmpty { return .noValidation }
    return program.training.selection == .last ? .selectsLast : .noneCompetes
  }

  private func competingEpochs(until step: Int) -> ClosedRange<Int> {
    let first = changedStep / feed.stepsPerEpoch
    return first...max(first, (step - 1) / feed.stepsPerEpoch)
  }

  private func recordRestoring(_ best: Best, _ step: Int) throws(TrainError) {
    var fields: [LogRecord.Field] = [
      .init("step", .integer(step)), .init("to_epoch", .integer(best.epoch)), .init("to_step", .integer(best.step)),
      .init("select", .text(program.training.selection.rawValue)), .init("validation_loss", .number(best.score.loss)),
    ]
    if let metrics = best.score.classification {
      fields.append(.init("validation_accuracy", .number(metrics.accuracy)))
      fields.append(.init("validation_balanced_accuracy", .number(metrics.balancedAccuracy)))
    }
    try record(LogRecord("restore", fields))
  }
}

extension CheckedProgram {
  /// Whether an event brings the best epoch back while training goes on.
  fileprivate var restoresBest: Bool { events.contains { if case .restore = $0.action { true } else { false } } }
}
