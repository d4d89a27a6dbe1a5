import DrnJSON
import DrnDiagnostics
import DrnSource

extension LanguageServer {
  /// Checks every changed document and gives the diagnostics that are new, file by file.
  public mutating func settle() -> [JSON] {
    guard stage == .running, !unsettled.isEmpty else { return [] }
    var current: [String: [JSON]] = [:]
    var seen: [String: Set<JSON>] = [:]
    for uri in documents.keys.sorted() {
      guard let document = documents[uri] else { continue }
      for (file, diagnostics) in describe(analysis(document).snapshot) {
        let isNew = diagnostics.map { seen[file, default: []].insert($0).inserted }
        current[file, default: []] += zip(diagnostics, isNew).filter(\.1).map(\.0)
      }
    }
    let changed = Set(current.keys).union(published.keys).sorted().filter { uri in
      published[uri] != .array(current[uri] ?? []) || unsettled.contains(uri)
    }
    unsettled = []
    return changed.map { publish($0, current[$0] ?? []) }
  }

  private mutating func publish(_ uri: String, _ diagnostics: [JSON]) -> JSON {
    published[uri] = diagnostics.isEmpty && documents[uri] == nil ? nil : .array(diagnostics)
    let version = documents[uri]?.version.map { JSON.integer($0) }
    return Reply.notification(
      "textDocument/publishDiagnostics", JSON.make(["uri": .string(uri), "version": version, "diagnostics": .array(diagnostics)]))
  }

  /// The diagnostics of a snapshot by the URI of their file; the document itself always has an entry.
  private func describe(_ snapshot: Snapshot) -> [(String, [JSON])] {
    var result = snapshot.sources.files.map { (uri(path: $0.name), [JSON]()) }
    if !result.isEmpty { result[0].0 = snapshot.document.uri }
    for diagnostic in snapshot.diagnostics {
      let file = Int(diagnostic.primary?.span.file.index ?? 0)
      if result.indices.contains(file) { result[file].1.append(describe(diagnostic, snapshot)) }
    }
    return result.enumerated().filter { $0.offset == 0 || !$0.element.1.isEmpty }.map(\.element)
  }

  /// One diagnostic as the protocol writes it.
  func describe(_ diagnostic: Diagnostic, _ snapshot: Snapshot) -> JSON {
    let span = diagnostic.primary?.span ?? Span(file: snapshot.root, start: 0, end: 0)
    let isUnused = diagnostic.code == .unusedBinding || diagnostic.code == .unusedDeclaration
    let page = client.takesCodeDescription ? surroundings.page(diagnostic.code) : nil
    let related = client.takesRelatedInformation ? diagnostic.secondary.filter { !$0.message.isEmpty } : []
    return .make([
      "range": snapshot.range(span).json, "severity": .integer(severity(diagnostic.severity)), "code": .string(diagnostic.code.id),
      "codeDescription": page.map { ["href": .string($0)] }, "source": "drnc", "message": .string(text(diagnostic, snapshot)),
      "tags": isUnused ? [1] : nil,
      "relatedInformation": related.isEmpty ? nil : .array(related.map { relate($0, snapshot) }),
    ])
  }

  private func relate(_ label: Label, _ snapshot: Snapshot) -> JSON {
    ["location": location(label.span, snapshot), "message": .string(label.message)]
  }

  /// A span with the URI of its file.
  func location(_ span: Span, _ snapshot: Snapshot) -> JSON {
    let uri = span.file == snapshot.root ? snapshot.document.uri : uri(path: snapshot.path(span.file))
    return ["uri": .string(uri), "range": snapshot.range(span).json]
  }

  private func severity(_ severity: Severity) -> Int {
    switch severity {
    case .error: 1
    case .warning: 2
    case .hint: 3
    }
  }

  /// The message, then the facts and the advice that go with it, a line each.
  private func text(_ diagnostic: Diagnostic, _ snapshot: Snapshot) -> String {
    var lines = [diagnostic.message] + diagnostic.notes.map { "note: \($0)" }
    if let help = diagnostic.help { lines.append("help: \(help)") }
    if !client.takesRelatedInformation {
      lines += diagnostic.secondary.filter { !$0.message.isEmpty }.map { label in
        "line \(snapshot.range(label.span).start.line + 1): \(label.message)"
      }
    }
    return lines.joined(separator: "\n")
  }
}
