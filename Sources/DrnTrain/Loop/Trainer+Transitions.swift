import DrnAnalysis
import DrnCompiler
import DrnIR
import DrnLowering
import DrnMethods
import DrnProgram
import DrnSource

extension Trainer {
  /// Moves weights and state into the next phase and compiles it. Validation before and after is logged when a weight changes form.
  func enterPhase(_ next: Int, at step: Int) throws(TrainError) {
    let before = try finiteValidation(at: step)
    try requireFiniteState(at: step)
    let oldRanks = state.ranks
    let (newRanks, measured) = try ranks(entering: next)
    let spectra = try spectra(entering: next)
    let outputs = try moveState(into: next, from: oldRanks, to: newRanks, step: step)
    phase = next
    state.ranks = newRanks
    try beginAverages(of: Set(changed(entering: next)))
    try recalibrate(entering: next, at: step)
    try useNewSegment()
    clock.rewarm(at: step, over: rewarm(entering: next))
    let after = outputs.isEmpty ? nil : try finiteValidation(at: step)
    if isAnotherNetwork(from: oldRanks) { restartSelection(at: step) }
    try logTransition(
      next, step: step, oldRanks: oldRanks, measured: measured, spectra: (spectra, try self.spectra(entering: next)), outputs: outputs,
      before: before, after: after)
  }

  /// Weights with more numbers times short side have no spectra in the log: their singular values would take longer than the change.
  private static let largestSpectrum = 1 << 28

  /// The singular values of the weights that change form with a phase, by weight; before it and, once it is entered, after it.
  private func spectra(entering next: Int) throws(TrainError) -> [Int: [Double]] {
    var spectra: [Int: [Double]] = [:]
    for index in changed(entering: next) {
      let shape = program.weights[index].shape
      let (size, overflows) = (shape.inputs &* shape.outputs).multipliedReportingOverflow(by: shape.singularValueCount)
      if !overflows, size <= Self.largestSpectrum { spectra[index] = try singularValues(of: index).map(Double.init) }
    }
    return spectra
  }

  /// A span that goes on keeps the rank it has reached; one that begins with the phase starts at the rank it states, or at the one its rule
  /// takes of the weight's singular values, which are returned too, by weight.
  private func ranks(entering next: Int) throws(TrainError) -> (ranks: [Int], measured: [Int: MeasuredRank]) {
    var ranks = state.ranks
    var measured: [Int: MeasuredRank] = [:]
    var shared: [(rule: RankBudget, span: Span, weights: [Int])] = []
    for index in changed(entering: next) {
      let span = span(of: index, phase: next)
      if let update = program.phases[phase].update(of: program.weights[index].name) as? any AdaptiveUpdate {
        let now = program.extents(of: index, in: state.ranks)
        program.set(update.settled(now, of: self.span(of: index, phase: phase).form, program.weights[index].shape), of: index, in: &ranks)
      }
      if let rank = span.rank {
        ranks[index] = rank
      } else if case .budget(let budget)? = span.form.rank {
        let known = shared.firstIndex { $0.span == span.span }
        if let known { shared[known].weights.append(index) } else { shared.append((budget, span.span, [index])) }
      } else if let rule = span.form.rank, span.form.isPricedAsRange {
        let choice = MeasuredRank(rule, try allSingularValues(of: index), text: span.form.options["rank"]?.text ?? "")
        ranks[index] = choice.rank
        measured[index] = choice
      }
      ranks[index] = min(ranks[index], span.rankBounds.upperBound)
    }
    for (budget, _, weights) in shared {
      for (index, choice) in zip(weights, try choices(of: budget, for: weights, entering: next)) {
        ranks[index] = choice.rank
        measured[index] = choice
      }
    }
    enterExtents(next, &ranks)
    return (ranks, measured)
  }

  /// What weights take together of a budget.
  private func choices(of budget: RankBudget, for weights: [Int], entering next: Int) throws(TrainError) -> [MeasuredRank] {
    let spectra = try weights.map { index throws(TrainError) in try allSingularValues(of: index) }
    let candidates = weights.map { index in
      RankBudget.Candidate(
        form: span(of: index, phase: next).form, shape: program.weights[index].shape,
        places: program.network.places(ofNode: program.weights[index].node))
    }
    guard let ranks = budget.ranks(candidates, singularValues: spectra) else { throw TrainError(.defect, "a budget holds no rank") }
    return weights.indices.map { place in
      MeasuredRank(
        .budget(budget), spectra[place], text: span(of: weights[place], phase: next).form.options["rank"]?.text ?? "",
        rank: ranks[place])
    }
  }

  /// Extents that begin with a phase or with the form of their weight in it.
  private func enterExtents(_ next: Int, _ ranks: inout [Int]) {
    let changed = Set(changed(entering: next))
    for (offset, extent) in program.extents.enumerated() {
      let (before, after) = (program.phases[next - 1], program.phases[next])
      guard let spec = program.extents(of: extent.weight, in: after).first(where: { $0.name == extent.name }) else { continue }
      let goesOn = !changed.contains(extent.weight) && program.extents(of: extent.weight, in: before).contains { $0.name == extent.name }
      let place = program.weights.count + offset
      let number = goesOn ? ranks[place] : spec.initial ?? ranks[place]
      ranks[place] = min(max(number, spec.bounds.lowerBound), spec.bounds.upperBound)
    }
  }

  /// As many as the weight has, whatever its form: those beyond the rank of a form are zero.
  private func allSingularValues(of weight: Int) throws(TrainError) -> [Double] {
    let values = try singularValues(of: weight).map { max(0, Double($0)) }.sorted(by: >)
    let count = program.weights[weight].shape.singularValueCount
    return Array(values.prefix(count)) + [Double](repeating: 0, count: max(0, count - values.count))
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
    for name in compiler.lowering.stateBegins(entering: next) { state.stateStarts[name] = step }
    guard let transition else { return [:] }
    var outputs: [String: Double] = [:]
    var places: [String: TensorPlace] = [:]
    if !transition.affected.isEmpty {
      let results = try run(transition, from: oldRanks, to: newRanks, key: keys.key("transition", step))
      places = results.tensors
      for (name, values) in results.outputs { outputs[name] = values.first.map(Double.init) ?? 0 }
    }
    for name in transition.unchanged { places[name] = state.places[name] }
    try finish(transition, in: &places, phase: next, ranks: newRanks)
    state.places = places
    try requireFiniteState(at: step)
    try holdErrors(outputs, entering: next, step: step)
    return outputs
  }

  func run(_ transition: TransitionModule, from old: [Int], to new: [Int], key: UInt64) throws(TrainError) -> OneShot.Results {
    let compiled: Compiled
    do { compiled = try compiler.compiled(transition, from: old, to: new) } catch { throw TrainError(.defect, error.message) }
    return try OneShot.run(compiled, inputs: state.places, key: key, threads: options.threads)
  }

  /// Begins what a change resets, and prunes what it carries but in part.
  func finish(_ transition: TransitionModule, in places: inout [String: TensorPlace], phase: Int, ranks: [Int]) throws(TrainError) {
    let reset: [PhaseTensor]
    do { reset = try compiler.reset(by: transition, phase: phase, ranks: ranks) } catch { throw TrainError(.defect, error.message) }
    for tensor in reset { places[tensor.info.name] = .constant(Float(tensor.info.initialValue ?? 0), count: tensor.count) }
    for pruning in transition.pruned {
      if let place = places[pruning.name] { places[pruning.name] = .values(pruneToLargest(try place.values(), keep: pruning.keep)) }
    }
  }

  /// A truncation past the source's own bound ends the run.
  private func holdErrors(_ outputs: [String: Double], entering next: Int, step: Int) throws(TrainError) {
    for index in changed(entering: next) {
      let weight = program.weights[index]
      let span = span(of: index, phase: next)
      let name = PortName.truncationError(weight.name)
      guard let bound = span.transition.error, let error = outputs[name], !(error <= bound) else { continue }
      throw TrainError(
        .truncation,
        "the transition of `\(weight.path)` at step \(step) changes it by \(LogValue.format(error * 100)) %, but its `error:` allows \(LogValue.format(bound * 100)) %",
        help: "raise the rank or the bound", span: span.span)
    }
  }

  private func logTransition(
    _ next: Int, step: Int, oldRanks: [Int], measured: [Int: MeasuredRank], spectra: (before: [Int: [Double]], after: [Int: [Double]]),
    outputs: [String: Double], before: Score?, after: Score?
  ) throws(TrainError) {
    for index in changed(entering: next) {
      let weight = program.weights[index]
      var fields: [LogRecord.Field] = [
        .init("step", .integer(step)), .init("epoch", .integer(step / feed.stepsPerEpoch)), .init("phase", .integer(next)),
        .init("weight", .text(weight.name)), .init("from", .text(type(of: span(of: index, phase: next - 1).form).spec.name)),
        .init("from_rank", .rank(oldRanks[index])), .init("to", .text(type(of: span(of: index, phase: next).form).spec.name)),
        .init("to_rank", .rank(state.ranks[index])),
      ]
      if let measured = measured[index] { fields += measured.fields }
      if let error = outputs[PortName.truncationError(weight.name)] { fields.append(.init("truncation_error", .number(error))) }
      if let residual = outputs[PortName.momentumResidual(weight.name)] { fields.append(.init("momentum_residual", .number(residual))) }
      if let before { fields.append(.init("validation_loss_before", .number(before.loss))) }
      if let after { fields.append(.init("validation_loss_after", .number(after.loss))) }
      if measured[index] == nil, let values = spectra.before[index] { fields.append(.init("singular_values", .numbers(values))) }
      if let values = spectra.after[index] { fields.append(.init("singular_values_after", .numbers(values))) }
      try record(LogRecord("transition", fields))
    }
  }
}

/// A rank taken of singular values, and what it was taken of.
struct MeasuredRank {
  let rank: Int
  let fields: [LogRecord.Field]

  /// `singularValues` descend; `text` is the rule as written.
  init(_ rule: RankRule, _ singularValues: [Double], text: String, rank decided: Int? = nil) {
    rank = decided ?? rule.choose(singularValues: singularValues) ?? max(1, singularValues.count)
    fields = [
      .init("rank_rule", .text(text)), .init("rank_criterion", .number(rule.criterion(rank: rank, singularValues: singularValues))),
      .init("singular_values", .numbers(singularValues)),
    ]
  }
}
