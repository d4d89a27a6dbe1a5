/// Reads the grammar of the text form, one token ahead.
struct TextParser {
  private var lexer: TextLexer
  private(set) var token = TextToken.end
  /// Where `token` starts.
  private(set) var position = TextPosition(offset: 0)
  /// How many rank symbols have been declared.
  var symbolCount = 0

  init(_ text: String) throws(IRTextError) {
    lexer = TextLexer(text)
    try advance()
  }

  mutating func advance() throws(IRTextError) { (token, position) = try lexer.next() }

  func error(_ message: String, at position: TextPosition? = nil) -> IRTextError {
    lexer.error(message, at: position ?? self.position)
  }

  /// Takes the mark if it is next.
  mutating func take(_ mark: String) throws(IRTextError) -> Bool {
    guard token == .mark(mark) else { return false }
    try advance()
    return true
  }

  mutating func expect(_ mark: String) throws(IRTextError) {
    guard try take(mark) else { throw error("'\(mark)' is expected here, not \(token.description)") }
  }

  /// Takes the keyword if it is next.
  mutating func take(word: String) throws(IRTextError) -> Bool {
    guard token == .word(word) else { return false }
    try advance()
    return true
  }

  mutating func expect(word: String) throws(IRTextError) {
    guard try take(word: word) else { throw error("'\(word)' is expected here, not \(token.description)") }
  }

  mutating func word(_ what: String) throws(IRTextError) -> String {
    guard case .word(let word) = token else { throw error("\(what) is expected here, not \(token.description)") }
    try advance()
    return word
  }

  mutating func string(_ what: String) throws(IRTextError) -> String {
    guard case .string(let string) = token else { throw error("\(what) in quotes is expected here, not \(token.description)") }
    try advance()
    return string
  }

  mutating func functionName() throws(IRTextError) -> String {
    guard case .function(let name) = token else { throw error("a name with '@' is expected here, not \(token.description)") }
    try advance()
    return name
  }

  mutating func integer() throws(IRTextError) -> Int {
    let negative = try take("-")
    guard case .integer(let magnitude) = token, negative || magnitude >= 0 else {
      throw error("a whole number is expected here, not \(token.description)")
    }
    try advance()
    return negative ? 0 &- magnitude : magnitude
  }

  /// Entries separated by commas up to the closing mark, which is taken too.
  mutating func list<Entry>(
    until closing: String, _ entry: (inout TextParser) throws(IRTextError) -> Entry
  ) throws(IRTextError) -> [Entry] {
    var entries: [Entry] = []
    if try take(closing) { return entries }
    repeat { entries.append(try entry(&self)) } while try take(",")
    try expect(closing)
    return entries
  }
}
