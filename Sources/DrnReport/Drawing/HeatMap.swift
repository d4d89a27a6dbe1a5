/// Values of rows over time by shade.
struct HeatMap {
  /// One row.
  struct Row {
    let name: String
    /// Written at its end.
    let end: String
    /// Between 0 and 1, by column; `nil` for none.
    let shades: [Double?]
  }
  let title: String
  let caption: String
  let xTitle: String
  /// The last x; the first is 0.
  let end: Double
  let rows: [Row]
  /// What the least, the middle and the greatest shade stand for; shades go by the square root, since ranks are mostly small shares.
  let legend: (low: String, middle: String, high: String)
  let table: DataTable

  /// Shades that are told apart.
  private static let levels = 12
  /// Rows that are drawn.
  static let mostRows = 64
  /// Columns that are drawn.
  static let mostColumns = 120

  var figure: Figure {
    let names = rows.map { Markup.middle($0.name, 20) }
    let left = Double(names.map(\.count).max() ?? 0) * Frame.letter + 10
    let right = Double(rows.map(\.end.count).max() ?? 0) * Frame.letter + 14
    let rowHeight = rows.count <= 12 ? 20.0 : rows.count <= 30 ? 14 : 9
    let frame = Frame(
      height: Double(rows.count) * rowHeight + 60, left: min(max(left, 60), 160), right: min(max(right, 66), 110), top: 4, bottom: 56)
    let columns = max(1, rows.map(\.shades.count).max() ?? 1)
    let width = (frame.innerRight - frame.innerLeft) / Double(columns)
    var paths = [String](repeating: "", count: Self.levels + 1)
    var body = ""
    var lastLabel = -100.0
    for (index, row) in rows.enumerated() {
      let top = frame.innerTop + Double(index) * rowHeight
      add(row, top, rowHeight, width, frame.innerLeft, to: &paths)
      guard top - lastLabel >= 13 else { continue }
      lastLabel = top
      body += Frame.text(names[index], frame.innerLeft - 5, top + rowHeight / 2 + 4, "end")
      body += Frame.text(row.end, frame.innerRight + 5, top + rowHeight / 2 + 4)
    }
    let cells = paths.enumerated().filter { !$0.element.isEmpty }.map { "<path class=\"h\($0.offset)\" d=\"\($0.element)\"/>" }.joined()
    let x = AxisScale([0, end], from: frame.innerLeft, to: frame.innerRight, isPadded: false)
    let ticks = x.ticks(5)
    for (tick, text) in zip(ticks, x.texts(ticks)) {
      guard let place = x.place(tick) else { continue }
      body +=
        Frame.line(place, frame.innerBottom, place, frame.innerBottom + 4, "axis") + Frame.text(text, place, frame.innerBottom + 16, "mid")
    }
    body += Frame.text(xTitle, frame.innerRight + 18, frame.innerBottom + 16, "quiet")
    body += legendText(frame)
    let said = rows.prefix(40).map { "\($0.name): \($0.end)" }.joined(separator: "; ")
    return Figure(
      title: title, svg: frame.svg(label: "\(title). \(xTitle) along, one row for each weight. At the end \(said)", cells + body),
      caption: caption, table: table)
  }

  /// Neighbouring cells of one shade are one rectangle.
  private func add(_ row: Row, _ top: Double, _ height: Double, _ width: Double, _ left: Double, to paths: inout [String]) {
    let c = Markup.coordinate
    let levels = row.shades.map(Self.level)
    var start = 0
    while start < levels.count {
      var end = start + 1
      while end < levels.count, levels[end] == levels[start] { end += 1 }
      paths[levels[start]] +=
        "M\(c(left + Double(start) * width)) \(c(top))h\(c(Double(end - start) * width))v\(c(height - 1))H\(c(left + Double(start) * width))z"
      start = end
    }
  }

  /// 0 for no value, else from 1.
  private static func level(_ shade: Double?) -> Int {
    guard let shade, shade.isFinite else { return 0 }
    return 1 + NumberText.part(max(0, shade).squareRoot(), of: levels)
  }

  private func legendText(_ frame: Frame) -> String {
    let (y, width) = (frame.height - 27.0, 14.0)
    let start = frame.innerLeft
    var body =
      Frame.text(legend.low, start, y + 23, "quiet")
      + Frame.text(legend.middle, start + Double(Self.levels) * width / 2, y + 23, "mid quiet")
    for level in 1...Self.levels { body += Frame.rectangle(start + Double(level - 1) * width, y, width, 11, "h\(level)") }
    return body + Frame.text(legend.high, start + Double(Self.levels) * width, y + 23, "end quiet")
  }
}
