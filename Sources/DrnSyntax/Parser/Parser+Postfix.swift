import DrnDiagnostics
import DrnSource

extension Parser {
  /// A name and the call, indices and members that follow it.
  mutating func parsePostfix() -> Expression {
    let token = advance()
    var value = parseCallee(Name(text(token), token.span))
    while let next = parsePostfixPart(value) { value = next }
    return value
  }

  private mutating func parseCallee(_ name: Name) -> Expression {
    guard at(.openParenthesis) else { return Expression(.name(name.text), name.span) }
    let arguments = parseArguments()
    return Expression(.call(callee: name, arguments: arguments), span(from: name.span.start))
  }

  private mutating func parsePostfixPart(_ base: Expression) -> Expression? {
    if at(.openBracket), grow() {
      let indices = parseSequence(isElement: { $0.startsValue }) { $0.parseValue() }
      return Expression(.index(base: base, indices: indices), span(from: base.span.start))
    }
    guard at(.dot), grow() else { return nil }
    advance()
    let name = parseName("a name after `.`") { if case .punctuation = $0 { true } else { false } }
    return Expression(.member(base: base, name: name), span(from: base.span.start))
  }

  /// `(value, name: value, ...)`.
  mutating func parseArguments() -> [Argument] {
    parseSequence(isElement: { $0.startsArgument }) { $0.parseArgument() }
  }

  private var startsArgument: Bool {
    if case .keyword = kind, kind(ahead: 1) == .punctuation(.colon) { return true }
    return startsValue || isAtBarePoint || isAtKeywordValue
  }

  private var isAtBarePoint: Bool { at(.dot) && kind(ahead: 1) == .integer }

  /// A keyword that stands alone between separators, so it was meant as a value.
  private var isAtKeywordValue: Bool {
    guard case .keyword(let word) = kind, word.canBeMeantAsName || word.timeUnit != nil else { return false }
    switch kind(ahead: 1) {
    case .punctuation(.comma), .punctuation(.closeParenthesis), .integer: return true
    case .punctuation, .identifier, .keyword, .decimal, .percent, .string, .pattern, .unknown, .endOfFile: return false
    }
  }

  /// `value` or `name: value`; before a colon any keyword is a name.
  private mutating func parseArgument() -> Argument {
    let start = current
    guard isNamed else {
      let value = parseValue()
      return Argument(name: nil, value: value, span: value.span)
    }
    advance()
    advance()
    let value = parseValue()
    return Argument(name: Name(text(start), start.span), value: value, span: span(from: start.span.start))
  }

  private var isNamed: Bool {
    guard kind(ahead: 1) == .punctuation(.colon) else { return false }
    switch kind {
    case .identifier, .keyword: return true
    case .integer, .decimal, .percent, .string, .pattern, .punctuation, .unknown, .endOfFile: return false
    }
  }

  /// `(value)` or the record `(name: value, ...)`.
  mutating func parseParenthesized() -> Expression {
    let opener = current
    if isRecord {
      let fields = parseSequence(isElement: { $0.startsArgument }) { $0.parseField() }
      return Expression(.record(fields), span(from: opener.span.start))
    }
    advance()
    let value = nested(Expression(.missing, gap)) { $0.parseExpression() }
    if !at(.closeParenthesis), !isAtBodyEnd, partners[position] != position { skipToClosing(opener) }
    close(opener)
    return Expression(.parenthesized(value), span(from: opener.span.start))
  }

  private var isRecord: Bool {
    guard kind(ahead: 2) == .punctuation(.colon) else { return false }
    switch kind(ahead: 1) {
    case .identifier, .keyword: return true
    case .integer, .decimal, .percent, .string, .pattern, .punctuation, .unknown, .endOfFile: return false
    }
  }

  /// An argument of a record, which must have a name.
  private mutating func parseField() -> Argument {
    if !isNamed { faultExpected("a name and `:`", help: "every value of a record has a name") }
    return parseArgument()
  }

  /// When the bracket is closed further on, reports what stands between and goes there.
  private mutating func skipToClosing(_ opener: Token) {
    var index = position
    while index > 0, tokens[index].span.start > opener.span.start { index -= 1 }
    guard partners[index] >= position else { return }
    faultExpected("`)`")
    position = partners[index]
  }

  /// `[value, value]`.
  mutating func parseList() -> Expression {
    let start = current.span.start
    let elements = parseSequence(isElement: { $0.startsValue || $0.isAtBarePoint }, juxtaposed: { $0.parseOperand() }) {
      $0.parseValue(inList: true)
    }
    return Expression(.list(elements), span(from: start))
  }
}
