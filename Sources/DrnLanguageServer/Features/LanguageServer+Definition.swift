import DrnJSON
import DrnSema
import DrnSource

extension LanguageServer {
  /// Where the name under the cursor is declared; for the path of an import, the file.
  mutating func definition(_ parameters: JSON) throws(ResponseError) -> JSON {
    let position = try parameters.requiredPosition()
    let (snapshot, index) = try indexed(parameters)
    guard let occurrence = index.occurrence(at: snapshot.offset(position), in: snapshot.root) else { return .null }
    if case .file(let path) = occurrence.meaning { return importedFile(path, snapshot) }
    let places = occurrence.symbols.map { location($0.span, snapshot) }
    return places.isEmpty ? .null : .array(places)
  }

  /// The file an import names, if it was read.
  private func importedFile(_ path: String, _ snapshot: Snapshot) -> JSON {
    let file = snapshot.file(path: importedPath(path, beside: snapshot.path(snapshot.root)))
    return file.map { .array([location(Span(file: $0, start: 0, end: 0), snapshot)]) } ?? .null
  }

  /// Every place that names what is under the cursor, in every program that knows it.
  mutating func references(_ parameters: JSON) throws(ResponseError) -> JSON {
    let position = try parameters.requiredPosition()
    let (snapshot, index) = try indexed(parameters)
    let withDeclaration = parameters[["context", "includeDeclaration"]]?.flag ?? true
    let symbols = index.occurrence(at: snapshot.offset(position), in: snapshot.root)?.symbols ?? []
    var seen: Set<JSON> = []
    var result: [JSON] = []
    for symbol in symbols {
      for (other, places) in try usage(of: symbol, snapshot) {
        for place in places where withDeclaration || !place.isDefinition {
          let location = location(place.span, other)
          if seen.insert(location).inserted { result.append(location) }
        }
      }
    }
    return .array(result)
  }

  /// The places in this document alone.
  mutating func highlights(_ parameters: JSON) throws(ResponseError) -> JSON {
    let position = try parameters.requiredPosition()
    let (snapshot, index) = try indexed(parameters)
    let symbols = index.occurrence(at: snapshot.offset(position), in: snapshot.root)?.symbols ?? []
    let places = index.occurrences(in: snapshot.root).filter { occurrence in occurrence.symbols.contains { symbols.contains($0) } }
    return .array(places.map { ["range": snapshot.range($0.span).json, "kind": $0.isDefinition ? 3 : 2] })
  }

  /// The programs that know a symbol, each with the places that name it. Local names are known to one program; declarations and labels may
  /// be imported anywhere in the workspace.
  mutating func usage(of symbol: NamedSymbol, _ snapshot: Snapshot) throws(ResponseError) -> [(Snapshot, [Occurrence])] {
    let path = snapshot.path(symbol.span.file)
    var result: [(Snapshot, [Occurrence])] = []
    for program in programs(around: snapshot, knowing: path) {
      var analysis = program
      guard let file = analysis.snapshot.file(path: path) else { continue }
      let local = NamedSymbol(kind: symbol.kind, name: symbol.name, span: Span(file: file, start: symbol.span.start, end: symbol.span.end))
      let places = analysis.index().places(of: local)
      if !places.isEmpty { result.append((analysis.snapshot, places)) }
      if analyses[analysis.snapshot.document.uri] != nil { analyses[analysis.snapshot.document.uri] = analysis }
    }
    return result
  }

  /// This program, then every open or saved one that is or imports the file.
  private mutating func programs(around snapshot: Snapshot, knowing path: String) -> [Analysis] {
    var result: [Analysis] = []
    var paths: Set<String> = []
    for uri in [snapshot.document.uri] + documents.keys.sorted().filter({ $0 != snapshot.document.uri }) {
      guard let document = documents[uri], paths.insert(DocumentURI.path(uri)).inserted else { continue }
      result.append(analysis(document))
    }
    for document in savedDocuments() where paths.insert(DocumentURI.path(document.uri)).inserted {
      let mayKnow = DocumentURI.path(document.uri) == path || document.bytes.contains("import".utf8)
      if mayKnow { result.append(Analysis(check(document))) }
    }
    return result.filter { $0.snapshot.file(path: path) != nil }
  }

  /// The programs of the workspace that are not open.
  func savedDocuments() -> [TextDocument] {
    let open = Set(documents.keys.map(DocumentURI.path))
    return client.folders.flatMap { surroundings.programs($0) }.compactMap { path in
      guard !open.contains(path), let bytes = surroundings.read(path) else { return nil }
      let text = String(decoding: bytes, as: UTF8.self)
      return TextDocument(uri: DocumentURI.uri(path), version: nil, text: text, encoding: client.encoding)
    }
  }
}

extension Array where Element == UInt8 {
  /// Whether the bytes hold these somewhere.
  func contains(_ other: some Collection<UInt8>) -> Bool { firstRange(of: other) != nil }
}
