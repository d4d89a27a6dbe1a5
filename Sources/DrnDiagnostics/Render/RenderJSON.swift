import DrnSource

/// JSON Lines: one object per diagnostic, versioned by `"schema": 1`; `docs/errors/diagnostics.schema.json` is its schema.
///
/// Positions are byte offsets with `line` and `column` as editors count them, both from 1. Keys always come in the same order, and a key
/// whose value is absent is left out.
public func renderJSON(_ diagnostics: [Diagnostic], sources: SourceMap) -> String {
  diagnostics.map { jsonObject(fields($0, sources)) + "\n" }.joined()
}

private func fields(_ diagnostic: Diagnostic, _ sources: SourceMap) -> [(String, String)] {
  var fields: [(String, String)] = [
    ("schema", "1"), ("code", jsonString(diagnostic.code.id)), ("name", jsonString(diagnostic.code.name)),
    ("severity", jsonString(diagnostic.severity.rawValue)), ("message", jsonString(diagnostic.message)),
  ]
  if let primary = diagnostic.primary { fields.append(("primary", label(primary, sources))) }
  fields.append(("secondary", jsonArray(diagnostic.secondary.map { label($0, sources) })))
  fields.append(("notes", jsonArray(diagnostic.notes.map(jsonString))))
  if let help = diagnostic.help { fields.append(("help", jsonString(help))) }
  fields.append(("fixes", jsonArray(diagnostic.fixIts.map { fix($0, sources) })))
  return fields
}

private func label(_ label: Label, _ sources: SourceMap) -> String {
  jsonObject(range(label.span, sources) + [("message", jsonString(label.message))])
}

private func fix(_ fixIt: FixIt, _ sources: SourceMap) -> String {
  let edits = fixIt.edits.map { jsonObject(range($0.span, sources) + [("replacement", jsonString($0.replacement))]) }
  return jsonObject([
    ("message", jsonString(fixIt.message)), ("confidence", jsonString(fixIt.confidence.rawValue)), ("edits", jsonArray(edits)),
  ])
}

private func range(_ span: Span, _ sources: SourceMap) -> [(String, String)] {
  var fields: [(String, String)] = []
  if let place = position(of: Label(span, ""), sources) {
    fields = [
      ("file", jsonString(place.name)), ("line", "\(place.start.line)"), ("column", "\(place.start.column)"),
      ("endLine", "\(place.end.line)"), ("endColumn", "\(place.end.column)"),
    ]
  }
  return fields + [("start", "\(span.start)"), ("end", "\(span.end)")]
}
