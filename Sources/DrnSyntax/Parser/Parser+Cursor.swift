import DrnSource

/// Looking at and stepping over tokens.
extension Parser {
  var current: Token { tokens[position] }
  var kind: Token.Kind { tokens[position].kind }
  var isAtEnd: Bool { kind == .endOfFile }

  /// The kind of a token ahead; the end of the file when there are fewer.
  func kind(ahead count: Int) -> Token.Kind { tokens[min(position + count, tokens.count - 1)].kind }

  func at(_ punctuation: Punctuation) -> Bool { kind == .punctuation(punctuation) }
  func at(_ keyword: Keyword) -> Bool { kind == .keyword(keyword) }

  /// Steps over the current token; never beyond the end of the file.
  @discardableResult
  mutating func advance() -> Token {
    let token = tokens[position]
    if position + 1 < tokens.count { position += 1 }
    return token
  }

  mutating func skip(_ punctuation: Punctuation) -> Bool {
    guard at(punctuation) else { return false }
    advance()
    return true
  }

  func text(_ token: Token) -> String { text(token.span) }
  func text(_ span: Span) -> String { String(decoding: bytes[span.start..<span.end], as: UTF8.self) }

  /// The end of the token before the current one; 0 at the start of the file.
  var previousEnd: Int { position > 0 ? tokens[position - 1].span.end : 0 }

  /// From the start of an earlier token to the end of the last one read.
  func span(from start: Int) -> Span { Span(file: file, start: start, end: max(start, previousEnd)) }

  /// The empty place after the last token read.
  var gap: Span { Span(file: file, start: previousEnd, end: previousEnd) }

  /// Whether a line break lies before a token. Only for recovery: the grammar gives line breaks no meaning.
  func isFirstOnLine(_ index: Int) -> Bool {
    let trivia = tokens[index].trivia
    return index == 0 || bytes[trivia.start..<trivia.end].contains { $0.isLineBreak }
  }
}
