/// The phases of runs as bands, and the rate below them over the same time.
struct TimelineChart {
  /// The bands of one run.
  struct Bands {
    let name: String
    let phases: [(label: String, from: Double, to: Double, title: String)]
  }
  let title: String
  let xTitle: String
  let bands: [Bands]
  let rates: [LineChart.Series]
  var caption = ""
  let table: DataTable

  /// Runs whose phases are drawn.
  private static let mostBands = 12
  /// Phases that are drawn of a run.
  private static let mostPhases = 200

  var figure: Figure {
    let shown = bands.prefix(Self.mostBands)
    let row = 20.0
    let head = Double(shown.count) * row + 10
    let named = rates.count > 1 || shown.count > 1
    let longest = named ? (rates.map { min($0.name.count, 22) }.max() ?? 0) : 0
    let times = shown.flatMap { $0.phases.flatMap { [$0.from, $0.to] } } + rates.flatMap { $0.points.map(\.x) }
    let values = rates.flatMap { $0.points.map(\.y) }.filter { $0 > 0 && $0.isFinite }
    // A rate that falls in steps of ten is seen on a logarithmic axis, one that ends close to 0 is not.
    let isWide = (20...1e4).contains((values.max() ?? 1) / (values.min() ?? 1))
    let margin = AxisScale(values, from: 1, to: 0, isLogarithmic: isWide, includesZero: !isWide).margin()
    let frame = Frame(
      height: 220 + head, left: max(margin, 52), right: max(14, Double(longest) * Frame.letter + 24), top: head + 6)
    let x = AxisScale(times, from: frame.innerLeft, to: frame.innerRight, includesZero: true, isPadded: false)
    let y = AxisScale(values, from: frame.innerBottom, to: frame.innerTop, isLogarithmic: isWide, includesZero: !isWide)
    var body = ""
    if !values.isEmpty { body += frame.axes(x: x, xTitle, y: y, "rate" + (isWide ? " (log)" : "")) }
    for (number, band) in shown.enumerated() {
      let top = Double(number) * row + 2
      if named { body += Frame.text(Markup.middle(band.name, 22), frame.innerRight + 6, top + 12) }
      body += Frame.text("phase", frame.innerLeft - 5, top + 12, "end quiet")
      for (index, phase) in band.phases.prefix(Self.mostPhases).enumerated() {
        guard let from = x.place(phase.from), let to = x.place(phase.to) else { continue }
        body += Frame.rectangle(from, top, max(1, to - from - 1), row - 4, index % 2 == 0 ? "band" : "band odd", title: phase.title)
        if Double(phase.label.count) * Frame.letter < to - from { body += Frame.text(phase.label, (from + to) / 2, top + 12, "mid") }
        if number == 0, index > 0 { body += Frame.line(from, frame.innerTop, from, frame.innerBottom, "mark") }
      }
    }
    for one in rates {
      body += LineChart.line(one, x, y)
      if named, let last = one.points.last(where: { y.place($0.y) != nil }), let place = y.place(last.y) {
        body += Frame.line(frame.innerRight + 4, place, frame.innerRight + 15, place, "line s\(one.color)")
      }
    }
    let said = shown.map { "\($0.name): \(NumberText.counted($0.phases.count, "phase"))" }.joined(separator: "; ")
    return Figure(title: title, svg: frame.svg(label: "\(title). \(said)", body), caption: caption, table: table)
  }
}

extension LineChart {
  /// A line by itself.
  static func line(_ one: Series, _ x: AxisScale, _ y: AxisScale) -> String {
    let c = Markup.coordinate
    var (data, isOpen) = ("", false)
    for point in Thinning.thinned(one.points, most: mostPoints) {
      guard let px = x.place(point.x), let py = y.place(point.y) else {
        isOpen = false
        continue
      }
      data += "\(isOpen ? "L" : "M")\(c(px)) \(c(py))"
      isOpen = true
    }
    return data.isEmpty ? "" : "<path class=\"line s\(one.color)\(one.isDashed ? " dash" : "")\" d=\"\(data)\"/>"
  }
}
