import DrnJSON

extension LanguageServer {
  typealias RequestHandler = @Sendable (inout LanguageServer, JSON) throws(ResponseError) -> JSON
  typealias NotificationHandler = @Sendable (inout LanguageServer, JSON) throws(ResponseError) -> Void

  static let requests: [String: RequestHandler] = [
    "textDocument/hover": { (server, parameters) throws(ResponseError) in try server.hover(parameters) },
    "textDocument/completion": { (server, parameters) throws(ResponseError) in try server.complete(parameters) },
    "textDocument/signatureHelp": { (server, parameters) throws(ResponseError) in try server.signatureHelp(parameters) },
    "textDocument/definition": { (server, parameters) throws(ResponseError) in try server.definition(parameters) },
    "textDocument/references": { (server, parameters) throws(ResponseError) in try server.references(parameters) },
    "textDocument/documentHighlight": { (server, parameters) throws(ResponseError) in try server.highlights(parameters) },
    "textDocument/prepareRename": { (server, parameters) throws(ResponseError) in try server.prepareRename(parameters) },
    "textDocument/rename": { (server, parameters) throws(ResponseError) in try server.rename(parameters) },
    "textDocument/documentSymbol": { (server, parameters) throws(ResponseError) in try server.documentSymbols(parameters) },
    "workspace/symbol": { (server, parameters) throws(ResponseError) in try server.workspaceSymbols(parameters) },
    "textDocument/formatting": { (server, parameters) throws(ResponseError) in try server.format(parameters) },
    "textDocument/foldingRange": { (server, parameters) throws(ResponseError) in try server.folding(parameters) },
    "textDocument/semanticTokens/full": { (server, parameters) throws(ResponseError) in try server.semanticTokens(parameters) },
    "textDocument/codeAction": { (server, parameters) throws(ResponseError) in try server.codeActions(parameters) },
    "textDocument/inlayHint": { (server, parameters) throws(ResponseError) in try server.inlayHints(parameters) },
    "textDocument/codeLens": { (server, parameters) throws(ResponseError) in try server.codeLenses(parameters) },
    "workspace/executeCommand": { (server, parameters) throws(ResponseError) in try server.execute(parameters) },
  ]

  static let notifications: [String: NotificationHandler] = [
    "initialized": { _, _ in }, "$/cancelRequest": { _, _ in }, "$/setTrace": { _, _ in },
    "textDocument/didOpen": { (server, parameters) throws(ResponseError) in try server.open(parameters) },
    "textDocument/didChange": { (server, parameters) throws(ResponseError) in try server.change(parameters) },
    "textDocument/didSave": { (server, parameters) throws(ResponseError) in try server.save(parameters) },
    "textDocument/didClose": { (server, parameters) throws(ResponseError) in try server.close(parameters) },
    "workspace/didChangeWatchedFiles": { (server, _) throws(ResponseError) in server.recheckAll() },
    "workspace/didChangeWorkspaceFolders": { (server, parameters) throws(ResponseError) in server.changeFolders(parameters) },
  ]

  mutating func initialize(_ parameters: JSON) -> JSON {
    client = ClientCapabilities(parameters)
    stage = .running
    return ["capabilities": capabilities, "serverInfo": ["name": "drnc"]]
  }

  private var capabilities: JSON {
    [
      "positionEncoding": .string(client.encoding.rawValue),
      "textDocumentSync": ["openClose": true, "change": 2, "save": ["includeText": false]],
      "hoverProvider": true,
      "completionProvider": ["triggerCharacters": [":", "(", ".", ",", ">"]],
      "signatureHelpProvider": ["triggerCharacters": ["(", ","]],
      "definitionProvider": true, "referencesProvider": true, "documentHighlightProvider": true,
      "renameProvider": ["prepareProvider": true],
      "documentSymbolProvider": true, "workspaceSymbolProvider": true,
      "documentFormattingProvider": true, "foldingRangeProvider": true,
      "semanticTokensProvider": ["legend": SemanticTokens.legend, "full": true],
      "codeActionProvider": ["codeActionKinds": ["quickfix", .string(Self.fixAllKind)]],
      "inlayHintProvider": true, "codeLensProvider": ["resolveProvider": false],
      "executeCommandProvider": ["commands": [.string(Self.scheduleCommand)]],
      "workspace": ["workspaceFolders": ["supported": true, "changeNotifications": true]],
    ]
  }

  mutating func changeFolders(_ parameters: JSON) {
    func paths(_ name: String) -> [String] {
      (parameters[["event", name]]?.items ?? []).compactMap { $0["uri"]?.text }.map(DocumentURI.path)
    }
    let removed = paths("removed")
    client.folders = client.folders.filter { !removed.contains($0) }
    client.folders += paths("added").filter { !client.folders.contains($0) }
  }
}
