/// What changes of form and rank lost, and the singular values before and after each change of form.
struct TransitionSection {
  private let run: RunRecord
  private let prefix: String
  init(_ run: RunRecord, prefix: String = "") { (self.run, self.prefix) = (run, prefix) }

  /// Spectra that are drawn.
  private static let mostSpectra = 24
  private var xTitle: String { run.stepsPerEpoch == nil ? "steps" : "epochs" }

  var figures: [Figure] { (errors.map { [$0] } ?? []) + spectra }

  /// Every change of form.
  var tables: String {
    guard !run.transitions.isEmpty else { return "" }
    let rows = run.transitions.map { change in
      [
        NumberText.short(run.time(ofStep: change.step)), change.weight, Self.form(change.from, change.fromRank),
        Self.form(change.to, change.toRank), NumberText.percent(change.truncationError), NumberText.short(change.lossBefore),
        NumberText.short(change.lossAfter),
      ]
    }
    let table = DataTable([xTitle, "weight", "from", "to", "truncation error", "validation loss before", "after"], rows, most: 200)
    return "<details><summary>\(Markup.escaped(prefix))Every change of form (\(rows.count))</summary>\(Markup.table(table))</details>"
  }

  private static func form(_ word: String, _ rank: Int?) -> String { word + (rank.map { " \($0)" } ?? "") }

  private var errors: Figure? {
    let forms = run.transitions.compactMap { change in change.truncationError.map { (run.time(ofStep: change.step), $0, change.weight) } }
    let ranks = run.rankEvents.compactMap { change in change.truncationError.map { (run.time(ofStep: change.step), $0, change.weight) } }
    let drawn = (forms + ranks).filter { $0.1 > 1e-5 && $0.1.isFinite }
    guard let worst = drawn.max(by: { $0.1 < $1.1 }) else { return nil }
    func series(_ name: String, _ color: Int, _ values: [(Double, Double, String)]) -> [LineChart.Series] {
      let points = values.filter { $0.1 > 1e-5 && $0.1.isFinite }.map { (x: $0.0, y: $0.1) }
      return points.isEmpty ? [] : [.init(name: name, color: color, isDots: true, points: points)]
    }
    let exact = forms.count + ranks.count - drawn.count
    var figure = LineChart(
      title: prefix + "The largest truncation loses \(NumberText.percent(worst.1)) of \(worst.2)", xTitle: xTitle, yTitle: "relative error",
      isShare: true, includesZero: true, xEnd: run.time(ofStep: run.lastStep),
      caption: "In the Frobenius norm, relative to the weight."
        + (exact > 0 ? " \(NumberText.counted(exact, "change")) that lost less than 0.001 % \(exact == 1 ? "is" : "are") not drawn." : ""),
      series: series("form", 1, forms) + series("rank", 2, ranks)
    ).figure
    let rows = (forms + ranks).sorted { $0.0 < $1.0 }.map { [NumberText.short($0.0), $0.2, NumberText.percent($0.1)] }
    figure = Figure(title: figure.title, svg: figure.svg, caption: figure.caption, table: DataTable([xTitle, "weight", "error"], rows))
    return figure
  }

  private var spectra: [Figure] {
    let held = run.transitions.filter { !$0.before.isEmpty }
    let shown: [TransitionRecord]
    if held.count > Self.mostSpectra {
      let order = held.enumerated().sorted { ($0.element.truncationError ?? 0, $1.offset) > ($1.element.truncationError ?? 0, $0.offset) }
      let chosen = Set(order.prefix(Self.mostSpectra).map(\.offset))
      shown = held.enumerated().filter { chosen.contains($0.offset) }.map(\.element)
    } else {
      shown = held
    }
    return shown.enumerated().map { index, change in
      var figure = spectrum(change)
      if index == 0, held.count > shown.count {
        figure.caption += " \(shown.count) of \(held.count) changes are drawn, those that lost most."
      }
      return figure
    }
  }

  private func spectrum(_ change: TransitionRecord) -> Figure {
    func points(_ values: [Double]) -> [(x: Double, y: Double)] {
      // Numbers this far below the largest are what rounding leaves.
      let least = (values.max() ?? 0) * 1e-6
      return values.enumerated().map { (Double($0.offset + 1), $0.element > least ? $0.element : 0) }.filter { $0.1 > 0 }
    }
    let lost = change.truncationError.map { $0 < 1e-5 ? "nothing lost" : "\(NumberText.percent($0)) lost" }
    let name = change.weight.hasSuffix(".weight") ? String(change.weight.dropLast(7)) : change.weight
    let when = "\(NumberText.short(run.time(ofStep: change.step))) \(xTitle)"
    let title =
      "\(prefix)\(name) from \(Self.form(change.from, change.fromRank)) to \(Self.form(change.to, change.toRank)) after \(when)"
      + (lost.map { ": \($0)" } ?? "")
    var series = [LineChart.Series(name: "before", color: 1, points: points(change.before))]
    if !change.after.isEmpty { series.append(.init(name: "after", color: 2, isDashed: true, points: points(change.after))) }
    return LineChart(
      title: title, xTitle: "number of the singular value, from the largest", yTitle: "singular value (log)", isLogarithmic: true,
      series: series
    ).figure
  }
}
