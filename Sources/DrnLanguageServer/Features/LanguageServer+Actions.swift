import DrnJSON
import DrnDiagnostics
import DrnSource

extension LanguageServer {
  /// Applies every safe fix of a document at once.
  static let fixAllKind = "source.fixAll.drnc"

  /// The fix-its of the diagnostics a range touches, the same that `drnc` prints; the safe ones together where a client asks for that.
  mutating func codeActions(_ parameters: JSON) throws(ResponseError) -> JSON {
    let range = try parameters.requiredRange()
    let snapshot = try snapshot(parameters)
    let wanted = (parameters[["context", "only"]]?.items ?? []).compactMap(\.text)
    func takes(_ kind: String) -> Bool { wanted.isEmpty || wanted.contains { kind == $0 || kind.hasPrefix($0 + ".") } }
    let start = snapshot.offset(range.start)
    let end = max(start, snapshot.offset(range.end))
    var actions: [JSON] = []
    if takes("quickfix") {
      for diagnostic in snapshot.diagnostics {
        guard let span = diagnostic.primary?.span, span.file == snapshot.root, span.start <= end, start <= span.end else { continue }
        actions += diagnostic.fixIts.map { quickFix($0, diagnostic, snapshot) }
      }
    }
    if takes(Self.fixAllKind), let action = fixAll(snapshot) { actions.append(action) }
    return .array(actions)
  }

  private func quickFix(_ fixIt: FixIt, _ diagnostic: Diagnostic, _ snapshot: Snapshot) -> JSON {
    [
      "title": .string(fixIt.message), "kind": "quickfix", "diagnostics": [describe(diagnostic, snapshot)],
      "isPreferred": .boolean(fixIt.confidence == .safe && diagnostic.fixIts.count == 1), "edit": workspaceEdit(edits(of: fixIt, snapshot)),
    ]
  }

  private func edits(of fixIt: FixIt, _ snapshot: Snapshot) -> [FileEdits] {
    let files = Dictionary(grouping: fixIt.edits, by: \.span.file)
    return files.keys.sorted().map { file in
      let edits = (files[file] ?? []).map { TextEdit(start: $0.span.start, end: $0.span.end, text: $0.replacement) }
      return FileEdits(path: snapshot.path(file), edits: edits, table: snapshot.table(file))
    }
  }

  private func fixAll(_ snapshot: Snapshot) -> JSON? {
    let fixIts = snapshot.diagnostics.compactMap { diagnostic in diagnostic.fixIts.first { $0.confidence == .safe } }
    guard let source = snapshot.sources[snapshot.root], !fixIts.isEmpty else { return nil }
    guard let edit = Self.difference(from: source.bytes, to: apply(fixIts, to: source)) else { return nil }
    let edits = [FileEdits(path: snapshot.path(snapshot.root), edits: [edit], table: snapshot.table(snapshot.root))]
    return ["title": "Apply every safe fix", "kind": .string(Self.fixAllKind), "edit": workspaceEdit(edits)]
  }
}
