import DrnJSON

/// A stretch of bytes and its new text.
struct TextEdit: Hashable, Sendable {
  let start: Int
  let end: Int
  let text: String
}

/// The edits of one file, with the table that turns its offsets into positions.
struct FileEdits {
  let path: String
  let edits: [TextEdit]
  let table: LineTable?

  var json: [JSON] {
    guard let table else { return [] }
    return edits.map { edit in
      let range = PositionRange(start: table.position(at: edit.start), end: table.position(at: edit.end))
      return ["range": range.json, "newText": .string(edit.text)]
    }
  }
}

extension LanguageServer {
  /// Edits of several files in the form the client takes.
  func workspaceEdit(_ files: [FileEdits]) -> JSON {
    let listed = files.map { file in (uri: uri(path: file.path), edits: JSON.array(file.json)) }
    guard client.takesDocumentChanges else { return ["changes": .object(listed.map { JSON.Member($0.uri, $0.edits) })] }
    return [
      "documentChanges": .array(
        listed.map { uri, edits in
          let version = documents[uri]?.version.map { JSON.integer($0) } ?? .null
          return ["textDocument": ["uri": .string(uri), "version": version], "edits": edits]
        })
    ]
  }
}
