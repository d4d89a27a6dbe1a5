import DrnJSON

/// Loss, accuracy, and the rate with the phases, of one run or of several over each other.
struct LearningSection {
  private let runs: [RunRecord]
  private let labels: [String]
  init(_ named: [(String, RunRecord)]) { (labels, runs) = (named.map(\.0), named.map(\.1)) }

  /// With more runs than this, the lines of training are left out.
  private static let mostTwice = 12

  private typealias Value = KeyPath<EpochRecord, Double?>

  private var xTitle: String { runs.allSatisfy { $0.stepsPerEpoch != nil } ? "epochs" : "steps" }
  private func time(_ run: RunRecord, _ step: Int) -> Double { xTitle == "epochs" ? run.time(ofStep: step) : Double(step) }
  /// More runs than colours go round.
  private func color(_ index: Int) -> Int { index % 6 + 1 }

  var figures: [Figure] {
    var figures: [Figure] = []
    if let loss = chart("loss", train: \.trainLoss, validation: \.validationLoss, isShare: false) { figures.append(loss) }
    if let accuracy = chart("accuracy", train: \.trainAccuracy, validation: \.validationAccuracy, isShare: true) {
      figures.append(accuracy)
    }
    if let timeline { figures.append(timeline) }
    return figures
  }

  private func points(_ run: RunRecord, _ value: Value) -> [(x: Double, y: Double)] {
    run.epochs.compactMap { epoch in epoch[keyPath: value].map { (time(run, epoch.step), $0) } }
  }

  private func chart(_ what: String, train: Value, validation: Value, isShare: Bool) -> Figure? {
    var series: [LineChart.Series] = []
    for (index, run) in runs.enumerated() {
      let (trained, validated) = (points(run, train), points(run, validation))
      let isSingle = runs.count == 1
      if !validated.isEmpty {
        series.append(.init(name: isSingle ? "validation" : labels[index], color: color(index), points: validated))
      }
      if !trained.isEmpty, validated.isEmpty || runs.count <= Self.mostTwice {
        series.append(
          .init(
            name: isSingle ? "training" : "\(labels[index]), training", color: isSingle ? 2 : color(index), isDashed: true,
            isLabelled: isSingle || validated.isEmpty, points: trained))
      }
    }
    guard !series.isEmpty else { return nil }
    let values = series.flatMap { $0.points.map(\.y) }.filter(\.isFinite)
    let isWide = !isShare && (values.min() ?? 0) > 0 && (values.max() ?? 1) / (values.min() ?? 1) > 30
    var chart = LineChart(
      title: title(what, train, validation, isShare), xTitle: xTitle, yTitle: what + (isWide ? " (log)" : ""), isLogarithmic: isWide,
      isShare: isShare, series: series)
    if runs.count == 1 {
      chart.marks = marks(runs[0])
      chart.highlight = saved(runs[0], validation)
      chart.caption =
        (chart.marks.isEmpty ? "" : "Dotted: a weight changes form. ")
        + (chart.highlight == nil ? "" : "Ring: the weights that were saved.")
    } else {
      chart.caption =
        (runs.count <= Self.mostTwice ? "Solid: validation. Dashed: training." : "") + (runs.count > 6 ? " Colours come again." : "")
    }
    return chart.figure
  }

  private func marks(_ run: RunRecord) -> [LineChart.Mark] {
    var names: [(step: Int, text: String)] = []
    for change in run.transitions {
      if names.last?.step == change.step { continue }
      let others = run.transitions.count { $0.step == change.step } - 1
      names.append((change.step, "\(change.weight): \(change.from) to \(change.to)" + (others > 0 ? ", and \(others) more" : "")))
      if names.count == 60 { break }
    }
    return names.map { .init(x: time(run, $0.step), text: $0.text) }
  }

  private func saved(_ run: RunRecord, _ value: Value) -> (x: Double, y: Double, text: String)? {
    guard let step = run.summary["saved_step"]?.whole, let epoch = run.epochs.first(where: { $0.step == step }),
      let y = epoch[keyPath: value]
    else { return nil }
    return (time(run, step), y, "saved: the weights after epoch \(epoch.epoch)")
  }

  private func title(_ what: String, _ train: Value, _ validation: Value, _ isShare: Bool) -> String {
    func text(_ value: Double) -> String { isShare ? NumberText.percent(value) : NumberText.short(value) }
    guard runs.count == 1 else {
      let bests = zip(labels, runs).compactMap { label, run in
        let values = points(run, validation).map(\.y).filter(\.isFinite)
        return (isShare ? values.max() : values.min()).map { (label, $0) }
      }
      guard let best = bests.min(by: { isShare ? $0.1 > $1.1 : $0.1 < $1.1 }) else { return "The \(what) of \(runs.count) runs" }
      return "The \(isShare ? "highest" : "lowest") \(what) on validation is \(text(best.1)), of \(best.0)"
    }
    let validated = points(runs[0], validation)
    let shown = validated.isEmpty ? points(runs[0], train) : validated
    let name = validated.isEmpty ? "Training \(what)" : "Validation \(what)"
    if let broken = shown.first(where: { !$0.y.isFinite }) {
      return "\(name) is no finite number from \(NumberText.short(broken.x)) \(xTitle) on"
    }
    guard let first = shown.first?.y, let last = shown.last?.y else { return name }
    return "\(name) \(Self.verb(first, last)) from \(text(first)) to \(text(last))"
  }

  static func verb(_ first: Double, _ last: Double) -> String { last < first ? "falls" : last > first ? "rises" : "goes" }

  private var timeline: Figure? {
    var rows: [[String]] = []
    let bands = zip(labels, runs).map { label, run in
      let phases = PhaseSpan.spans(of: run)
      for phase in phases {
        rows.append([
          label, "\(phase.index)", NumberText.short(time(run, phase.from)), NumberText.short(time(run, phase.to)), phase.forms,
          phase.settings,
        ])
      }
      return TimelineChart.Bands(
        name: label,
        phases: phases.filter { $0.to > $0.from }.map {
          ("\($0.index)", time(run, $0.from), time(run, $0.to), "phase \($0.index): \($0.forms)")
        })
    }
    let rates = runs.enumerated().map { index, run in
      LineChart.Series(name: labels[index], color: color(index), points: points(run, \.rate))
    }
    guard rates.contains(where: { !$0.points.isEmpty }) else { return nil }
    let phases = bands.map(\.phases.count)
    let title =
      runs.count == 1
      ? "\(NumberText.counted(phases[0], "phase")); the rate \(Self.rateText(rates[0].points.map(\.y)))"
      : "Phases and rate of \(runs.count) runs"
    return TimelineChart(
      title: title, xTitle: xTitle, bands: bands, rates: rates, caption: "The rate is that of the last step of each epoch.",
      table: DataTable(["run", "phase", "from (\(xTitle))", "to", "forms", "settings"], rows)
    ).figure
  }

  private static func rateText(_ values: [Double]) -> String {
    guard let first = values.first, let last = values.last, let high = values.max() else { return "is not known" }
    if values.allSatisfy({ $0 == first }) { return "stays at \(NumberText.short(first))" }
    return high > first
      ? "rises to \(NumberText.short(high)) and ends at \(NumberText.short(last))"
      : "goes from \(NumberText.short(first)) to \(NumberText.short(last))"
  }
}
