import DrnDiagnostics
import DrnSource

extension Token.Kind {
  /// Whether a value can begin with such a token.
  var mayStartValue: Bool {
    switch self {
    case .identifier, .integer, .decimal, .percent, .string, .pattern: true
    case .keyword(let keyword):
      keyword == .true || keyword == .false || keyword == .not || keyword == .if || keyword == .epoch || keyword == .step
    case .punctuation(let punctuation):
      punctuation == .openParenthesis || punctuation == .openBracket || punctuation == .minus
    case .unknown, .endOfFile: false
    }
  }
}

extension Parser {
  var startsValue: Bool { kind.mayStartValue }

  /// Whether a list element may begin here without a comma: with a name or a literal, which continue no expression.
  var startsJuxtaposed: Bool {
    switch kind {
    case .identifier, .integer, .decimal, .percent, .string, .keyword(.true), .keyword(.false): true
    case .keyword, .pattern, .punctuation, .unknown, .endOfFile: false
    }
  }

  /// A value: an expression, or a selector on its own.
  mutating func parseValue(inList: Bool = false) -> Expression {
    guard kind == .pattern, Self.isOpenPattern(text(current)) else { return parseExpression() }
    let token = advance()
    if startsFactor, !(inList && startsJuxtaposed) { reportCrowded(token, text(token)) }
    return Expression(.pattern(Selector(text: text(token), span: token.span)), token.span)
  }

  /// Whether what follows a selector shows that its `*` was meant to multiply.
  private var startsFactor: Bool {
    switch kind {
    case .integer, .decimal:
      if case .keyword(let word) = kind(ahead: 1) { word.timeUnit == nil } else { true }
    case .percent, .punctuation(.openParenthesis), .punctuation(.plus), .punctuation(.minus), .punctuation(.slash): true
    case .identifier, .keyword, .string, .pattern, .punctuation, .unknown, .endOfFile: false
    }
  }

  /// Whether a pattern cannot be mistaken for a product: some `*` has no word on one of its sides, as in `conv*` and `**.mlp`.
  static func isOpenPattern(_ text: String) -> Bool {
    let characters = Array(text.utf8)
    func joins(_ index: Int) -> Bool {
      guard characters.indices.contains(index) else { return false }
      return characters[index].isWord || characters[index] == UInt8(ascii: "]")
    }
    return characters.indices.contains { characters[$0] == UInt8(ascii: "*") && !(joins($0 - 1) && joins($0 + 1)) }
  }

  /// Reports a `*` that the lexer took for a part of a selector.
  mutating func reportCrowded(_ token: Token, _ written: String) {
    let spaced = Self.spaced(written, after: token.span.start > 0 && previousTouches(token))
    let separate = FixIt("put spaces around `*`", edits: [.init(token.span, spaced)], confidence: .unsafe)
    let diagnostic = Diagnostic(
      .crowdedMultiplication, "expected a value, found the selector `\(written)`", at: token.span,
      label: "`*` without spaces is part of a selector", help: "to multiply, put a space on both sides of `*`", fixIts: [separate])
    fault(diagnostic, isRepaired: true)
  }

  private func previousTouches(_ token: Token) -> Bool { token.trivia.length == 0 }

  /// The text with one space on each side of every `*`, and none doubled at its ends.
  private static func spaced(_ written: String, after touches: Bool) -> String {
    var text = written.split(separator: "*", omittingEmptySubsequences: false).joined(separator: " * ")
    if text.hasPrefix(" "), !touches { text.removeFirst() }
    return text
  }

  /// Stands in the place of a missing value.
  mutating func parseMissingValue() -> Expression {
    let place = gap
    if case .keyword(let word) = kind, word.canBeMeantAsName, isKeywordUsedAsValue {
      let name = parseKeywordAsName("a value")
      return Expression(.name(name.text), name.span)
    }
    let code: Code = isAtBodyEnd || looksLikeEntry || at(.closeParenthesis) || at(.closeBracket) ? .missingValue : .unexpectedToken
    let diagnostic = Diagnostic(code, "expected a value, found \(describe(current))", at: found, label: "expected a value")
    fault(diagnostic)
    guard isStrayBeforeValue else { return Expression(.missing, place) }
    while isStrayBeforeValue { advance() }
    return parseOperand()
  }

  /// Whether leaving out the current token lets reading go on with a value.
  private var isStrayBeforeValue: Bool {
    guard case .punctuation(let punctuation) = kind, !punctuation.isClosing, punctuation != .openBrace, punctuation != .comma else {
      return false
    }
    return kind(ahead: 1).mayStartValue && !(kind(ahead: 1) == .identifier && kind(ahead: 2) == .punctuation(.colon))
  }

  /// Whether the keyword at the cursor stands like a name: nothing that it introduces follows.
  private var isKeywordUsedAsValue: Bool {
    switch kind(ahead: 1) {
    case .identifier, .keyword, .endOfFile: !isAtItem && (kind(ahead: 2) == .punctuation(.colon) || !isFirstOnLine(position))
    case .punctuation(let next): next != .colon
    case .string, .integer, .decimal, .percent, .pattern, .unknown: false
    }
  }
}
