import DrnJSON
import DrnSource

/// JSON Lines: one object per diagnostic, versioned by `"schema": 1`; `docs/errors/diagnostics.schema.json` is its schema.
///
/// Positions are byte offsets with `line` and `column` as editors count them, both from 1. Keys always come in the same order, and a key
/// whose value is absent is left out.
public func renderJSON(_ diagnostics: [Diagnostic], sources: SourceMap) -> String {
  diagnostics.map { JSONText.object(fields($0, sources)) + "\n" }.joined()
}

private func fields(_ diagnostic: Diagnostic, _ sources: SourceMap) -> [(String, String)] {
  var fields: [(String, String)] = [
    ("schema", "1"), ("code", JSONText.string(diagnostic.code.id)), ("name", JSONText.string(diagnostic.code.name)),
    ("severity", JSONText.string(diagnostic.severity.rawValue)), ("message", JSONText.string(diagnostic.message)),
  ]
  if let primary = diagnostic.primary { fields.append(("primary", label(primary, sources))) }
  fields.append(("secondary", JSONText.array(diagnostic.secondary.map { label($0, sources) })))
  fields.append(("notes", JSONText.array(diagnostic.notes.map { JSONText.string($0) })))
  if let help = diagnostic.help { fields.append(("help", JSONText.string(help))) }
  fields.append(("fixes", JSONText.array(diagnostic.fixIts.map { fix($0, sources) })))
  return fields
}

private func label(_ label: Label, _ sources: SourceMap) -> String {
  JSONText.object(range(label.span, sources) + [("message", JSONText.string(label.message))])
}

private func fix(_ fixIt: FixIt, _ sources: SourceMap) -> String {
  let edits = fixIt.edits.map { JSONText.object(range($0.span, sources) + [("replacement", JSONText.string($0.replacement))]) }
  return JSONText.object([
    ("message", JSONText.string(fixIt.message)), ("confidence", JSONText.string(fixIt.confidence.rawValue)),
    ("edits", JSONText.array(edits)),
  ])
}

private func range(_ span: Span, _ sources: SourceMap) -> [(String, String)] {
  var fields: [(String, String)] = []
  if let place = position(of: Label(span, ""), sources) {
    fields = [
      ("file", JSONText.string(place.name)), ("line", "\(place.start.line)"), ("column", "\(place.start.column)"),
      ("endLine", "\(place.end.line)"), ("endColumn", "\(place.end.column)"),
    ]
  }
  return fields + [("start", "\(span.start)"), ("end", "\(span.end)")]
}
