import DrnJSON
import DrnSource

/// A log in the Static Analysis Results Interchange Format 2.1.0 (OASIS 2020), as code scanning services read it.
///
/// Columns count Unicode scalars from 1, which the log states. Hints are SARIF's `note`. A code that occurs is described once, under
/// `rules`, in the order of first occurrence.
public struct SARIFLog: Sendable {
  private let version: String
  private var rules: [Code] = []
  private var results: [String] = []

  /// A log without results, by that version of drnc.
  public init(version: String) { self.version = version }

  /// Adds a result for every diagnostic.
  public mutating func add(_ diagnostics: [Diagnostic], sources: SourceMap) {
    for diagnostic in diagnostics { results.append(result(diagnostic, sources)) }
  }

  /// The whole log as JSON text with a line break at its end.
  public func text() -> String {
    let driver = JSONText.object([
      ("name", JSONText.string("drnc")), ("version", JSONText.string(version)), ("rules", JSONText.array(rules.map(rule))),
    ])
    let run = JSONText.object([
      ("tool", JSONText.object([("driver", driver)])), ("columnKind", JSONText.string("unicodeCodePoints")),
      ("results", JSONText.array(results)),
    ])
    return JSONText.object([
      ("$schema", JSONText.string("https://json.schemastore.org/sarif-2.1.0.json")), ("version", JSONText.string("2.1.0")),
      ("runs", JSONText.array([run])),
    ]) + "\n"
  }

  private func rule(_ code: Code) -> String {
    var fields = [("id", JSONText.string(code.id)), ("name", JSONText.string(code.name)), ("shortDescription", message(code.summary))]
    if let page = Page.of(code) {
      fields.append(("fullDescription", message(page.meaning + " " + page.why)))
      fields.append(("help", JSONText.object([("text", JSONText.string(page.text)), ("markdown", JSONText.string(page.markdown))])))
    }
    return JSONText.object(fields + [("defaultConfiguration", JSONText.object([("level", JSONText.string(level(code.severity)))]))])
  }

  private mutating func result(_ diagnostic: Diagnostic, _ sources: SourceMap) -> String {
    let index = rules.firstIndex(of: diagnostic.code) ?? rules.count
    if index == rules.count { rules.append(diagnostic.code) }
    var fields = [
      ("ruleId", JSONText.string(diagnostic.code.id)), ("ruleIndex", "\(index)"), ("level", JSONText.string(level(diagnostic.severity))),
      ("message", message(diagnostic.fullText)),
    ]
    if let place = diagnostic.primary.flatMap({ location($0, sources) }) { fields.append(("locations", JSONText.array([place]))) }
    let related = diagnostic.secondary.compactMap { location($0, sources) }
    if !related.isEmpty { fields.append(("relatedLocations", JSONText.array(related))) }
    let fixes = diagnostic.fixIts.compactMap { fix($0, sources) }
    if !fixes.isEmpty { fields.append(("fixes", JSONText.array(fixes))) }
    return JSONText.object(fields)
  }

  private func location(_ label: Label, _ sources: SourceMap) -> String? {
    guard let place = position(of: label, sources) else { return nil }
    let physical = JSONText.object([("artifactLocation", artifact(place.name)), ("region", region(place))])
    return JSONText.object([("physicalLocation", physical)] + (label.message.isEmpty ? [] : [("message", message(label.message))]))
  }

  /// One artifact change for each file the fix touches, in the order of its edits.
  private func fix(_ fixIt: FixIt, _ sources: SourceMap) -> String? {
    var names: [String] = []
    var replacements: [String: [String]] = [:]
    for edit in fixIt.edits {
      guard let place = position(of: Label(edit.span, ""), sources) else { return nil }
      if replacements[place.name] == nil { names.append(place.name) }
      let content = JSONText.object([("text", JSONText.string(edit.replacement))])
      replacements[place.name, default: []].append(JSONText.object([("deletedRegion", region(place)), ("insertedContent", content)]))
    }
    let changes = names.map {
      JSONText.object([("artifactLocation", artifact($0)), ("replacements", JSONText.array(replacements[$0] ?? []))])
    }
    let confidence = JSONText.object([("confidence", JSONText.string(fixIt.confidence.rawValue))])
    return JSONText.object([
      ("description", message(fixIt.message)), ("artifactChanges", JSONText.array(changes)), ("properties", confidence),
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

private func message(_ text: String) -> String { JSONText.object([("text", JSONText.string(text))]) }

private func region(_ place: Position) -> String {
  JSONText.object([
    ("startLine", "\(place.start.line)"), ("startColumn", "\(place.start.column)"), ("endLine", "\(place.end.line)"),
    ("endColumn", "\(place.end.column)"),
  ])
}

private func artifact(_ name: String) -> String { JSONText.object([("uri", JSONText.string(uriReference(name)))]) }

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
