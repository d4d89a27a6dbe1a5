import DrnJSON
import DrnSource
import DrnSyntax

/// Classes of words for colouring.
enum SemanticTokens {
  /// In the order of the legend.
  enum Kind: Int, CaseIterable {
    case comment, keyword, string, number, `operator`, regexp, type, `class`, `struct`, function, parameter, variable, property, enumMember
  }
  static let declaration = 1
  static let defaultLibrary = 2

  static let legend: JSON = [
    "tokenTypes": .array(Kind.allCases.map { .string("\($0)") }), "tokenModifiers": ["declaration", "defaultLibrary"],
  ]

  /// The class of a token by itself.
  static func kind(_ token: Token.Kind) -> Kind? {
    switch token {
    case .keyword: .keyword
    case .integer, .decimal, .percent: .number
    case .string: .string
    case .pattern: .regexp
    case .punctuation(let mark):
      switch mark {
      case .openBrace, .closeBrace, .openParenthesis, .closeParenthesis, .openBracket, .closeBracket, .comma, .colon, .dot: nil
      case .arrow, .pipe, .assign, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .plus, .minus, .star, .slash:
        .operator
      }
    case .identifier, .unknown, .endOfFile: nil
    }
  }

  /// The class of a word by its meaning.
  static func kind(_ occurrence: Occurrence) -> (kind: Kind, modifiers: Int) {
    let declared = occurrence.isDefinition ? declaration : 0
    switch occurrence.meaning {
    case .symbol(let symbol):
      switch symbol.kind {
      case .block: return (.function, declared)
      case .network: return (.class, declared)
      case .data: return (.struct, declared)
      case .parameter: return (.parameter, declared)
      case .binding, .label: return (.variable, declared)
      }
    case .selector: return (.variable, 0)
    case .method: return (.function, defaultLibrary)
    case .option: return (.parameter, defaultLibrary)
    case .setting, .clause: return (.property, defaultLibrary)
    case .type: return (.type, defaultLibrary)
    case .word, .lint: return (.enumMember, defaultLibrary)
    case .file: return (.string, 0)
    }
  }
}

extension LanguageServer {
  mutating func semanticTokens(_ parameters: JSON) throws(ResponseError) -> JSON {
    let (snapshot, index) = try indexed(parameters)
    guard let tree = snapshot.tree else { return ["data": []] }
    var writer = SemanticTokenWriter(lines: snapshot.document.lines, tokens: tree.tokens.count)
    let known = index.occurrences(in: snapshot.root)
    var next = 0
    for token in tree.tokens {
      for comment in CommentSpans(token, snapshot.document.bytes) { writer.add(comment.start, comment.end, .comment, 0) }
      while next < known.count, known[next].span.start < token.span.start { next += 1 }
      if next < known.count, known[next].span.start == token.span.start, known[next].span.end == token.span.end {
        let (kind, modifiers) = SemanticTokens.kind(known[next])
        writer.add(token.span.start, token.span.end, kind, modifiers)
      } else if let kind = SemanticTokens.kind(token.kind) {
        writer.add(token.span.start, token.span.end, kind, 0)
      }
    }
    return ["data": .array(writer.data)]
  }
}

/// Writes tokens as the protocol has them: five numbers each, places relative to the token before.
private struct SemanticTokenWriter {
  let lines: LineTable
  private(set) var data: [JSON] = []
  private var last = Position(line: 0, character: 0)

  init(lines: LineTable, tokens: Int) {
    self.lines = lines
    data.reserveCapacity(tokens * 5)
  }

  mutating func add(_ start: Int, _ end: Int, _ kind: SemanticTokens.Kind, _ modifiers: Int) {
    let position = lines.position(at: start)
    let stop = lines.position(at: end, after: position, at: start)
    // A token that holds a line break, as only a faulty one can, is left without colour.
    guard stop.line == position.line, stop.character > position.character else { return }
    let sameLine = position.line == last.line
    data.append(.integer(position.line - last.line))
    data.append(.integer(sameLine ? position.character - last.character : position.character))
    data.append(.integer(stop.character - position.character))
    data.append(.integer(kind.rawValue))
    data.append(.integer(modifiers))
    last = position
  }
}
