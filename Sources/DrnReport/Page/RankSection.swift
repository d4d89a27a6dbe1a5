/// Rank and effective rank of every weight over time.
struct RankSection {
  private let run: RunRecord
  private let history: RankHistory
  private let last: Int
  private let prefix: String
  init(_ run: RunRecord, prefix: String = "") {
    self.run = run
    self.prefix = prefix
    history = RankHistory(run)
    last = max(1, run.lastStep)
  }

  private var xTitle: String { run.stepsPerEpoch == nil ? "steps" : "epochs" }

  var figures: [Figure] {
    var figures: [Figure] = []
    if history.hasRanks {
      figures.append(
        map(
          "Ranks",
          caption:
            "Shade: the rank as a share of the short side of the weight, which is full. A form without a rank, such as dense, is drawn as full.",
          row: { row, step in row.rank(at: step).map { Double($0) } ?? row.shortSide.map(Double.init) },
          end: { row in row.rank(at: last).map { "\($0)" } ?? "full" }, changes: { $0.ranks.map(\.step) }))
    }
    if history.hasMeasurements {
      figures.append(
        map(
          "Effective ranks", caption: "Shade: exp(entropy of the singular values) as a share of the short side, as last measured.",
          row: { row, step in row.effective(at: step) },
          end: { row in row.effective(at: last).map(NumberText.short) ?? "" }, changes: { $0.effective.map(\.step) }))
    }
    return figures
  }

  private func map(
    _ what: String, caption: String, row value: (RankHistory.Row, Int) -> Double?, end: (RankHistory.Row) -> String,
    changes: (RankHistory.Row) -> [Int]
  ) -> Figure {
    let rows = history.rows.filter { !changes($0).isEmpty }
    let columns = min(HeatMap.mostColumns, max(1, last))
    // A column shows what holds at its last step, before the next one begins.
    let steps = (0..<columns).map { ($0 + 1) * last / columns - (columns < last ? 1 : 0) }
    let shares = rows.map { row -> [Double?] in
      let most = row.shortSide.map(Double.init) ?? max(1, steps.compactMap { value(row, $0) }.max() ?? 1)
      return steps.map { step in value(row, step).map { $0 / most } }
    }
    let size = (rows.count + HeatMap.mostRows - 1) / HeatMap.mostRows
    var drawn: [HeatMap.Row] = []
    for start in stride(from: 0, to: rows.count, by: max(1, size)) {
      let group = start..<min(rows.count, start + max(1, size))
      let mean = steps.indices.map { column -> Double? in
        let known = group.compactMap { shares[$0][column] }
        return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
      }
      let name = Self.name(rows[start])
      drawn.append(
        .init(
          name: group.count == 1 ? name : "\(name) +\(group.count - 1)", end: group.count == 1 ? ending(rows[start], end) : "", shades: mean
        ))
    }
    let grouped = size > 1 ? " Each row is the mean of \(size) neighbouring weights." : ""
    return HeatMap(
      title: prefix + title(what, rows, shares), caption: caption + grouped, xTitle: xTitle, end: run.time(ofStep: last), rows: drawn,
      legend: ("0 %", "25 %", "100 %"), table: table(rows, value, changes)
    ).figure
  }

  private static func name(_ row: RankHistory.Row) -> String { row.name.hasSuffix(".weight") ? String(row.name.dropLast(7)) : row.name }

  private func ending(_ row: RankHistory.Row, _ end: (RankHistory.Row) -> String) -> String {
    let text = end(row)
    return text.isEmpty || text == "full" ? text : row.shortSide.map { "\(text) of \($0)" } ?? text
  }

  /// Of the weights that have a rank at any time.
  private func title(_ what: String, _ rows: [RankHistory.Row], _ all: [[Double?]]) -> String {
    let shares = zip(rows, all).filter { row, _ in row.ranks.contains { $0.rank != nil } }.map(\.1)
    func mean(_ pick: ([Double?]) -> Double?) -> Double? {
      let known = shares.compactMap(pick)
      return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
    }
    guard let first = mean({ $0.first { $0 != nil } ?? nil }), let last = mean({ $0.last { $0 != nil } ?? nil }) else { return what }
    let columns = shares.map(\.count).max() ?? 0
    let means = (0..<columns).compactMap { column in mean { $0.indices.contains(column) ? $0[column] : nil } }
    let high = means.max() ?? last
    let (a, b) = (NumberText.percentShort(first), NumberText.percentShort(last))
    if high > max(first, last) * 1.1 {
      return "\(what) rise from \(a) to \(NumberText.percentShort(high)) of full and end at \(b), on average"
    }
    return a == b
      ? "\(what) stay at \(a) of full, on average" : "\(what) \(last < first ? "fall" : "rise") from \(a) to \(b) of full, on average"
  }

  /// A row for each step at which something changed.
  private func table(
    _ rows: [RankHistory.Row], _ value: (RankHistory.Row, Int) -> Double?, _ changes: (RankHistory.Row) -> [Int]
  ) -> DataTable {
    let shown = rows.prefix(30)
    let steps = Set(shown.flatMap(changes)).sorted()
    let few = DataTable([""], steps.map { ["\($0)"] }, most: 200)
    var table = DataTable(
      [xTitle] + shown.map(Self.name),
      few.rows.compactMap { $0.first.flatMap { Int($0) } }.map { step in
        [NumberText.short(run.time(ofStep: step))] + shown.map { row in NumberText.short(value(row, step)) }
      })
    let notes = [few.note, rows.count > shown.count ? "\(shown.count) of \(rows.count) weights." : nil].compactMap { $0 }
    table.note = notes.isEmpty ? nil : notes.joined(separator: " ")
    return table
  }
}

extension NumberText {
  /// A share in whole percents.
  static func percentShort(_ value: Double) -> String {
    value.isFinite && abs(value) < 1e6 ? "\(Int((value * 100).rounded()))\u{202F}%" : short(value)
  }
}
