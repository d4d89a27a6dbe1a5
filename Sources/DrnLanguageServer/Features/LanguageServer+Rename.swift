import DrnJSON
import DrnDiagnostics
import DrnSource
import DrnSyntax

extension LanguageServer {
  /// The name under the cursor, if it is one of the author's.
  mutating func prepareRename(_ parameters: JSON) throws(ResponseError) -> JSON {
    let position = try parameters.requiredPosition()
    let (snapshot, index) = try indexed(parameters)
    guard let occurrence = index.occurrence(at: snapshot.offset(position), in: snapshot.root), let symbol = occurrence.symbols.first else {
      return .null
    }
    return ["range": snapshot.range(occurrence.span).json, "placeholder": .string(symbol.name)]
  }

  /// Renames what is under the cursor everywhere. Refused where the new name would not mean the same in every place.
  mutating func rename(_ parameters: JSON) throws(ResponseError) -> JSON {
    let position = try parameters.requiredPosition()
    let name = try parameters.requiredText("newName")
    guard isName(name) else { throw ResponseError(.requestFailed, "`\(name)` is no name: a letter or `_`, then letters, digits and `_`") }
    let (snapshot, index) = try indexed(parameters)
    guard let symbols = index.occurrence(at: snapshot.offset(position), in: snapshot.root)?.symbols, let symbol = symbols.first else {
      throw ResponseError(.requestFailed, "there is no name of yours here")
    }
    guard symbols.count == 1 else { throw ResponseError(.requestFailed, "`\(symbol.name)` stands for several labels here") }
    guard symbol.name != name else { return ["changes": [:]] }
    let usage = try usage(of: symbol, snapshot)
    var edits = EditsByFile()
    for (program, places) in usage {
      if places.contains(where: { $0.symbols.count > 1 }) {
        throw ResponseError(.requestFailed, "a selector names `\(symbol.name)` and another label by one word; write them apart first")
      }
      for place in places { edits.add(place.span, path: program.path(place.span.file)) }
    }
    for (program, places) in usage { try requireSameMeaning(program, places, edits, name) }
    return workspaceEdit(
      edits.files.map { path, spans in
        let table = usage.lazy.compactMap { program, _ in program.file(path: path).flatMap { program.table($0) } }.first
        return FileEdits(path: path, edits: spans.map { TextEdit(start: $0.lowerBound, end: $0.upperBound, text: name) }, table: table)
      })
  }

  private func isName(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A || byte == UInt8(ascii: "_") }
    guard let first = bytes.first, isLetter(first), Keyword(rawValue: text) == nil else { return false }
    return bytes.allSatisfy { isLetter($0) || $0 >= 0x30 && $0 <= 0x39 }
  }

  /// Checks the program with the edits made: as many errors as before, and the new name in exactly the places of the old one.
  private func requireSameMeaning(
    _ program: Snapshot, _ places: [Occurrence], _ edits: EditsByFile, _ name: String
  ) throws(ResponseError) {
    func edited(_ path: String, _ bytes: [UInt8]) -> [UInt8] { edits.apply(to: bytes, path: path, with: Array(name.utf8)) }
    var document = program.document
    let text = edited(program.path(program.root), document.bytes)
    document.apply([TextDocument.Change(range: nil, text: String(decoding: text, as: UTF8.self))], version: nil)
    var memory = memories[document.uri] ?? DocumentMemory()
    let renamed = Snapshot(document, encoding: client.encoding, headers: headers, memory: &memory) { path in
      self.text(path: path).map { edited(path, $0) }
    }
    func errors(_ snapshot: Snapshot) -> Int { snapshot.diagnostics.count { $0.severity == .error } }
    guard errors(renamed) <= errors(program) else {
      let message = renamed.diagnostics.first { $0.severity == .error }?.message ?? ""
      throw ResponseError(.requestFailed, "`\(name)` does not work here: \(message)")
    }
    guard let symbol = places.first?.symbols.first else { return }
    let start = edits.moved(symbol.span.start, path: program.path(symbol.span.file), by: name.utf8.count - symbol.span.length)
    let span = Span(file: symbol.span.file, start: start, end: start + name.utf8.count)
    let found = NameIndex(renamed.result, sources: renamed.sources).places(of: NamedSymbol(kind: symbol.kind, name: name, span: span))
    guard found.count == places.count else {
      throw ResponseError(.requestFailed, "`\(name)` already means something in a place that names `\(symbol.name)`")
    }
  }
}

/// The places of one name, file by file.
struct EditsByFile {
  private(set) var files: [(path: String, spans: [Range<Int>])] = []

  mutating func add(_ span: Span, path: String) {
    let range = span.start..<span.end
    guard let index = files.firstIndex(where: { $0.path == path }) else { return files.append((path, [range])) }
    if !files[index].spans.contains(range) { files[index].spans.append(range) }
  }

  private func spans(_ path: String) -> [Range<Int>] {
    (files.first { $0.path == path }?.spans ?? []).sorted { $0.lowerBound < $1.lowerBound }
  }

  func apply(to bytes: [UInt8], path: String, with name: [UInt8]) -> [UInt8] {
    var result = bytes
    for span in spans(path).reversed() where span.upperBound <= result.count { result.replaceSubrange(span, with: name) }
    return result
  }

  /// Where an offset is once every place before it grew by `growth`.
  func moved(_ offset: Int, path: String, by growth: Int) -> Int { offset + spans(path).count { $0.lowerBound < offset } * growth }
}
