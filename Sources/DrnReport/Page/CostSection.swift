/// What steps cost by phase, predicted and measured, and memory and parameters over time.
struct CostSection {
  private let runs: [RunRecord]
  private let labels: [String]
  init(_ named: [(String, RunRecord)]) { (labels, runs) = (named.map(\.0), named.map(\.1)) }

  private var xTitle: String { runs.allSatisfy { $0.stepsPerEpoch != nil } ? "epochs" : "steps" }
  private func time(_ run: RunRecord, _ step: Int) -> Double { xTitle == "epochs" ? run.time(ofStep: step) : Double(step) }

  /// The sums of one phase.
  private struct Phase {
    let index: Int
    var steps = 0
    var seconds = 0.0
    /// `nil` once an epoch of the phase has no prediction.
    var predicted: Double? = 0
    var multiplyAdds: Int?
    var milliseconds: Double? { steps > 0 ? seconds * 1e3 / Double(steps) : nil }
    var predictedMilliseconds: Double? { steps > 0 ? predicted.map { $0 * 1e3 / Double(steps) } : nil }
  }

  var figures: [Figure] {
    [
      steps, arena,
      overTime("Trainable parameters", \.trainableParameters, "trainable parameters", NumberText.compact),
      overTime("Multiply-adds of a training step", \.multiplyAdds, "multiply-adds for one example", NumberText.compact),
    ].compactMap { $0 }
  }

  /// The phases of a run that an epoch with a time ended in.
  private static func phases(of run: RunRecord) -> [Phase] {
    var phases: [Int: Phase] = [:]
    let ended = Dictionary(run.epochs.map { ($0.epoch, $0) }, uniquingKeysWith: { _, last in last })
    for row in run.timing {
      guard let epoch = ended[row.epoch], let index = epoch.phase else { continue }
      var phase = phases[index] ?? Phase(index: index)
      phase.steps += row.steps
      phase.seconds += row.seconds
      phase.predicted = row.predictedSeconds.flatMap { more in phase.predicted.map { $0 + more } }
      phase.multiplyAdds = epoch.multiplyAdds
      phases[index] = phase
    }
    return phases.values.sorted { $0.index < $1.index }
  }

  private var steps: Figure? {
    let phases = zip(labels, runs).flatMap { label, run in
      Self.phases(of: run).map { (name: runs.count > 1 ? "\(label), \($0.index)" : "phase \($0.index)", phase: $0) }
    }
    guard !phases.isEmpty else { return nil }
    let isPredicted = phases.contains { $0.phase.predicted != nil }
    let slowest = phases.compactMap(\.phase.milliseconds).max() ?? 0
    let total = phases.reduce(0) { $0 + $1.phase.seconds }
    let rows = phases.map { name, phase in
      BarChart.Row(name: name, values: [phase.milliseconds] + (isPredicted ? [phase.predictedMilliseconds] : []))
    }
    let chart = BarChart(
      title:
        "A step takes \(phases.count > 1 ? "up to " : "")\(NumberText.seconds(slowest / 1e3)); all of them \(NumberText.seconds(total))",
      xTitle: "time of a step", series: ["measured"] + (isPredicted ? ["predicted"] : []), rows: rows,
      caption: "Means over the epochs that end in a phase; validation and changes of form are not counted.",
      written: { NumberText.seconds($0 / 1e3) })
    let figure = chart.figure
    return Figure(
      title: figure.title, svg: figure.svg, caption: figure.caption,
      table: DataTable(
        ["phase", "steps", "measured ms a step", "predicted ms a step", "seconds", "multiply-adds an example"],
        phases.map { name, phase in
          [
            name, "\(phase.steps)", NumberText.short(phase.milliseconds), NumberText.short(phase.predictedMilliseconds),
            NumberText.short(phase.seconds), phase.multiplyAdds.map { NumberText.count($0) } ?? "",
          ]
        }))
  }

  /// In the unit of bytes that fits the largest, so that ticks are round numbers of it.
  private var arena: Figure? {
    let most = runs.flatMap { $0.epochs.compactMap(\.arenaBytes) }.max() ?? 0
    let (unit, size) = most >= 1 << 30 ? ("GiB", 1_073_741_824.0) : most >= 1 << 20 ? ("MiB", 1_048_576) : ("KiB", 1024)
    return overTime("Arena", \.arenaBytes, "arena (\(unit))", scale: size) {
      NumberText.short(($0 * 100).rounded() / 100) + "\u{202F}\(unit)"
    }
  }

  /// Values divided by `scale`; `written` writes those.
  private func overTime(
    _ what: String, _ value: KeyPath<EpochRecord, Int?>, _ yTitle: String, scale: Double = 1, _ written: @escaping (Double) -> String
  ) -> Figure? {
    let lines = zip(labels, runs).enumerated().map { index, named in
      let ends = named.1.epochs.compactMap { epoch in epoch[keyPath: value].map { (x: time(named.1, epoch.step), y: Double($0) / scale) } }
      return LineChart.Series(
        name: runs.count > 1 ? named.0 : "", color: index % 6 + 1, isLabelled: runs.count > 1,
        points: ends.first.map { Self.stepped([(x: 0, y: $0.y)] + ends) } ?? [])
    }.filter { !$0.points.isEmpty }
    let all = lines.flatMap { $0.points.map(\.y) }
    guard let first = lines.first?.points.first?.y, let last = lines.first?.points.last?.y, let most = all.max(), let least = all.min()
    else {
      return nil
    }
    let range = least == most ? "\(written(most)) throughout" : "from \(written(first)) to \(written(last)), at most \(written(most))"
    let title = runs.count == 1 ? "\(what): \(range)" : "\(what): between \(written(least)) and \(written(most))"
    return LineChart(
      title: title, xTitle: xTitle, yTitle: yTitle, includesZero: true, yText: written, caption: "As it was at the end of each epoch.",
      series: lines
    ).figure
  }

  /// What holds at the end of an epoch is drawn over the whole of it.
  private static func stepped(_ points: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
    zip(points, points.dropFirst()).flatMap { [(x: $0.x, y: $1.y), (x: $1.x, y: $1.y)] }
  }
}
