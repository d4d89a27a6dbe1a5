import DrnJSON

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
  /// The formats the client reads, by place; a place it says nothing about is absent.
  var formats: [TextPlace: [JSON]] = [:]
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
    for place in TextPlace.allCases { formats[place] = document[place.path]?.items }
    takesSnippets = flag("completion", "completionItem", "snippetSupport")
    takesRelatedInformation = flag("publishDiagnostics", "relatedInformation")
    takesCodeDescription = flag("publishDiagnostics", "codeDescriptionSupport")
    takesNestedSymbols = flag("documentSymbol", "hierarchicalDocumentSymbolSupport")
    takesDocumentChanges = client[["workspace", "workspaceEdit", "documentChanges"]]?.flag ?? false
    let named = (parameters["workspaceFolders"]?.items ?? []).compactMap { $0["uri"]?.text }
    folders = (named.isEmpty ? [parameters["rootUri"]?.text].compactMap { $0 } : named).map(DocumentURI.path)
  }

  /// Text for people: Markdown where the client reads it, else without its marks.
  func markup(_ text: String, in place: TextPlace) -> JSON {
    guard let formats = formats[place], !formats.isEmpty else { return .string(Self.plain(text)) }
    let readsMarkdown = formats.contains("markdown")
    return ["kind": readsMarkdown ? "markdown" : "plaintext", "value": .string(readsMarkdown ? text : Self.plain(text))]
  }

  private static func plain(_ text: String) -> String {
    text.replacing(/\*\*([A-Za-z_][^*]*)\*\*/) { $0.1 }.replacing("`", with: "")
  }
}
