/// What the client said it understands.
struct ClientCapabilities: Sendable {
  var encoding = PositionEncoding.utf16
  var readsMarkdown = false
  var takesSnippets = false
  var takesRelatedInformation = false
  var takesCodeDescription = false
  var takesDocumentChanges = false
  var takesNestedSymbols = false
  var folders: [String] = []

  init() {}

  init(_ parameters: JSON) {
    let client = parameters["capabilities"] ?? .null
    let document = client["textDocument"] ?? .null
    func flag(_ path: String...) -> Bool { document[path]?.flag ?? false }
    encoding = PositionEncoding.negotiate(client[["general", "positionEncodings"]])
    readsMarkdown = (document[["hover", "contentFormat"]]?.items ?? []).contains("markdown")
    takesSnippets = flag("completion", "completionItem", "snippetSupport")
    takesRelatedInformation = flag("publishDiagnostics", "relatedInformation")
    takesCodeDescription = flag("publishDiagnostics", "codeDescriptionSupport")
    takesNestedSymbols = flag("documentSymbol", "hierarchicalDocumentSymbolSupport")
    takesDocumentChanges = client[["workspace", "workspaceEdit", "documentChanges"]]?.flag ?? false
    let named = (parameters["workspaceFolders"]?.items ?? []).compactMap { $0["uri"]?.text }
    folders = (named.isEmpty ? [parameters["rootUri"]?.text].compactMap { $0 } : named).map(DocumentURI.path)
  }

  /// Text for people: as it is, or without the marks of Markdown.
  func markup(_ text: String) -> JSON {
    let plain = text.replacing("**", with: "").replacing("`", with: "")
    return ["kind": readsMarkdown ? "markdown" : "plaintext", "value": .string(readsMarkdown ? text : plain)]
  }
}
