import DrnSource

/// JSON Lines: one object per diagnostic, versioned by `"schema": 1`.
///
/// Positions are byte offsets with `line` and `column` as editors count them, both from 1. Keys always come in the same order, and a key
/// whose value is absent is left out.
public func renderJSON(_ diagnostics: [Diagnostic], sources: SourceMap) -> String {
  diagnostics.map { object(fields($0, sources)) + "\n" }.joined()
}

private func fields(_ diagnostic: Diagnostic, _ sources: SourceMap) -> [(String, String)] {
  var fields: [(String, String)] = [
    ("schema", "1"), ("code", quoted(diagnostic.code.id)), ("name", quoted(diagnostic.code.name)),
    ("severity", quoted(diagnostic.severity.rawValue)), ("message", quoted(diagnostic.message)),
  ]
  if let primary = diagnostic.primary { fields.append(("primary", label(primary, sources))) }
  fields.append(("secondary", array(diagnostic.secondary.map { label($0, sources) })))
  fields.append(("notes", array(diagnostic.notes.map(quoted))))
  if let help = diagnostic.help { fields.append(("help", quoted(help))) }
  fields.append(("fixes", array(diagnostic.fixIts.map { fix($0, sources) })))
  return fields
}

private func label(_ label: Label, _ sources: SourceMap) -> String {
  object(range(label.span, sources) + [("message", quoted(label.message))])
}

private func fix(_ fixIt: FixIt, _ sources: SourceMap) -> String {
  let edits = fixIt.edits.map { object(range($0.span, sources) + [("replacement", quoted($0.replacement))]) }
  return object([
    ("message", quoted(fixIt.message)), ("confidence", quoted(fixIt.confidence.rawValue)), ("edits", array(edits)),
  ])
}

private func range(_ span: Span, _ sources: SourceMap) -> [(String, String)] {
  var fields: [(String, String)] = []
  if let place = position(of: Label(span, ""), sources) {
    fields = [
      ("file", quoted(place.name)), ("line", "\(place.start.line)"), ("column", "\(place.start.column)"),
      ("endLine", "\(place.end.line)"), ("endColumn", "\(place.end.column)"),
    ]
  }
  return fields + [("start", "\(span.start)"), ("end", "\(span.end)")]
}

private func object(_ fields: [(String, String)]) -> String {
  "{" + fields.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
}

private func array(_ elements: [String]) -> String { "[" + elements.joined(separator: ",") + "]" }

/// A JSON string literal (RFC 8259, section 7).
public func jsonString(_ text: String) -> String { quoted(text) }

private func quoted(_ text: String) -> String {
  var literal = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": literal += "\\\""
    case "\\": literal += "\\\\"
    case "\n": literal += "\\n"
    case "\r": literal += "\\r"
    case "\t": literal += "\\t"
    default:
      if scalar.value < 0x20 {
        let digits = String(scalar.value, radix: 16)
        literal += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      } else {
        literal.unicodeScalars.append(scalar)
      }
    }
  }
  return literal + "\""
}
