import DrnSource

/// Shows the lines a fix-it changes, as they would be afterwards.
struct FixPreview {
  /// A fix that would show more lines, or longer ones, is only named.
  static let mostLines = 6
  private static let longestText = 4096

  let fixIt: FixIt
  let sources: SourceMap
  let palette: Palette
  let gutter: Int

  /// The changed lines with their numbers; empty when the fix reaches several files or too many lines.
  func rows() -> [String] {
    guard let first = fixIt.edits.first, let source = sources[first.span.file] else { return [] }
    guard fixIt.edits.allSatisfy({ $0.span.file == source.id && $0.span.end <= source.bytes.count }) else { return [] }
    guard !fixIt.edits.allSatisfy({ takesOutLines($0, source) }) else { return [] }
    let start = fixIt.edits.map(\.span.start).min() ?? 0
    let end = fixIt.edits.map(\.span.end).max() ?? 0
    let firstLine = source.lineIndex(at: start)
    let range = source.lineRange(firstLine).lowerBound..<source.lineRange(source.lineIndex(at: end)).upperBound
    guard range.count <= Self.longestText else { return [] }
    let growth = fixIt.edits.reduce(0) { $0 + $1.replacement.utf8.count - $1.span.length }
    let fixed = apply([fixIt], to: source)
    let changed = fixed[range.lowerBound..<min(fixed.count, max(range.lowerBound, range.upperBound + growth))]
    let preview = SourceFile(id: source.id, name: source.name, bytes: Array(changed))
    guard preview.lineStarts.count <= Self.mostLines else { return [] }
    return preview.lineStarts.indices.map { row(firstLine + $0 + 1, SourceLine(preview, line: $0)) }
  }

  /// Whether an edit only takes out whole lines: what would be shown is a line that stays as it is.
  private func takesOutLines(_ edit: FixIt.Edit, _ source: SourceFile) -> Bool {
    edit.replacement.isEmpty && source.lineStarts.contains(edit.span.start)
      && (source.lineStarts.contains(edit.span.end) || edit.span.end == source.bytes.count)
  }

  private func row(_ number: Int, _ line: SourceLine) -> String {
    let digits = String(number)
    let padding = String(repeating: " ", count: max(0, gutter - digits.count))
    return palette.paint(padding + digits, .frame) + " " + palette.paint("+ " + line.text(0..<line.cells.count), .addition)
  }
}
