import DrnDiagnostics
import DrnSource

extension Parser {
  /// The whole file.
  mutating func parseItems() -> [Item] {
    var items: [Item] = []
    while !isAtEnd {
      if let item = parseItem() { items.append(item) }
    }
    return items
  }

  private mutating func parseItem() -> Item? {
    switch kind {
    case .keyword(.import): return parseImport()
    case .keyword(.data): return .data(parseData())
    case .keyword(.block): return .block(parseBlock())
    case .keyword(.network): return .network(parseNetwork())
    case .keyword(.train): return .train(parseTrain())
    case .keyword, .identifier, .integer, .decimal, .percent, .string, .pattern, .punctuation, .unknown, .endOfFile:
      reportNoItem()
      skipToItem()
      return nil
    }
  }

  private mutating func reportNoItem() {
    let word = text(current)
    let near = kind == .identifier ? Suggestion.nearest(to: word, in: ["data", "block", "network", "train", "import"]) : nil
    let fixIts = near.map { [FixIt("write `\($0)`", edits: [.init(current.span, $0)], confidence: .unsafe)] } ?? []
    let code: Code = at(.closeBrace) ? .strayToken : .unexpectedToken
    let diagnostic = Diagnostic(
      code, "expected `data`, `block`, `network`, `train` or `import`, found \(describe(current))", at: found,
      label: at(.closeBrace) ? "closes nothing" : "no declaration begins with this", fixIts: fixIts)
    fault(diagnostic)
  }

  private mutating func parseImport() -> Item {
    let start = advance().span.start
    guard kind == .string else {
      faultExpected("the path of a file in quotes")
      if kind == .identifier { advance() }
      return .importFile(ImportItem(path: "", pathSpan: gap, span: span(from: start)))
    }
    let path = advance().span
    return .importFile(ImportItem(path: unescape(bytes[path.start..<path.end]), pathSpan: path, span: span(from: start)))
  }

  private mutating func parseData() -> DataItem {
    let start = advance().span.start
    let name = parseName("a name for the data") { $0 == .punctuation(.openBrace) }
    let entries = parseEntryBody(of: "`data \(name.text)`")
    return DataItem(name: name, entries: entries, span: span(from: start))
  }

  private mutating func parseBlock() -> BlockItem {
    let start = advance().span.start
    let name = parseName("a name for the block") { $0 == .punctuation(.openParenthesis) }
    let parameters = parseParameters()
    let body = parseStatementBody(of: "block `\(name.text)`")
    return BlockItem(name: name, parameters: parameters, body: body, span: span(from: start))
  }

  private mutating func parseNetwork() -> NetworkItem {
    let start = advance().span.start
    let name = parseName("a name for the network") { $0 == .punctuation(.openParenthesis) }
    let parameters = parseParameters()
    let result = skip(.arrow) ? parseType() : nil
    let body = parseStatementBody(of: "network `\(name.text)`")
    return NetworkItem(name: name, parameters: parameters, result: result, body: body, span: span(from: start))
  }

  private mutating func parseTrain() -> TrainItem {
    let start = advance().span.start
    let network = parseName("the name of a network") { $0 == .keyword(.on) }
    if at(.on) { advance() } else { faultExpected("`on` and the name of the data") }
    let data = parseName("the name of the data") { $0 == .punctuation(.openBrace) }
    let entries = parseEntryBody(of: "`train \(network.text)`")
    return TrainItem(network: network, data: data, entries: entries, span: span(from: start))
  }
}
