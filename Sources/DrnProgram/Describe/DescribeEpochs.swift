import DrnMethods

/// Longer runs are not listed epoch by epoch.
private let mostEpochs = 100_000

/// The phase and the learning rate of every epoch, neighbours that agree on one line; `nil` while the length of an epoch is unknown.
///
/// A phase that begins within an epoch is named beside the one before it, and a rate that changes within an epoch by its first and last value.
func epochRows(_ program: CheckedProgram) -> [[String]]? {
  let length = Moment(program.training.length.unit, program.training.length.value)
  guard let steps = program.stepsPerEpoch, steps > 0, let total = length.step(stepsPerEpoch: steps), total / steps <= mostEpochs else {
    return nil
  }
  var rows: [(first: Int, last: Int, text: [String])] = []
  for epoch in 0..<((total + steps - 1) / steps) {
    let range = epoch * steps..<min(total, (epoch + 1) * steps)
    let text = [phasesText(range, program, steps), rateText(range, program, stepsPerEpoch: steps, totalSteps: total)]
    if let last = rows.last, last.text == text { rows[rows.count - 1].last = epoch } else { rows.append((epoch, epoch, text)) }
  }
  return rows.map { [$0.first == $0.last ? "\($0.first)" : "\($0.first) .. \($0.last)"] + $0.text }
}

private func phasesText(_ steps: Range<Int>, _ program: CheckedProgram, _ stepsPerEpoch: Int) -> String {
  let present = program.phases.filter { phase in
    guard let start = phase.start.step(stepsPerEpoch: stepsPerEpoch), let end = phase.end.step(stepsPerEpoch: stepsPerEpoch) else {
      return false
    }
    return (start..<max(start, end)).overlaps(steps)
  }
  return present.map { "\($0.index)" }.joined(separator: ", ")
}
