extension NetworkGraph {
  private static let lineHeight = 15.0

  /// The graph as a drawing of its own, in light and dark.
  public var svg: String {
    let sizes = nodes.map { node in
      (
        width: max(70, Double(node.lines.map(\.count).max() ?? 0) * Frame.letter + 18),
        height: Double(node.lines.count) * Self.lineHeight + 9
      )
    }
    let layout = GraphLayout(sizes: sizes, edges: edges)
    var body = Frame.text(title, 12, 18, "title")
    body += frames(sizes, layout)
    for route in layout.routes { body += Self.arrow(route) }
    for (index, node) in nodes.enumerated() { body += Self.box(node, sizes[index], layout.centers[index]) }
    let (width, height) = (max(layout.width, Double(title.count) * 8 + 24), layout.height)
    let c = Markup.coordinate
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(c(width)) \(c(height))" width="\(c(width))" height="\(c(height))" role="img" aria-label="\(Markup.escaped(title + ": " + said))">
      <style>\(Self.style)</style>
      <defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="head" d="M0 0L8 4L0 8z"/></marker></defs>
      <rect class="ground" width="100%" height="100%"/>
      \(body)</svg>

      """
  }

  private static let style =
    "svg{--ground:#fff;--box:#f4f4f4;--low:#cfe3f2;--ink:#1b1b1b;--quiet:#595959;--frame:#b9b9b9}"
    + "@media(prefers-color-scheme:dark){svg{--ground:#15171a;--box:#26292e;--low:#1f4460;--ink:#e8e8e8;--quiet:#a9adb3;--frame:#555b63}}"
    + ".ground{fill:var(--ground)}.box{fill:var(--box);stroke:var(--quiet)}.low{fill:var(--low);stroke:var(--ink)}"
    + ".frame{fill:none;stroke:var(--frame);stroke-dasharray:4 3}.edge{fill:none;stroke:var(--quiet);stroke-width:1.3}.head{fill:var(--quiet)}"
    + "text{font:11.5px system-ui,'Segoe UI',Roboto,'Noto Sans',sans-serif;fill:var(--ink);text-anchor:middle}.name{font-weight:600}"
    + ".quiet{fill:var(--quiet)}.title{text-anchor:start;font-size:13px;font-weight:600}.block{text-anchor:start;fill:var(--quiet);font-weight:600}"

  private var said: String {
    nodes.prefix(200).map { $0.lines.joined(separator: ", ") }.joined(separator: "; ")
  }

  private static func box(_ node: Node, _ size: (width: Double, height: Double), _ center: (x: Double, y: Double)) -> String {
    let c = Markup.coordinate
    let (left, top) = (center.x - size.width / 2, center.y - size.height / 2)
    var body =
      "<rect class=\"\(node.isLowRank ? "low" : "box")\" x=\"\(c(left))\" y=\"\(c(top))\" width=\"\(c(size.width))\" height=\"\(c(size.height))\" rx=\"5\"/>"
    for (index, line) in node.lines.enumerated() {
      let classes = index == 0 ? "name" : index == node.lines.count - 1 ? "quiet" : ""
      body += Frame.text(line, center.x, top + 4 + (Double(index) + 0.75) * lineHeight, classes)
    }
    return body + "\n"
  }

  /// A line through its points, straight beside boxes and bent between layers.
  private static func arrow(_ points: [(x: Double, y: Double)]) -> String {
    let c = Markup.coordinate
    var data = "M\(c(points[0].x)) \(c(points[0].y))"
    for (last, next) in zip(points, points.dropFirst()) {
      let middle = (last.y + next.y) / 2
      data += last.x == next.x ? "V\(c(next.y))" : "C\(c(last.x)) \(c(middle)) \(c(next.x)) \(c(middle)) \(c(next.x)) \(c(next.y))"
    }
    return "<path class=\"edge\" d=\"\(data)\" marker-end=\"url(#head)\"/>\n"
  }

  private func frames(_ sizes: [(width: Double, height: Double)], _ layout: GraphLayout) -> String {
    blocks.enumerated().map { place, block in
      let members = nodes.indices.filter { nodes[$0].block == place }
      guard !members.isEmpty else { return "" }
      let left = members.map { layout.centers[$0].x - sizes[$0].width / 2 }.min() ?? 0
      let right = members.map { layout.centers[$0].x + sizes[$0].width / 2 }.max() ?? 0
      let top = members.map { layout.centers[$0].y - sizes[$0].height / 2 }.min() ?? 0
      let bottom = members.map { layout.centers[$0].y + sizes[$0].height / 2 }.max() ?? 0
      let label = block.count > 1 ? "\(block.name)  \u{00D7} \(block.count)" : block.name
      return Frame.rectangle(left - 9, top - 9, right - left + 18, bottom - top + 18, "frame")
        + Frame.text(label, left - 6, top - 13, "block") + "\n"
    }.joined()
  }
}
