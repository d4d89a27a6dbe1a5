import DrnJSON
import DrnSource

/// A log in the Static Analysis Results Interchange Format 2.1.0 (OASIS 2020), as code scanning services read it.
///
/// Columns count Unicode scalars from 1, which the log states. Hints are SARIF's `note`. A code that occurs is described once, under
/// `rules`, in the order of first occurrence.
public struct SARIFLog: Sendable {
  private let version: String
  private var rules: [Code] = []
  private var results: [JSON] = []

  /// A log without results, by that version of drnc.
  public init(version: String) { self.version = version }

  /// Adds a result for every diagnostic.
  public mutating func add(_ diagnostics: [Diagnostic], sources: SourceMap) {
    for diagnostic in diagnostics { results.append(result(diagnostic, sources)) }
  }

  /// The whole log as JSON text with a line break at its end.
  public func text() -> String {
    let driver = JSON.fields([
      ("name", .string("drnc")), ("version", .string(version)), ("rules", .array(rules.map(rule))),
    ])
    let run = JSON.fields([
      ("tool", .fields([("driver", driver)])), ("columnKind", .string("unicodeCodePoints")),
      ("results", .array(results)),
    ])
    let log = JSON.fields([
      ("$schema", .string("https://json.schemastore.org/sarif-2.1.0.json")), ("version", .string("2.1.0")),
      ("runs", .array([run])),
    ])
    return log.encoded + "\n"
  }

  private func rule(_ code: Code) -> JSON {
    let page = code.page
    return .fields([
      ("id", .string(code.id)), ("name", .string(code.name)), ("shortDescription", message(code.summary)),
      ("fullDescription", message(page.meaning + " " + page.why)),
      ("help", .fields([("text", .string(page.text)), ("markdown", .string(page.markdown))])),
      ("defaultConfiguration", .fields([("level", .string(level(code.severity)))])),
    ])
  }

  private mutating func result(_ diagnostic: Diagnostic, _ sources: SourceMap) -> JSON {
    let index = rules.firstIndex(of: diagnostic.code) ?? rules.count
    if index == rules.count { rules.append(diagnostic.code) }
    var fields: [(String, JSON)] = [
      ("ruleId", .string(diagnostic.code.id)), ("ruleIndex", .integer(index)), ("level", .string(level(diagnostic.severity))),
      ("message", message(diagnostic.fullText)),
    ]
    if let place = diagnostic.primary.flatMap({ location($0, sources) }) { fields.append(("locations", .array([place]))) }
    let related = diagnostic.secondary.compactMap { location($0, sources) }
    if !related.isEmpty { fields.append(("relatedLocations", .array(related))) }
    let fixes = diagnostic.fixIts.compactMap { fix($0, sources) }
    if !fixes.isEmpty { fields.append(("fixes", .array(fixes))) }
    return .fields(fields)
  }

  private func location(_ label: Label, _ sources: SourceMap) -> JSON? {
    guard let place = position(of: label, sources) else { return nil }
    let physical = JSON.fields([("artifactLocation", artifact(place.name)), ("region", region(place))])
    return .fields([("physicalLocation", physical)] + (label.message.isEmpty ? [] : [("message", message(label.message))]))
  }

  /// One artifact change for each file the fix touches, in the order of its edits.
  private func fix(_ fixIt: FixIt, _ sources: SourceMap) -> JSON? {
    var names: [String] = []
    var replacements: [String: [JSON]] = [:]
    for edit in fixIt.edits {
      guard let place = position(of: Label(edit.span, ""), sources) else { return nil }
      if replacements[place.name] == nil { names.append(place.name) }
      let content = JSON.fields([("text", .string(edit.replacement))])
      replacements[place.name, default: []].append(.fields([("deletedRegion", region(place)), ("insertedContent", content)]))
    }
    let changes = names.map {
      JSON.fields([("artifactLocation", artifact($0)), ("replacements", .array(replacements[$0] ?? []))])
    }
    let confidence = JSON.fields([("confidence", .string(fixIt.confidence.rawValue))])
    return .fields([
      ("description", message(fixIt.message)), ("artifactChanges", .array(changes)), ("properties", confidence),
    ])
  }
}

/// All diagnostics as one SARIF log.
public func renderSARIF(_ diagnostics: [Diagnostic], sources: SourceMap, version: String) -> String {
  var log = SARIFLog(version: version)
  log.add(diagnostics, sources: sources)
  return log.text()
}

private func level(_ severity: Severity) -> String {
  switch severity {
  case .hint: "note"
  case .warning: "warning"
  case .error: "error"
  }
}

private func message(_ text: String) -> JSON { .fields([("text", .string(text))]) }

private func region(_ place: PrintedPosition) -> JSON {
  .fields([
    ("startLine", .integer(place.start.line)), ("startColumn", .integer(place.start.column)), ("endLine", .integer(place.end.line)),
    ("endColumn", .integer(place.end.column)),
  ])
}

private func artifact(_ name: String) -> JSON { .fields([("uri", .string(uriReference(name)))]) }

/// A path as a relative reference (RFC 3986): what is neither unreserved nor a slash is percent-encoded.
private func uriReference(_ path: String) -> String {
  let digits = Array("0123456789ABCDEF")
  return path.utf8.map { byte -> String in
    let scalar = Unicode.Scalar(byte)
    let isPlain =
      scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil || "-._~/".unicodeScalars.contains(scalar))
    return isPlain ? String(scalar) : "%" + String([digits[Int(byte >> 4)], digits[Int(byte & 15)]])
  }.joined()
}
