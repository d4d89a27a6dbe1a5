import DrnJSON
import DrnSource

extension LanguageServer {
  mutating func open(_ parameters: JSON) throws(ResponseError) {
    let item = try parameters.required("textDocument")
    let uri = try item.requiredText("uri")
    let text = try item.requiredText("text")
    documents[uri] = TextDocument(uri: uri, version: item["version"]?.whole, text: text, encoding: client.encoding)
    forgetFiles()
    invalidate(uri)
  }

  /// All changes of a message are read before the first is applied: a faulty message changes nothing.
  mutating func change(_ parameters: JSON) throws(ResponseError) {
    let uri = try parameters.documentURI()
    guard documents[uri] != nil else { throw ResponseError(.invalidParams, "`\(uri)` is not open") }
    guard let items = try parameters.required("contentChanges").items else {
      throw ResponseError(.invalidParams, "`contentChanges` is no list")
    }
    var changes: [TextDocument.Change] = []
    for item in items {
      let range = item["range"].map { !$0.isNull } ?? false
      changes.append(TextDocument.Change(range: range ? try item.requiredRange() : nil, text: try item.requiredText("text")))
    }
    documents[uri]?.apply(changes, version: parameters[["textDocument", "version"]]?.whole)
    invalidate(uri)
  }

  /// Data files may have been made since; nothing else can have changed.
  mutating func save(_ parameters: JSON) throws(ResponseError) {
    let uri = try parameters.documentURI()
    guard documents[uri] != nil else { throw ResponseError(.invalidParams, "`\(uri)` is not open") }
    forgetFiles()
    invalidate(uri)
  }

  mutating func close(_ parameters: JSON) throws(ResponseError) {
    let uri = try parameters.documentURI()
    guard documents[uri] != nil else { throw ResponseError(.invalidParams, "`\(uri)` is not open") }
    invalidate(uri)
    documents[uri] = nil
    memories[uri] = nil
  }

  /// Data files may have changed, and what was worked out from them with it.
  private mutating func forgetFiles() {
    headers.forget()
    memories = [:]
  }

  mutating func recheckAll() {
    forgetFiles()
    for uri in documents.keys { invalidate(uri) }
  }

  /// Forgets what was worked out from a document, and from every one that imports it.
  private mutating func invalidate(_ uri: String) {
    let path = DocumentURI.path(uri)
    for (other, analysis) in analyses where analysis.snapshot.file(path: path) != nil || !analysis.snapshot.hasAllImports {
      analyses[other] = nil
      unsettled.insert(other)
    }
    analyses[uri] = nil
    unsettled.insert(uri)
  }

  /// The open document of a request.
  func document(_ parameters: JSON) throws(ResponseError) -> TextDocument {
    let uri = try parameters.documentURI()
    guard let document = documents[uri] else { throw ResponseError(.invalidParams, "`\(uri)` is not open") }
    return document
  }

  /// What is known of an open document, checked now if it was not since its last change.
  mutating func analysis(_ document: TextDocument) -> Analysis {
    if let known = analyses[document.uri] { return known }
    var memory = memories.removeValue(forKey: document.uri) ?? DocumentMemory()
    let snapshot = Snapshot(document, encoding: client.encoding, headers: headers, memory: &memory) { text(path: $0) }
    memories[document.uri] = memory
    let analysis = Analysis(snapshot)
    analyses[document.uri] = analysis
    return analysis
  }

  /// A check of a document that is not open.
  func check(_ document: TextDocument) -> Snapshot {
    var memory = DocumentMemory()
    return Snapshot(document, encoding: client.encoding, headers: headers, memory: &memory) { text(path: $0) }
  }

  /// The text of a file: as its editor has it, else as it is on disk.
  func text(path: String) -> [UInt8]? {
    let open = documents.values.first { DocumentURI.path($0.uri) == path }
    return open?.bytes ?? surroundings.read(path)
  }

  /// The snapshot of the document a request names.
  mutating func snapshot(_ parameters: JSON) throws(ResponseError) -> Snapshot { analysis(try document(parameters)).snapshot }

  /// The snapshot of the document a request names, with the meaning of its words.
  mutating func indexed(_ parameters: JSON) throws(ResponseError) -> (Snapshot, NameIndex) {
    var analysis = analysis(try document(parameters))
    let index = analysis.index()
    analyses[analysis.snapshot.document.uri] = analysis
    return (analysis.snapshot, index)
  }

  /// The URI of a file of a snapshot: as its editor spelled it, else made from the path.
  func uri(path: String) -> String {
    documents.keys.sorted().first { DocumentURI.path($0) == path } ?? DocumentURI.uri(path)
  }
}
