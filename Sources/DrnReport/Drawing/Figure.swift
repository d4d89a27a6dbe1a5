/// A chart with what says the same in words and in numbers.
struct Figure {
  /// What is seen, as a sentence without a stop.
  let title: String
  /// The drawing.
  let svg: String
  /// How to read it; may be empty.
  var caption = ""
  /// The numbers that are drawn.
  let table: DataTable

  var html: String {
    "<figure><figcaption><h3>\(Markup.escaped(title))</h3></figcaption>\(svg)"
      + (caption.isEmpty ? "" : "<p class=\"note\">\(Markup.escaped(caption))</p>")
      + "<details><summary>Numbers</summary>\(Markup.table(table))</details></figure>"
  }
}

/// The frame of a chart: the size of the drawing and of the part within the axes.
struct Frame {
  let width: Double
  let height: Double
  let left: Double
  let right: Double
  let top: Double
  let bottom: Double
  /// Charts are drawn for a column of this width and grow with it, so that their letters can be read on a telephone.
  static let width = 440.0
  /// One character of a label, about.
  static let letter = 6.4

  init(width: Double = Frame.width, height: Double = 250, left: Double = 52, right: Double = 96, top: Double = 12, bottom: Double = 38) {
    (self.width, self.height, self.left, self.right, self.top, self.bottom) = (width, height, left, right, top, bottom)
  }

  var innerLeft: Double { left }
  var innerRight: Double { width - right }
  var innerTop: Double { top }
  var innerBottom: Double { height - bottom }

  /// The whole drawing around its parts; `label` is read out where the drawing is not seen.
  func svg(label: String, _ body: String) -> String {
    "<svg viewBox=\"0 0 \(Markup.coordinate(width)) \(Markup.coordinate(height))\" role=\"img\" aria-label=\"\(Markup.escaped(label))\">\(body)</svg>\n"
  }

  static func text(_ text: String, _ x: Double, _ y: Double, _ classes: String = "", isTurned: Bool = false) -> String {
    let (x, y) = (Markup.coordinate(x), Markup.coordinate(y))
    return
      "<text x=\"\(x)\" y=\"\(y)\"\(classes.isEmpty ? "" : " class=\"\(classes)\"")\(isTurned ? " transform=\"rotate(-90 \(x) \(y))\"" : "")>\(Markup.escaped(text))</text>"
  }

  static func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ classes: String) -> String {
    let c = Markup.coordinate
    return "<path class=\"\(classes)\" d=\"M\(c(x1)) \(c(y1))L\(c(x2)) \(c(y2))\"/>"
  }

  static func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ classes: String, title: String = "") -> String {
    let c = Markup.coordinate
    let box = "<rect class=\"\(classes)\" x=\"\(c(x))\" y=\"\(c(y))\" width=\"\(c(max(0, width)))\" height=\"\(c(max(0, height)))\""
    return title.isEmpty ? box + "/>" : box + "><title>\(Markup.escaped(title))</title></rect>"
  }

  /// Grid lines and numbers of both axes, with what they count.
  func axes(x: AxisScale, _ xTitle: String, y: AxisScale, _ yTitle: String, isShare: Bool = false, yTexts: ((Double) -> String)? = nil)
    -> String
  {
    var body = ""
    let ticks = y.ticks(5)
    for (tick, text) in zip(ticks, yTexts.map { ticks.map($0) } ?? y.texts(ticks, isShare: isShare)) {
      guard let place = y.place(tick) else { continue }
      body += Self.line(innerLeft, place, innerRight, place, "grid") + Self.text(text, innerLeft - 5, place + 3.5, "end")
    }
    let below = x.ticks(max(2, Int((innerRight - innerLeft) / 55)))
    for (tick, text) in zip(below, x.texts(below)) {
      guard let place = x.place(tick) else { continue }
      body += Self.line(place, innerBottom, place, innerBottom + 4, "axis") + Self.text(text, place, innerBottom + 16, "mid")
    }
    body += Self.line(innerLeft, innerBottom, innerRight, innerBottom, "axis")
    body += Self.text(xTitle, (innerLeft + innerRight) / 2, height - 4, "mid quiet")
    return body + Self.text(yTitle, 11, (innerTop + innerBottom) / 2, "mid quiet", isTurned: true)
  }
}
