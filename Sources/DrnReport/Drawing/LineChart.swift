/// Series over one axis, each named beside its end.
struct LineChart {
  /// One line.
  struct Series {
    /// Written beside the end of the line, and in the table.
    let name: String
    /// The number of its colour.
    let color: Int
    var isDashed = false
    /// Whether a value holds until the next, as a rank does.
    var isStepped = false
    /// Whether the name is drawn; the table has it in any case.
    var isLabelled = true
    /// Whether points are drawn by themselves, without a line.
    var isDots = false
    let points: [(x: Double, y: Double)]
  }
  /// A moment that is marked across the chart.
  struct Mark {
    let x: Double
    let text: String
  }
  let title: String
  let xTitle: String
  let yTitle: String
  var isLogarithmic = false
  var isShare = false
  var includesZero = false
  /// How far the x axis goes at least.
  var xEnd: Double?
  /// How values of the y axis are written, where numbers alone would say too little.
  var yText: ((Double) -> String)?
  var marks: [Mark] = []
  /// A point that is drawn larger.
  var highlight: (x: Double, y: Double, text: String)?
  var caption = ""
  let series: [Series]

  /// Points of a line that are drawn.
  static let mostPoints = 400
  /// Lines that are drawn.
  static let mostSeries = 24

  var figure: Figure {
    let shown = series.prefix(Self.mostSeries)
    let longest = shown.filter(\.isLabelled).map { min($0.name.count, 22) }.max() ?? 0
    let points = shown.flatMap(\.points)
    let values = AxisScale(points.map(\.y), from: 1, to: 0, isLogarithmic: isLogarithmic, includesZero: includesZero)
    let frame = Frame(
      left: values.margin(isShare: isShare, yText), right: max(14, Double(longest) * Frame.letter + 24))
    let x = AxisScale(
      points.map(\.x) + marks.map(\.x) + (xEnd.map { [$0] } ?? []), from: frame.innerLeft, to: frame.innerRight, includesZero: true,
      isPadded: false)
    let y = AxisScale(
      points.map(\.y), from: frame.innerBottom, to: frame.innerTop, isLogarithmic: isLogarithmic, includesZero: includesZero)
    var body = frame.axes(x: x, xTitle, y: y, yTitle, isShare: isShare, yTexts: yText)
    body += marksText(frame, x)
    for one in shown { body += path(one, x, y, frame) }
    body += labels(Array(shown), frame, x, y)
    if let highlight, let px = x.place(highlight.x), let py = y.place(highlight.y) {
      let c = Markup.coordinate
      body += "<circle class=\"ring\" cx=\"\(c(px))\" cy=\"\(c(py))\" r=\"4.5\"><title>\(Markup.escaped(highlight.text))</title></circle>"
    }
    let more = series.count > shown.count ? " \(shown.count) of \(series.count) lines are drawn." : ""
    let thinned =
      shown.contains { $0.points.count > Self.mostPoints } ? " Of neighbouring points the least and the greatest are drawn." : ""
    return Figure(
      title: title, svg: frame.svg(label: label, body), caption: (caption + thinned + more).trimmed, table: table)
  }

  private var label: String {
    "\(title). \(yTitle) over \(xTitle). "
      + series.prefix(Self.mostSeries).map { one in
        guard let last = one.points.last else { return "\(one.name): no values" }
        return "\(one.name): from \(written(one.points[0].y)) to \(written(last.y))"
      }.joined(separator: "; ")
  }

  private func written(_ value: Double) -> String { isShare ? NumberText.percent(value) : yText?(value) ?? NumberText.short(value) }

  private func path(_ one: Series, _ x: AxisScale, _ y: AxisScale, _ frame: Frame) -> String {
    let c = Markup.coordinate
    if one.isDots { return dots(one, x, y) }
    var (data, lost, isOpen): (String, [Double], Bool) = ("", [], false)
    var lastY = 0.0
    for point in Thinning.thinned(one.points, most: Self.mostPoints) {
      guard let px = x.place(point.x) else { continue }
      guard let py = y.place(point.y) else {
        if !point.y.isFinite { lost.append(px) }
        isOpen = false
        continue
      }
      if isOpen, one.isStepped { data += "L\(c(px)) \(c(lastY))" }
      data += "\(isOpen ? "L" : "M")\(c(px)) \(c(py))"
      if !isOpen, one.points.count == 1 { data += "h.1" }
      (isOpen, lastY) = (true, py)
    }
    let crosses = lost.prefix(100).map { "M\(c($0 - 3)) \(c(frame.innerTop + 1))l6 6m0 -6l-6 6" }.joined()
    return (data.isEmpty ? "" : "<path class=\"line s\(one.color)\(one.isDashed ? " dash" : "")\" d=\"\(data)\"/>")
      + (crosses.isEmpty ? "" : "<path class=\"line s\(one.color)\" d=\"\(crosses)\"><title>not a finite number</title></path>")
  }

  private func dots(_ one: Series, _ x: AxisScale, _ y: AxisScale) -> String {
    let c = Markup.coordinate
    let data = Thinning.thinned(one.points, most: Self.mostPoints * 4).compactMap { point -> String? in
      guard let px = x.place(point.x), let py = y.place(point.y) else { return nil }
      return "M\(c(px)) \(c(py))h0"
    }.joined()
    return data.isEmpty ? "" : "<path class=\"dots s\(one.color)\" d=\"\(data)\"/>"
  }

  /// Names at the ends of the lines, moved apart where lines end close to each other; a piece of the line before each says which it is.
  private func labels(_ shown: [Series], _ frame: Frame, _ x: AxisScale, _ y: AxisScale) -> String {
    var within = ""
    var places: [(y: Double, series: Series)] = shown.filter(\.isLabelled).compactMap { one in
      if let last = one.points.last(where: { y.place($0.y) != nil }), let px = x.place(last.x), let py = y.place(last.y),
        px + Double(one.name.count) * Frame.letter + 12 < frame.innerRight - 10
      {
        // A line that ends before the others has its name there.
        within += Frame.text(Markup.middle(one.name, 22), px + 7, max(py - 3, frame.innerTop + 9))
        return nil
      }
      return one.points.last { y.place($0.y) != nil }.flatMap { y.place($0.y) }.map { ($0, one) }
    }
    places.sort { $0.y < $1.y }
    let gap = min(14, (frame.innerBottom - frame.innerTop) / Double(max(1, places.count)))
    for place in places.indices.dropFirst() { places[place].y = max(places[place].y, places[place - 1].y + gap) }
    if var limit = places.last.map({ min($0.y, frame.innerBottom) }) {
      for place in places.indices.reversed() {
        places[place].y = min(places[place].y, limit)
        limit = places[place].y - gap
      }
    }
    return within
      + places.map { place in
        Frame.line(
          frame.innerRight + 4, place.y, frame.innerRight + 15, place.y,
          "line s\(place.series.color)\(place.series.isDashed ? " dash" : "")")
          + Frame.text(Markup.middle(place.series.name, 22), frame.innerRight + 19, place.y + 4)
      }.joined()
  }

  private func marksText(_ frame: Frame, _ x: AxisScale) -> String {
    marks.prefix(60).compactMap { mark in
      x.place(mark.x).map { place in
        "<path class=\"mark\" d=\"M\(Markup.coordinate(place)) \(Markup.coordinate(frame.innerTop))V\(Markup.coordinate(frame.innerBottom))\"><title>\(Markup.escaped(mark.text))</title></path>"
      }
    }.joined()
  }

  /// One row for each x, with a column for each series.
  private var table: DataTable {
    var rows: [Double: [String]] = [:]
    let shown = series.prefix(Self.mostSeries)
    for (column, one) in shown.enumerated() {
      for point in one.points where point.x.isFinite {
        rows[point.x, default: Array(repeating: "", count: shown.count)][column] = written(point.y)
      }
    }
    return DataTable([xTitle] + shown.map(\.name), rows.sorted { $0.key < $1.key }.map { [NumberText.short($0.key)] + $0.value })
  }
}
