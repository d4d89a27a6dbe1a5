import DrnSource

/// Diagnostics as a person reads them: the message, the source with each label underlined, notes, help, and what a fix would write.
public func renderTerminal(_ diagnostics: [Diagnostic], sources: SourceMap, options: RenderOptions) -> String {
  diagnostics.map { TerminalRenderer(diagnostic: $0, sources: sources, options: options).render() }.joined(separator: "\n")
}

private struct TerminalRenderer {
  let diagnostic: Diagnostic
  let sources: SourceMap
  let options: RenderOptions

  private var palette: Palette { Palette(color: options.color, unicode: options.unicode) }

  func render() -> String {
    let rows = heading() + snippets() + remarks() + fixes()
    return rows.map { $0 + "\n" }.joined()
  }

  private func heading() -> [String] {
    let mark = "\(diagnostic.severity.rawValue)[\(diagnostic.code.id)]"
    let lines = wrap(": " + diagnostic.message, width: max(20, options.width - mark.count))
    return lines.enumerated().map { index, line in
      (index == 0 ? palette.paint(mark, .severity(diagnostic.severity)) : "  ") + palette.paint(line, .title)
    }
  }

  private var marks: [Mark] {
    let primary = diagnostic.primary.map { [Mark(label: $0, isPrimary: true)] } ?? []
    return primary + diagnostic.secondary.map { Mark(label: $0, isPrimary: false) }
  }

  /// The files that have labels: that of the primary label first, the others as they come.
  private var files: [SourceFile] {
    var seen: Set<FileID> = []
    return marks.compactMap { seen.insert($0.label.span.file).inserted ? sources[$0.label.span.file] : nil }
  }

  /// Room for the largest line number that is shown.
  private var gutter: Int {
    let labels = marks.map(\.label.span) + diagnostic.fixIts.flatMap { $0.edits.map(\.span) }
    let lines = labels.map { span in (sources[span.file]?.lineIndex(at: span.end) ?? 0) + 1 }
    return String(lines.max() ?? 1).count
  }

  private func snippets() -> [String] {
    files.enumerated().flatMap { index, source in
      let here = marks.filter { $0.label.span.file == source.id }
      let snippet = Snippet(
        source: source, marks: here, palette: palette, severity: diagnostic.severity, gutter: gutter, width: options.width)
      return [location(source, here, index == 0 ? palette.corner : palette.branch)] + snippet.rows()
    }
  }

  private func location(_ source: SourceFile, _ marks: [Mark], _ symbol: String) -> String {
    let place = source.lineColumn(at: marks.first?.label.span.start ?? 0)
    let indent = String(repeating: " ", count: options.unicode ? gutter + 1 : gutter)
    return indent + palette.paint(symbol, .frame) + " \(source.name):\(place.line):\(place.column)"
  }

  private func remarks() -> [String] {
    let notes = diagnostic.notes.map { ("note", $0) }
    let help = diagnostic.help.map { [("help", $0)] } ?? []
    return (notes + help).flatMap { remark($0.0, $0.1) }
  }

  private func remark(_ kind: String, _ text: String) -> [String] {
    let indent = gutter + 1
    let lines = wrap(text, width: max(20, options.width - indent - kind.count - 4))
    return lines.enumerated().map { index, line in
      let blank = String(repeating: " ", count: kind.count + 4)
      let head = index == 0 ? "\(palette.paint("=", .frame)) \(palette.paint(kind, .title)): " : blank
      return String(repeating: " ", count: indent) + head + line
    }
  }

  private func fixes() -> [String] {
    diagnostic.fixIts.flatMap { fixIt in
      remark("fix", fixIt.message) + FixPreview(fixIt: fixIt, sources: sources, palette: palette, gutter: gutter).rows()
    }
  }
}
