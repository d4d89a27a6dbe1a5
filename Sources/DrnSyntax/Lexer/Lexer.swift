import DrnDiagnostics
import DrnSource

/// Splits bytes into tokens. Every byte ends up in the text or the leading trivia of exactly one token.
struct Lexer {
  let file: FileID
  let bytes: [UInt8]
  var offset = 0
  var diagnostics: [Diagnostic] = []
  private(set) var tokens: [Token] = []
  /// No pattern starts at an identifier before this offset; keeps a long dotted path linear.
  var starFreeUntil = 0

  init(file: FileID, bytes: [UInt8]) {
    self.file = file
    self.bytes = bytes
  }

  mutating func tokenize() {
    tokens.reserveCapacity(bytes.count / 4 + 1)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
    if isForeign { tokens.append(scanForeign()) }
    var triviaStart = offset == bytes.count ? offset : 0
    while true {
      skipTrivia()
      let start = offset
      let kind = scanToken()
      tokens.append(Token(kind: kind, span: span(start, offset), trivia: span(triviaStart, start)))
      if kind == .endOfFile { return }
      triviaStart = offset
    }
  }

  private mutating func scanToken() -> Token.Kind {
    guard let byte = byte(at: offset) else { return .endOfFile }
    if byte.isWordStart || byte == UInt8(ascii: "*") { return scanWord() }
    if byte.isDigit { return scanNumber() }
    if byte == UInt8(ascii: "\"") { return scanString() }
    if let punctuation = punctuation(at: offset) {
      offset += punctuation.rawValue.utf8.count
      return .punctuation(punctuation)
    }
    return scanUnknown()
  }

  mutating func note(_ diagnostic: Diagnostic) {
    if diagnostics.count < Diagnostic.mostKept { diagnostics.append(diagnostic) }
  }

  func byte(at position: Int) -> UInt8? { position < bytes.count ? bytes[position] : nil }

  func span(_ start: Int, _ end: Int) -> Span { Span(file: file, start: start, end: end) }

  func text(_ start: Int, _ end: Int) -> String { String(decoding: bytes[start..<end], as: UTF8.self) }
}
