import DrnSource

/// One line per diagnostic, `file:line:column: error: message [DRN0101]`, as editors and `grep` read it.
public func renderPlain(_ diagnostics: [Diagnostic], sources: SourceMap) -> String {
  diagnostics.map { diagnostic in
    let place = position(of: diagnostic.primary, sources).map { "\($0.name):\($0.start.line):\($0.start.column): " } ?? ""
    return "\(place)\(diagnostic.severity.rawValue): \(diagnostic.message) [\(diagnostic.code.id)]\n"
  }.joined()
}

/// Where a label begins and ends, as editors count.
struct PrintedPosition {
  let name: String
  let start: LineColumn
  let end: LineColumn
}

/// The place of a label, or `nil` when there is none or its file is unknown.
func position(of label: Label?, _ sources: SourceMap) -> PrintedPosition? {
  guard let label, let source = sources[label.span.file] else { return nil }
  return PrintedPosition(name: source.name, start: source.lineColumn(at: label.span.start), end: source.lineColumn(at: label.span.end))
}
