import DrnMethods

/// Every setting of a program, defaults and resolved ranks included, as text for the folder of a run: equal programs give equal texts.
public func resolvedConfiguration(_ program: CheckedProgram) -> String {
  let lines =
    dataLines(program.data) + networkLines(program.network) + trainingLines(program) + weightLines(program) + phaseLines(program)
    + program.events.map {
      "event \(triggerText($0.trigger)): \(eventText($0))" + ($0.weights.isEmpty ? "" : " on \(weightNames($0.weights, program))")
    }
    + program.requirements.map(requirementText)
  return lines.joined(separator: "\n") + "\n"
}

private func networkLines(_ network: Network) -> [String] {
  let layers = network.nodes.map { node in
    let call = node.layer.callText
    let tensors = node.parameters.map { "\($0.name) \(parameterText($0))" }
    return "  \(node.savedName): \(call) of \(node.inputs.map(network.name).joined(separator: ", ")) -> \(shapeText(node.shape))"
      + (tensors.isEmpty ? "" : "; " + tensors.joined(separator: ", "))
  }
  return [
    "network \(network.name) \(network.inputElement.text(network.inputShape)) -> \(shapeText(network.outputShape))"
  ] + layers
    + ["  output: \(network.name(of: network.output))"]
}

private func parameterText(_ parameter: LayerParameter) -> String {
  switch parameter.kind {
  case .matrix(let shape): "\(shape.inputs) x \(shape.outputs)"
  case .vector(let count): String(count)
  }
}

private func trainingLines(_ program: CheckedProgram) -> [String] {
  let (training, table) = (program.training, TrainingSettings.Table.self)
  var lines = [
    "train \(program.network.name) on \(program.data.name)", line(table.length, training.length.text),
    line(table.batch, "\(training.batch)"),
    line(table.accumulation, "\(training.accumulation)"), line(table.seed, "\(training.seed)"),
    line(table.rate, training.rate.text(moment: \.text)),
    line(table.weightDecay, weightDecayText(program)), line(table.decay, training.decayTarget.rawValue),
    "  steps per epoch: \(program.stepsPerEpoch.map(String.init) ?? "unknown")", line(table.select, training.selection.rawValue),
  ]
  if let mixture = training.mixture { lines.append(line(table.mix, mixture.callText)) }
  if let average = training.average { lines.append(line(table.average, average.callText)) }
  if let stop = training.stop { lines.append(line(table.stop, stop.callText)) }
  if let clip = training.clip { lines.append(line(table.clip, formatted(clip))) }
  if let value = training.clipValue { lines.append(line(table.clipValue, formatted(value))) }
  if !training.classWeights.isEmpty {
    lines.append(line(table.classWeights, "[\(training.classWeights.map(formatted).joined(separator: ", "))]"))
  }
  if !training.topK.isEmpty { lines.append(line(table.topK, "[\(training.topK.map(String.init).joined(separator: ", "))]")) }
  if let from = training.weightsFrom {
    let pairs = from.names.map { "[\(quoted($0.here)), \(quoted($0.there))]" }.joined(separator: ", ")
    let drawn = from.excepted.isEmpty ? "" : "  # drawn all the same: \(from.excepted.sorted().joined(separator: ", "))"
    lines.append(line(table.weightsFrom, "\(WeightsFrom.spec.name)(\(quoted(from.path)), map: [\(pairs)])\(drawn)"))
  }
  if let stop = program.stopAfter { lines.append("  stop after: \(stop.text)") }
  if !program.allowed.isEmpty { lines.append(line(table.allow, "[\(program.allowed.sorted().joined(separator: ", "))]")) }
  return lines
}

/// The coefficient, or with its times where it changes.
private func weightDecayText(_ program: CheckedProgram) -> String {
  let changes = program.phases.filter { $0.index == 0 || $0.weightDecay != program.phases[$0.index - 1].weightDecay }
  if changes.count == 1 { return formatted(changes[0].weightDecay) }
  return changes.map { "from \($0.start.text): \(formatted($0.weightDecay))" }.joined(separator: "; ")
}

private func weightLines(_ program: CheckedProgram) -> [String] {
  program.weights.map { weight in
    let spans = weight.spans.map {
      "from \(program.startText($0.start)): \(spanText($0, isFirst: $0.start == weight.spans.first?.start, isLast: program.startText($0.start) == "end"))"
    }
    let precision = weight.precision == .single ? "" : "; products of \(weight.precision.rawValue)"
    return "  weight \(weight.name) \(weight.shape.inputs) x \(weight.shape.outputs): " + spans.joined(separator: "; ") + precision
  }
}

/// `isLast` of a span that begins at the end, where there is no state.
private func spanText(_ span: FormSpan, isFirst: Bool, isLast: Bool) -> String {
  let form = span.form.callText
  let rank = !span.form.reportsRank ? "" : " = \(span.text)"
  guard !isFirst else { return form + rank }
  var options = isLast ? [] : ["state: \(stateText(span.transition.state))"]
  if let error = span.transition.error { options.append("error: \(formatted(error))") }
  if let rewarm = span.transition.rewarm { options.append("rewarm: \(rewarm.text)") }
  if span.transition.recalibrationBatches > 0 {
    options.append("recalibrate(batch_norm, batches: \(span.transition.recalibrationBatches))")
  }
  let transition = BestApproximation.spec.name + (options.isEmpty ? "" : "(\(options.joined(separator: ", ")))")
  return "\(form)\(rank) by \(transition)"
}

private func phaseLines(_ program: CheckedProgram) -> [String] {
  let all = Set(program.network.nodes.indices.flatMap { program.network.parameterNames(of: $0) })
  return program.phases.map { phase in
    if phase.isAtEnd { return "  phase \(phase.index) at the end: no step" }
    let update = phase.update.callText
    let loss = phase.loss.callText
    let trained = phase.trainable == all ? "everything" : phase.trainable.sorted().joined(separator: ", ")
    let statistics = phase.statistics == .batch ? "" : "; frozen statistics \(phase.statistics.rawValue)"
    let own = ownUpdates(phase, program)
    return
      "  phase \(phase.index) from \(phase.start.text) to \(phase.end.text): loss \(loss); optimizer \(update)\(own); trains \(trained)"
      + statistics
  }
}

/// `; optimizer low_rank_gradient(...) of fc1.weight, fc2.weight` for each that a clause gives.
private func ownUpdates(_ phase: Phase, _ program: CheckedProgram) -> String {
  var names: [(text: String, weights: [Int])] = []
  for (index, weight) in program.weights.enumerated() {
    guard let text = phase.ownUpdates[weight.name]?.callText else { continue }
    if let known = names.firstIndex(where: { $0.text == text }) {
      names[known].weights.append(index)
    } else {
      names.append((text, [index]))
    }
  }
  return names.map { "; optimizer \($0.text) of \(weightNames($0.weights, program))" }.joined()
}

private func weightNames(_ indices: [Int], _ program: CheckedProgram) -> String {
  indices.count == program.weights.count
    ? "every weight" : indices.compactMap { program.weights.indices.contains($0) ? program.weights[$0].name : nil }.joined(separator: ", ")
}

private func requirementText(_ requirement: Requirement) -> String {
  let limit = OptionValue(decimalOrQuotient: requirement.limit).text + (requirement.isRelativeToDense ? " * dense_cost" : "")
  return "require \(requirement.aggregate.rawValue)(\(requirement.quantity.rawValue)) \(requirement.comparison.rawValue) \(limit)"
}
