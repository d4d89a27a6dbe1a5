import DrnJSON
import DrnSource

/// JSON Lines: one object per diagnostic, versioned by `"schema": 1`; `docs/errors/diagnostics.schema.json` is its schema.
///
/// Positions are byte offsets with `line` and `column` as editors count them, both from 1. Keys always come in the same order, and a key
/// whose value is absent is left out.
public func renderJSON(_ diagnostics: [Diagnostic], sources: SourceMap) -> String {
  diagnostics.map { JSON.fields(fields($0, sources)).encoded + "\n" }.joined()
}

private func fields(_ diagnostic: Diagnostic, _ sources: SourceMap) -> [(String, JSON)] {
  var fields: [(String, JSON)] = [
    ("schema", 1), ("code", .string(diagnostic.code.id)), ("name", .string(diagnostic.code.name)),
    ("severity", .string(diagnostic.severity.rawValue)), ("message", .string(diagnostic.message)),
  ]
  if let primary = diagnostic.primary { fields.append(("primary", label(primary, sources))) }
  fields.append(("secondary", .array(diagnostic.secondary.map { label($0, sources) })))
  fields.append(("notes", .array(diagnostic.notes.map { JSON.string($0) })))
  if let help = diagnostic.help { fields.append(("help", .string(help))) }
  fields.append(("fixes", .array(diagnostic.fixIts.map { fix($0, sources) })))
  return fields
}

private func label(_ label: Label, _ sources: SourceMap) -> JSON {
  .fields(range(label.span, sources) + [("message", .string(label.message))])
}

private func fix(_ fixIt: FixIt, _ sources: SourceMap) -> JSON {
  let edits = fixIt.edits.map { JSON.fields(range($0.span, sources) + [("replacement", .string($0.replacement))]) }
  return .fields([
    ("message", .string(fixIt.message)), ("confidence", .string(fixIt.confidence.rawValue)),
    ("edits", .array(edits)),
  ])
}

private func range(_ span: Span, _ sources: SourceMap) -> [(String, JSON)] {
  var fields: [(String, JSON)] = []
  if let place = position(of: Label(span, ""), sources) {
    fields = [
      ("file", .string(place.name)), ("line", .integer(place.start.line)), ("column", .integer(place.start.column)),
      ("endLine", .integer(place.end.line)), ("endColumn", .integer(place.end.column)),
    ]
  }
  return fields + [("start", .integer(span.start)), ("end", .integer(span.end))]
}
