/// Values beside each other in horizontal bars or dots, by group.
struct BarChart {
  /// One line of the chart.
  struct Row {
    let name: String
    /// A value for each series; `nil` for none.
    let values: [Double?]
  }
  let title: String
  let xTitle: String
  /// A name for each series.
  let series: [String]
  let rows: [Row]
  var caption = ""
  /// Dots do not have to begin at 0.
  var isDots = false
  let written: (Double) -> String

  /// Rows that are drawn.
  private static let mostRows = 40

  var figure: Figure {
    let shown = rows.prefix(Self.mostRows)
    let names = shown.map { Markup.middle($0.name, 20) }
    let band = isDots ? 16.0 : Double(series.count) * 13 + 9
    let left = Double(names.map(\.count).max() ?? 0) * Frame.letter + 12
    let frame = Frame(height: Double(shown.count) * band + 66, left: min(max(left, 30), 160), right: isDots ? 20 : 70, top: 26, bottom: 40)
    let values = shown.flatMap { $0.values.compactMap { $0 } }
    let x = AxisScale(values, from: frame.innerLeft, to: frame.innerRight, includesZero: !isDots, isPadded: isDots)
    var body = key(frame)
    let ticks = x.ticks(4)
    for tick in ticks {
      guard let place = x.place(tick) else { continue }
      body += Frame.line(place, frame.innerTop, place, frame.innerBottom, "grid")
      body += Frame.text(written(tick), place, frame.innerBottom + 15, "mid")
    }
    body += Frame.text(xTitle, (frame.innerLeft + frame.innerRight) / 2, frame.height - 5, "mid quiet")
    for (index, row) in shown.enumerated() {
      let top = frame.innerTop + Double(index) * band
      body += Frame.text(names[index], frame.innerLeft - 5, top + band / 2 + 4, "end")
      for (number, value) in row.values.enumerated() {
        guard let value, let place = x.place(value) else { continue }
        body += isDots ? dot(place, top + band / 2, number) : bar(frame.innerLeft, place, top + 4 + Double(number) * 13, number, value)
      }
    }
    let more = rows.count > shown.count ? " \(shown.count) of \(rows.count) rows are drawn." : ""
    return Figure(
      title: title, svg: frame.svg(label: title + ". " + said, body), caption: (caption + more).trimmed,
      table: DataTable([""] + series, rows.map { [$0.name] + $0.values.map { $0.map(written) ?? "" } }))
  }

  private var said: String {
    rows.prefix(20).map { row in
      row.name + ": " + zip(series, row.values).compactMap { name, value in value.map { "\(name) \(written($0))" } }.joined(separator: ", ")
    }.joined(separator: "; ")
  }

  private func bar(_ left: Double, _ right: Double, _ top: Double, _ number: Int, _ value: Double) -> String {
    Frame.rectangle(left, top, right - left, 11, "f\(number + 1)") + Frame.text(written(value), right + 4, top + 9.5, "small")
  }

  private func dot(_ x: Double, _ y: Double, _ number: Int) -> String {
    let c = Markup.coordinate
    // Two shapes as well as two colours.
    return number == 0
      ? "<circle class=\"f1\" cx=\"\(c(x))\" cy=\"\(c(y))\" r=\"4\"/>"
      : "<path class=\"f\(number + 1)\" d=\"M\(c(x)) \(c(y - 5))l5 5l-5 5l-5 -5z\"/>"
  }

  private func key(_ frame: Frame) -> String {
    var (body, x) = ("", frame.innerLeft)
    for (number, name) in series.enumerated() where series.count > 1 {
      body += isDots ? dot(x + 5, 11, number) : Frame.rectangle(x, 6, 11, 11, "f\(number + 1)")
      body += Frame.text(name, x + 16, 15)
      x += Double(name.count) * Frame.letter + 32
    }
    return body
  }
}
