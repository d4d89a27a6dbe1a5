import DrnDiagnostics
import DrnSource

/// Finding the place from which reading can go on.
extension Parser {
  /// Steps over the current token, and when it opens a bracket that is closed, over everything inside.
  mutating func skipBalanced() {
    let partner = partners[position]
    if partner > position { position = partner }
    advance()
  }

  /// Goes to the next declaration, over at least one token.
  mutating func skipToItem() {
    repeat { skipBalanced() } while !isAtEnd && !isAtItem
  }

  var isAtItem: Bool { startsItem(tokens, at: position) }

  /// The end of the file, a declaration, or the brace that closes the surrounding body.
  var isAtBodyEnd: Bool { at(.closeBrace) || isAtEnd || isAtItem }

  /// Goes to the next entry of a body or to the body's end.
  mutating func skipToEntry() {
    while !isAtBodyEnd, !looksLikeEntry { skipBalanced() }
  }

  /// Goes to the next statement of a body or to the body's end.
  mutating func skipToStatement() {
    while !isAtBodyEnd, !at(.let), !at(.return) { skipBalanced() }
  }

  /// Whether an entry seems to start here: a name with a colon, a timed keyword, or a name that begins a line.
  var looksLikeEntry: Bool {
    switch kind {
    case .keyword(.from), .keyword(.every), .keyword(.at): true
    case .identifier: isFirstOnLine(position) || (kind(ahead: 1) == .punctuation(.colon) && !isAfterSeparator)
    case .keyword: kind(ahead: 1) == .punctuation(.colon) && isFirstOnLine(position)
    case .integer, .decimal, .percent, .string, .pattern, .punctuation, .unknown, .endOfFile: false
    }
  }

  /// Whether the last token is a comma or opening parenthesis, so that a name and colon here belong to an argument.
  private var isAfterSeparator: Bool {
    guard position > 0, case .punctuation(let last) = tokens[position - 1].kind else { return false }
    return last == .comma || last == .openParenthesis
  }

  /// Runs `body` one level deeper, or reports the depth once and abandons the declaration.
  mutating func nested<Result>(_ fallback: Result, _ body: (inout Parser) -> Result) -> Result {
    guard depth < Self.maximumDepth else {
      abandonTooDeep("brackets")
      return fallback
    }
    depth += 1
    defer { depth -= 1 }
    return body(&self)
  }

  /// Reports a construct nested beyond the limits and goes to the next declaration.
  mutating func abandonTooDeep(_ what: String) {
    let limit = what == "brackets" ? Self.maximumDepth : Self.maximumHeight
    let diagnostic = Diagnostic(
      .nestedTooDeeply, "\(what) are nested more than \(limit) deep", at: found, label: "the limit is reached here",
      help: "give inner parts a name with `let` or a block of their own")
    fault(diagnostic)
    while !isAtEnd, !isAtItem { advance() }
    lastFault = position
  }
}
