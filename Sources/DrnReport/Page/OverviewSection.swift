import DrnJSON

/// What the runs came to: tiles of one run, a table of several.
struct OverviewSection {
  private let runs: [RunRecord]
  init(_ runs: [RunRecord]) { self.runs = runs }

  var html: String {
    var html = runs.count == 1 ? tiles(runs[0]) : Markup.table(table)
    var details = ""
    for run in runs {
      let prefix = runs.count > 1 ? run.name + ": " : ""
      for note in run.notes { html += "<p class=\"note\"><mark>\(Markup.escaped(prefix + note))</mark></p>" }
      if let saved = run.summary["saved"]?.text { details += "<p class=\"note\">\(Markup.escaped(prefix + "saved: " + saved)).</p>" }
      if !run.others.isEmpty { details += (prefix.isEmpty ? "" : "<p class=\"note\">\(Markup.escaped(prefix))</p>") + others(run) }
    }
    return html
      + (details.isEmpty ? "" : "<details><summary>Which weights were saved, and what else happened</summary>\(details)</details>")
  }

  private func tiles(_ run: RunRecord) -> String {
    let tiles = Self.figures(run).filter { !$0.value.isEmpty }
    return "<dl class=\"tiles\">"
      + tiles.map { tile in
        // What stands in brackets is said smaller.
        let parts = tile.value.split(separator: "(", maxSplits: 1).map { Markup.escaped($0.filter { $0 != ")" }) }
        return "<div><dt>\(Markup.escaped(tile.name))</dt><dd>\(parts[0])\(parts.count > 1 ? "<small>\(parts[1])</small>" : "")</dd></div>"
      }.joined() + "</dl>"
  }

  private var table: DataTable {
    let rows = runs.map(Self.figures)
    let shown = rows[0].indices.filter { column in rows.contains { !$0[column].value.isEmpty } }
    return DataTable(
      ["run"] + shown.map { rows[0][$0].name }, zip(runs, rows).map { run, figures in [run.name] + shown.map { figures[$0].value } })
  }

  /// The figures of a run, the same names for every run; an empty value for what it has not.
  private static func figures(_ run: RunRecord) -> [(name: String, value: String)] {
    let last = run.epochs.last
    let dense = run.figure("dense_trainable_parameters")
    func parameters(_ name: String) -> String {
      guard let value = run.figure(name) else { return "" }
      let share = dense.flatMap { $0 > 0 ? " (\(NumberText.percent(value / $0)) of dense)" : nil } ?? ""
      return NumberText.compact(value) + share
    }
    let seconds = run.timing.reduce(0) { $0 + $1.seconds }
    return [
      ("state", run.state.rawValue), ("epochs", run.epochs.isEmpty ? "" : "\(run.epochs.count)"),
      ("steps", run.lastStep > 0 ? NumberText.count(run.lastStep) : ""),
      ("test accuracy", NumberText.percent(run.figure("test_accuracy"))), ("test loss", NumberText.short(run.figure("test_loss"))),
      ("validation accuracy", NumberText.percent(run.figure("validation_accuracy") ?? last?.validationAccuracy)),
      ("validation loss", NumberText.short(run.figure("validation_loss") ?? last?.validationLoss)),
      ("trained at the end", parameters("final_trainable_parameters")), ("trained on average", parameters("average_trainable_parameters")),
      ("deployed", parameters("deployed_parameters")),
      ("largest arena", run.figure("peak_arena_bytes").map(NumberText.bytes) ?? ""),
      ("time in steps", seconds > 0 ? NumberText.seconds(seconds) : ""),
    ]
  }

  private func others(_ run: RunRecord) -> String {
    let rows = run.others.map { [$0.step.map { NumberText.short(run.time(ofStep: $0)) } ?? "", $0.kind, $0.text] }
    return Markup.table(DataTable([run.stepsPerEpoch == nil ? "step" : "epoch", "event", "what"], rows, most: 100))
  }
}
