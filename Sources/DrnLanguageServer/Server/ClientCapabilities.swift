/// The texts of answers that may be Markdown.
enum TextPlace: CaseIterable, Sendable {
  case hover, completion, signature

  /// Where the client says which formats it reads there.
  var path: [String] {
    switch self {
    case .hover: ["hover", "contentFormat"]
    case .completion: ["completion", "completionItem", "documentationFormat"]
    case .signature: ["signatureHelp", "signatureInformation", "documentationFormat"]
    }
  }
}

/// What the client said it understands.
struct ClientCapabilities: Sendable {
  var encoding = PositionEncoding.utf16
  /// Where texts for people may have the marks of Markdown.
  var markdown: Set<TextPlace> = []
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
    markdown = Set(TextPlace.allCases.filter { (document[$0.path]?.items ?? []).contains("markdown") })
    takesSnippets = flag("completion", "completionItem", "snippetSupport")
    takesRelatedInformation = flag("publishDiagnostics", "relatedInformation")
    takesCodeDescription = flag("publishDiagnostics", "codeDescriptionSupport")
    takesNestedSymbols = flag("documentSymbol", "hierarchicalDocumentSymbolSupport")
    takesDocumentChanges = client[["workspace", "workspaceEdit", "documentChanges"]]?.flag ?? false
    let named = (parameters["workspaceFolders"]?.items ?? []).compactMap { $0["uri"]?.text }
    folders = (named.isEmpty ? [parameters["rootUri"]?.text].compactMap { $0 } : named).map(DocumentURI.path)
  }

  /// Text for people: as it is, or without the marks of Markdown.
  func markup(_ text: String, in place: TextPlace) -> JSON {
    let readsMarkdown = markdown.contains(place)
    let plain = text.replacing("**", with: "").replacing("`", with: "")
    return ["kind": readsMarkdown ? "markdown" : "plaintext", "value": .string(readsMarkdown ? text : plain)]
  }
}
