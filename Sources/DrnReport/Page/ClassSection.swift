import DrnJSON

/// How well each class is told apart: recall and precision, and which class is taken for which where the summary says so.
struct ClassSection {
  private let run: RunRecord
  private let prefix: String
  init(_ run: RunRecord, prefix: String = "") { (self.run, self.prefix) = (run, prefix) }

  /// Classes of a matrix that are drawn.
  private static let mostClasses = 40

  var figures: [Figure] { [recalls, confusion].compactMap { $0 } }

  private func name(_ index: Int) -> String {
    let names = run.model["output"]?["classes"]?.items ?? []
    return names.indices.contains(index) ? names[index].text ?? names[index].encoded : "\(index)"
  }

  private func numbers(_ field: String) -> [Double?] { (run.summary[field]?.items ?? []).map(\.double) }

  private var recalls: Figure? {
    for split in ["test", "validation"] {
      let (recall, precision) = (numbers("\(split)_class_recall"), numbers("\(split)_class_precision"))
      guard !recall.isEmpty else { continue }
      var order = Array(recall.indices)
      order.sort { (recall[$0] ?? 2, $0) < (recall[$1] ?? 2, $1) }
      let worst = order[0]
      let rows = order.map { index in
        BarChart.Row(name: name(index), values: [recall[index], precision.indices.contains(index) ? precision[index] : nil])
      }
      return BarChart(
        title: prefix
          + "Hardest class of the \(split): \(Markup.short(name(worst), 40)), of which \(NumberText.percent(recall[worst])) are found",
        xTitle: "share of examples", series: ["recall", "precision"], rows: rows,
        caption: "Recall: examples of the class that are found. Precision: those taken for the class that are of it. Lowest recall first.",
        isDots: true, written: NumberText.percent
      ).figure
    }
    return nil
  }

  /// By true class, how often each class was taken for it: one list of all counts, or a list for each true class.
  private func matrix(_ split: String) -> [[Double]]? {
    guard let items = run.summary["\(split)_confusion"]?.items, !items.isEmpty else { return nil }
    let counts = items.flatMap { $0.items ?? [$0] }.map { max(0, $0.double ?? 0) }
    let side = Int(Double(counts.count).squareRoot())
    guard side > 1, side * side == counts.count, items.count == counts.count || items.count == side else { return nil }
    return (0..<side).map { Array(counts[$0 * side..<($0 + 1) * side]) }
  }

  private var confusion: Figure? {
    guard let split = ["test", "validation"].first(where: { matrix($0) != nil }), let matrix = matrix(split) else { return nil }
    let count = min(matrix.count, Self.mostClasses)
    let names = (0..<count).map { Markup.middle(name($0), 12) }
    let left = Double(names.map(\.count).max() ?? 1) * Frame.letter + 26
    let cell = min(34, (Frame.width - left - 12) / Double(count))
    let frame = Frame(height: cell * Double(count) + left + 24, left: left, right: 12, top: 8, bottom: left + 16)
    var body = ""
    for row in 0..<count {
      let total = matrix[row].reduce(0, +)
      for column in 0..<count where matrix[row][column] > 0 {
        let share = matrix[row][column] / max(1, total)
        let level = 1 + NumberText.part(share.squareRoot(), of: 12)
        let (x, y) = (left + Double(column) * cell, frame.top + Double(row) * cell)
        body += Frame.rectangle(
          x, y, cell - 1, cell - 1, "h\(level)", title: "\(name(row)) taken for \(name(column)): \(NumberText.short(matrix[row][column]))")
        if cell >= 26 {
          body += Frame.text(
            NumberText.compact(matrix[row][column]), x + cell / 2, y + cell / 2 + 4, level > 6 ? "mid small white" : "mid small")
        }
      }
      if cell >= 11 {
        body += Frame.text(names[row], left - 5, frame.top + (Double(row) + 0.5) * cell + 4, "end")
        let x = left + (Double(row) + 0.5) * cell + 4
        body += Frame.text(names[row], x, frame.top + Double(count) * cell + 5, "end", isTurned: true)
      }
    }
    body += Frame.text("true class", 11, frame.top + cell * Double(count) / 2, "mid quiet", isTurned: true)
    body += Frame.text("taken for", left + cell * Double(count) / 2, frame.height - 5, "mid quiet")
    return Figure(
      title: title(matrix, split), svg: frame.svg(label: title(matrix, split), body),
      caption: "Counts; shade: the square root of the share of a row."
        + (count < matrix.count ? " \(count) of \(matrix.count) classes are drawn." : ""),
      table: DataTable(
        ["true"] + (0..<count).map(name), (0..<count).map { row in [name(row)] + matrix[row].prefix(count).map(NumberText.short) }))
  }

  private func title(_ matrix: [[Double]], _ split: String) -> String {
    var worst: (row: Int, column: Int, count: Double)?
    for row in matrix.indices {
      for column in matrix.indices where row != column && matrix[row][column] > worst?.count ?? 0 {
        worst = (row, column, matrix[row][column])
      }
    }
    guard let worst else { return prefix + "No example of the \(split) is taken for another class" }
    return prefix
      + "Most often confused on the \(split): \(Markup.short(name(worst.row), 30)) taken for \(Markup.short(name(worst.column), 30)), \(NumberText.short(worst.count)) times"
  }
}
