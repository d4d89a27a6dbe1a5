import DrnJSON

extension RunRecord {
  /// The scalars of the run as an event file of TensorBoard: by epoch losses, accuracies, rate, parameters, arena and milliseconds of a step,
  /// by step ranks and measurements of weights. Times are those of `timing.csv`, counted from the start of the run.
  public var events: EventFile {
    var rows: [(step: Int, scalars: [(tag: String, value: Double)])] = []
    let timing = Dictionary(self.timing.map { ($0.epoch, $0) }, uniquingKeysWith: { _, last in last })
    var seconds = 0.0
    var clock: [(step: Int, seconds: Double)] = []
    for epoch in epochs {
      let time = timing[epoch.epoch]
      seconds += time?.seconds ?? 0
      clock.append((epoch.step, seconds))
      let values: [(String, Double?)] = [
        ("loss/train", epoch.trainLoss), ("loss/validation", epoch.validationLoss), ("accuracy/train", epoch.trainAccuracy),
        ("accuracy/validation", epoch.validationAccuracy), ("rate", epoch.rate), ("phase", epoch.phase.map(Double.init)),
        ("cost/trainable_parameters", epoch.trainableParameters.map(Double.init)), ("cost/arena_bytes", epoch.arenaBytes.map(Double.init)),
        ("cost/multiply_adds", epoch.multiplyAdds.map(Double.init)),
        ("time/milliseconds_per_step", time.flatMap { $0.steps > 0 ? $0.seconds * 1e3 / Double($0.steps) : nil }),
      ]
      rows.append((epoch.step, values.compactMap { name, value in value.map { (name, $0) } }))
    }
    for row in RankHistory(self).rows {
      for (step, rank) in row.ranks { if let rank { rows.append((step, [("rank/\(row.name)", Double(rank))])) } }
    }
    for record in measurements {
      let values: [(String, Double?)] = [("effective_rank", record.effectiveRank), ("stable_rank", record.stableRank)]
      rows.append((record.step, values.compactMap { name, value in value.map { ("\(name)/\(record.weight)", $0) } }))
    }
    for change in transitions {
      if let error = change.truncationError { rows.append((change.step, [("truncation_error/\(change.weight)", error)])) }
    }
    var file = EventFile()
    var place = 0
    for row in rows.enumerated().sorted(by: { ($0.element.step, $0.offset) < ($1.element.step, $1.offset) }).map(\.element) {
      while place + 1 < clock.count, clock[place].step < row.step { place += 1 }
      file.add(step: row.step, time: clock.isEmpty || row.step == 0 ? 0 : clock[place].seconds, row.scalars)
    }
    return file
  }
}
