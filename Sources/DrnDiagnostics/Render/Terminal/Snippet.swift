import DrnSource

/// A label that is to be drawn under a line.
struct Mark {
  let label: Label
  let isPrimary: Bool
}

/// Draws the lines of one file that carry labels.
struct Snippet {
  let source: SourceFile
  let marks: [Mark]
  let palette: Palette
  let severity: Severity
  /// The width of the line numbers.
  let gutter: Int
  let width: Int

  /// `│`-framed rows, without the heading that names the file.
  func rows() -> [String] {
    var rows = [frame("")]
    var last: Int?
    for line in markedLines() {
      if let last, line > last + 1 { rows.append(paintedGutter("") + " " + palette.paint(palette.gap, .frame)) }
      rows += draw(line)
      last = line
    }
    return rows
  }

  /// A row without a line number.
  func frame(_ content: String) -> String {
    let row = paintedGutter("") + " " + palette.paint(palette.bar, .frame)
    return content.isEmpty ? row : row + " " + content
  }

  private func paintedGutter(_ number: String) -> String {
    palette.paint(String(repeating: " ", count: max(0, gutter - number.count)) + number, .frame)
  }

  private func markedLines() -> [Int] {
    Array(Set(marks.map { source.lineIndex(at: $0.label.span.start) })).sorted()
  }

  private func draw(_ number: Int) -> [String] {
    let here = marks.filter { source.lineIndex(at: $0.label.span.start) == number }
    let focus = here.first { $0.isPrimary } ?? here.first
    let line = SourceLine(source, line: number, around: focus?.label.span.start ?? 0)
    let limit = max(20, width - gutter - 3 - 2 * palette.ellipsis.count)
    let window = line.window(around: focus.map { line.index(at: $0.label.span.start) } ?? 0, limit: limit)
    let before = window.lowerBound > 0 || line.isCut.before ? palette.ellipsis : ""
    let after = window.upperBound < line.cells.count || line.isCut.after ? palette.ellipsis : ""
    let text = before + line.text(window) + after
    let heading = paintedGutter(String(number + 1)) + " " + palette.paint(palette.bar, .frame)
    return [text.isEmpty ? heading : heading + " " + text]
      + here.map { frame(underline($0, line, window, indent: before.count)) }
  }

  /// The row that underlines one label and says its message.
  private func underline(_ mark: Mark, _ line: SourceLine, _ window: Range<Int>, indent: Int) -> String {
    let start = min(max(line.index(at: mark.label.span.start), window.lowerBound), window.upperBound)
    let stop = mark.label.span.end >= line.end ? line.cells.count : line.index(at: mark.label.span.end)
    let shown = start..<max(start, min(stop, window.upperBound))
    let length = max(1, line.width(shown))
    let ink: Ink = mark.isPrimary ? .severity(severity) : .secondary
    let symbol = mark.isPrimary ? palette.primaryMark : palette.secondaryMark
    let marker = String(repeating: symbol, count: length) + (mark.label.message.isEmpty ? "" : " " + mark.label.message)
    let offset = indent + (window.lowerBound < start ? line.width(window.lowerBound..<start) : 0)
    return String(repeating: " ", count: offset) + palette.paint(marker, ink)
  }
}
