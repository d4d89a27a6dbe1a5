import DrnMethods

/// The phases of a program as a table: times, forms and ranks by group of weights, the learning rate at start and end, and what is trained;
/// then the events, and the phase and learning rate of every epoch.
public func describeSchedule(_ program: CheckedProgram) -> String {
  var rows = [["phase", "from", "to", "rate", "forms", "trained"]]
  for phase in program.phases {
    let times = phase.isAtEnd ? ["end", "end", "no step"] : nil
    rows.append(
      [String(phase.index)]
        + (times ?? [timeText(phase.start, program), timeText(phase.end, program), rateText(phase, program)])
        + [formsText(phase, program), phase.isAtEnd ? "nothing" : trainedText(phase, program)])
  }
  let events = program.events.map {
    "\(triggerText($0.trigger)): \(eventText($0))" + ($0.weights.isEmpty ? "" : " on \(counted($0.weights.count, "weight"))")
  }
  let stop = program.training.stop.map { ["stop: \($0.callText), so that the run may end earlier"] } ?? []
  let epochs = epochRows(program).map { [""] + table([["epochs", "phase", "rate"]] + $0) } ?? []
  return (table(rows) + events + stop + epochs).joined(separator: "\n") + "\n"
}

/// `epoch 20 (step 7800)`, with the step where it is known.
private func timeText(_ moment: Moment, _ program: CheckedProgram) -> String {
  guard moment.unit == .epoch, let step = moment.step(stepsPerEpoch: program.stepsPerEpoch) else { return moment.text }
  return "\(moment.text) (step \(step))"
}

private func rateText(_ phase: Phase, _ program: CheckedProgram) -> String {
  let length = Moment(program.training.length.unit, program.training.length.value)
  guard let start = phase.start.step(stepsPerEpoch: program.stepsPerEpoch), let end = phase.end.step(stepsPerEpoch: program.stepsPerEpoch),
    let total = length.step(stepsPerEpoch: program.stepsPerEpoch), let steps = program.stepsPerEpoch, end > start
  else { return program.training.rate.spans.map { type(of: $0.rate).spec.name }.joined(separator: ", ") }
  return rateText(start..<end, program, stepsPerEpoch: steps, totalSteps: total)
}

/// The learning rate of the first and the last of some steps, or the one number that both have.
func rateText(_ steps: Range<Int>, _ program: CheckedProgram, stepsPerEpoch: Int, totalSteps: Int) -> String {
  let rates = [steps.lowerBound, steps.upperBound - 1].map {
    program.training.rate.value(at: $0, stepsPerEpoch: stepsPerEpoch, totalSteps: totalSteps)
  }
  let isDecided = [steps.lowerBound, steps.upperBound - 1].contains {
    program.training.rate.plateau(at: $0, stepsPerEpoch: stepsPerEpoch, totalSteps: totalSteps) != nil
  }
  let text = rates[0] == rates[1] ? shortText(rates[0]) : "\(shortText(rates[0])) .. \(shortText(rates[1]))"
  return isDecided ? "at most \(text), decided while training" : text
}

/// Four significant digits.
func shortText(_ value: Double) -> String {
  guard value.isFinite, value != 0 else { return "0" }
  var (scale, size) = (1.0, abs(value))
  while size < 1000 && scale < 1e300 { (scale, size) = (scale * 10, size * 10) }
  return formatted((value * scale).rounded() / scale)
}

/// Neighbouring weights of one form and rank as one group; where that makes many groups, the number of weights of each form and rank.
private func formsText(_ phase: Phase, _ program: CheckedProgram) -> String {
  var groups: [(text: String, names: [String])] = []
  for (weight, index) in zip(program.weights, phase.forms) where weight.spans.indices.contains(index) {
    let text = weight.spans[index].text
    if groups.last?.text == text { groups[groups.count - 1].names.append(weight.path) } else { groups.append((text, [weight.path])) }
  }
  guard groups.count <= 6 else { return formCounts(groups.map { ($0.text, $0.names.count) }) }
  return groups.map { group in
    let (first, last) = (group.names.first ?? "", group.names.last ?? "")
    return "\(group.names.count < 3 ? group.names.joined(separator: ", ") : "\(first) .. \(last) (\(group.names.count))"): \(group.text)"
  }.joined(separator: "; ")
}

private func formCounts(_ groups: [(text: String, count: Int)]) -> String {
  var totals: [(text: String, count: Int)] = []
  for group in groups {
    if let known = totals.firstIndex(where: { $0.text == group.text }) {
      totals[known].count += group.count
    } else {
      totals.append(group)
    }
  }
  return totals.map { "\(counted($0.count, "weight")): \($0.text)" }.joined(separator: "; ")
}

private func trainedText(_ phase: Phase, _ program: CheckedProgram) -> String {
  let total = program.network.nodes.indices.reduce(0) { $0 + program.network.parameterNames(of: $1).count }
  return phase.trainable.count == total ? "all \(total) tensors" : "\(phase.trainable.count) of \(total) tensors"
}

/// Left-aligned columns; the last column is not padded.
private func table(_ rows: [[String]]) -> [String] {
  let columns = rows.first?.count ?? 0
  let widths = (0..<columns).map { column in rows.map { $0[column].count }.max() ?? 0 }
  return rows.map { row in
    row.enumerated().map { column, text in
      column == columns - 1 ? text : text + String(repeating: " ", count: widths[column] - text.count + 2)
    }.joined()
  }
}
