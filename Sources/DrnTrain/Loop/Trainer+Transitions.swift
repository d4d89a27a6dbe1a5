import DrnAnalysis
import DrnIR
import DrnLowering
import DrnMethods
import DrnSema

extension Trainer {
  /// Moves weights and state into the next phase and compiles it. Validation before and after is logged when a weight changes form.
  func enterPhase(_ next: Int, at step: Int) throws(TrainError) {
    let before = try validate()
    try segment.store(into: &state)
    let oldRanks = state.ranks
    let newRanks = ranks(entering: next)
    let outputs = try moveState(into: next, from: oldRanks, to: newRanks, step: step)
    phase = next
    state.ranks = newRanks
    try recalibrate(entering: next, at: step)
    try useNewSegment()
    clock.rewarm(at: step, over: rewarm(entering: next))
    let after = outputs.isEmpty ? nil : try validate()
    if isAnotherNetwork(from: oldRanks) { restartSelection(at: step) }
    try logTransition(next, step: step, oldRanks: oldRanks, outputs: outputs, before: before, after: after)
  }

  /// A span that begins with the phase starts at its scheduled rank; a span that goes on keeps the rank it has reached.
  private func ranks(entering next: Int) -> [Int] {
    let scheduled = compiler.scheduledRanks(phase: next)
    return program.weights.indices.map { index in
      let continues = program.phases[next].forms[index] == program.phases[next - 1].forms[index]
      let span = program.weights[index].spans[program.phases[next].forms[index]]
      if continues { return state.ranks[index] }
      return span.form.rank == .current ? min(state.ranks[index], span.rankBounds.upperBound) : scheduled[index]
    }
  }

  private func rewarm(entering next: Int) -> Duration? {
    changed(entering: next).compactMap { span(of: $0, phase: next).transition.rewarm }.max { $0.value < $1.value }
  }

  func span(of weight: Int, phase: Int) -> FormSpan { program.weights[weight].spans[program.phases[phase].forms[weight]] }

  func changed(entering next: Int) -> [Int] {
    program.weights.indices.filter { program.phases[next].forms[$0] != program.phases[next - 1].forms[$0] }
  }

  /// Runs the transition function and builds the next phase's tensors; returns its measurements.
  private func moveState(into next: Int, from oldRanks: [Int], to newRanks: [Int], step: Int) throws(TrainError) -> [String: Double] {
    let transition: TransitionModule?
    do { transition = try compiler.lowering.transitionModule(into: next) } catch { throw TrainError(.defect, error.message) }
    guard let transition else { return [:] }
    var outputs: [String: Double] = [:]
    var tensors: [String: [Float]] = [:]
    if !transition.affected.isEmpty {
      let results = try run(transition, "transition", from: oldRanks, to: newRanks, key: keys.key("transition", step))
      tensors = results.tensors
      for (name, values) in results.outputs { outputs[name] = values.first.map(Double.init) ?? 0 }
    }
    for name in transition.unchanged { tensors[name] = state.tensors[name] }
    try reset(transition.reset, in: &tensors, phase: next, ranks: newRanks)
    for pruning in transition.pruned {
      if let values = tensors[pruning.name] { tensors[pruning.name] = pruneToLargest(values, keep: pruning.keep) }
    }
    if !transition.keepsState { state.updateCount = 0 }
    try resetWholeOptimizer(entering: next, in: &tensors)
    state.tensors = tensors
    try holdErrors(outputs, entering: next, step: step)
    return outputs
  }

  func run(_ transition: TransitionModule, _ root: String, from old: [Int], to new: [Int], key: UInt64) throws(TrainError)
    -> OneShot.Results
  {
    let module: Module
    do { module = try compiler.concrete(transition, from: old, to: new, root: root) } catch { throw TrainError(.defect, error.message) }
    return try OneShot.run(module, root, inputs: state.tensors, key: key, threads: options.threads)
  }

  func reset(_ infos: [TensorInfo], in tensors: inout [String: [Float]], phase: Int, ranks: [Int]) throws(TrainError) {
    let module: PhaseModule
    do { module = try compiler.lowered(phase: phase) } catch { throw TrainError(.defect, error.message) }
    for info in infos {
      let count = compiler.shape(of: info, in: module, ranks: ranks).reduce(1, *)
      tensors[info.name] = [Float](repeating: Float(info.initialValue ?? 0), count: count)
    }
  }

  /// When every transition of a boundary resets, the optimizer as a whole starts cold, as in the published code: biases and untouched layers too.
  private func resetWholeOptimizer(entering next: Int, in tensors: inout [String: [Float]]) throws(TrainError) {
    let changes = changed(entering: next)
    guard !changes.isEmpty, changes.allSatisfy({ span(of: $0, phase: next).transition.state == .reset }) else { return }
    state.updateCount = 0
    let infos: [TensorInfo]
    do { infos = try compiler.lowering.tensors(phase: next).filter { $0.role == .state } } catch {
      throw TrainError(.defect, error.message)
    }
    for info in infos {
      if let values = tensors[info.name] { tensors[info.name] = [Float](repeating: Float(info.initialValue ?? 0), count: values.count) }
    }
  }

  /// A truncation past the source's own bound ends the run.
  private func holdErrors(_ outputs: [String: Double], entering next: Int, step: Int) throws(TrainError) {
    for index in changed(entering: next) {
      let weight = program.weights[index]
      let span = span(of: index, phase: next)
      guard let bound = span.transition.error, let error = outputs["truncation_error/\(weight.name)"], !(error <= bound) else { continue }
      throw TrainError(
        .truncation,
        "the transition of `\(weight.path)` at step \(step) changes it by \(LogValue.format(error * 100)) %, but its `error:` allows \(LogValue.format(bound * 100)) %",
        help: "raise the rank or the bound", span: span.span)
    }
  }

  private func logTransition(
    _ next: Int, step: Int, oldRanks: [Int], outputs: [String: Double], before: Score?, after: Score?
  ) throws(TrainError) {
    for index in changed(entering: next) {
      let weight = program.weights[index]
      var fields: [LogRecord.Field] = [
        .init("step", .integer(step)), .init("epoch", .integer(step / feed.stepsPerEpoch)), .init("phase", .integer(next)),
        .init("weight", .text(weight.name)), .init("from", .text(type(of: span(of: index, phase: next - 1).form).spec.name)),
        .init("from_rank", .rank(oldRanks[index])), .init("to", .text(type(of: span(of: index, phase: next).form).spec.name)),
        .init("to_rank", .rank(state.ranks[index])),
      ]
      if let error = outputs["truncation_error/\(weight.name)"] { fields.append(.init("truncation_error", .number(error))) }
      if let residual = outputs["momentum_residual/\(weight.name)"] { fields.append(.init("momentum_residual", .number(residual))) }
      if let before { fields.append(.init("validation_loss_before", .number(before.loss))) }
      if let after { fields.append(.init("validation_loss_after", .number(after.loss))) }
      try record(LogRecord("transition", fields))
    }
  }
}
