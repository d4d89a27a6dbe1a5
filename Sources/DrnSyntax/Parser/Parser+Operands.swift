import DrnDiagnostics
import DrnSource

extension Parser {
  /// An operand: a literal, name, call, list, record, conditional, moment or duration.
  mutating func parseOperand() -> Expression {
    let start = current
    switch kind {
    case .integer, .decimal: return parseDuration()
    case .percent:
      advance()
      return Expression(.percent(text: digits(String(text(start).dropLast()))), start.span)
    case .string:
      advance()
      return Expression(.string(unescape(bytes[start.span.start..<start.span.end])), start.span)
    case .identifier:
      if beginsNextEntry { return parseMissingValue() }
      return parseUnit(parsePostfix())
    case .keyword(let word): return parseKeywordOperand(word)
    case .pattern: return parseCrowdedOperand()
    case .punctuation(.openParenthesis): return parseUnit(parseParenthesized())
    case .punctuation(.openBracket): return parseList()
    case .punctuation(.dot) where kind(ahead: 1) == .integer: return parseBarePoint()
    case .punctuation, .unknown, .endOfFile: return parseMissingValue()
    }
  }

  /// Whether the name at the cursor is that of a setting on a line of its own, so that the value before it is missing.
  private var beginsNextEntry: Bool { !isInTime && kind(ahead: 1) == .punctuation(.colon) && isFirstOnLine(position) }

  private mutating func parseKeywordOperand(_ word: Keyword) -> Expression {
    switch word {
    case .true, .false: return Expression(.boolean(word == .true), advance().span)
    case .if: return parseConditional()
    case .epoch, .step: return parseMoment(word)
    case .epochs, .steps: return parsePluralMoment(word)
    case .data, .block, .network, .train, .import, .let, .else, .repeat, .return, .from, .every, .at, .by, .except, .on, .of, .div,
      .mod, .and, .or, .not:
      return parseMissingValue()
    }
  }

  private func digits(_ text: String) -> String { text.contains("_") ? text.filter { $0 != "_" } : text }

  /// A number or name, and the unit after it if there is one.
  mutating func parseDuration() -> Expression {
    let token = advance()
    let written = digits(text(token))
    switch token.kind {
    case .integer: return parseUnit(Expression(.integer(digits: written), token.span))
    case .decimal: return parseUnit(Expression(.decimal(text: written), token.span))
    case .identifier, .keyword, .percent, .string, .pattern, .punctuation, .unknown, .endOfFile:
      return parseUnit(Expression(.name(text(token)), token.span))
    }
  }

  /// `150 epochs`: makes a duration of a number, a name or a value in parentheses that a unit follows.
  private mutating func parseUnit(_ value: Expression) -> Expression {
    guard case .keyword(let word) = kind, let unit = word.timeUnit, value.takesUnit else { return value }
    advance()
    return Expression(.duration(value: value, unit: unit), span(from: value.span.start))
  }

  /// `epoch 100`, or a call of a function that is named like the unit.
  private mutating func parseMoment(_ word: Keyword) -> Expression {
    if kind(ahead: 1) == .punctuation(.openParenthesis) { return parsePostfix() }
    let start = advance()
    let value = current
    switch kind {
    case .integer:
      advance()
      return moment(word, Expression(.integer(digits: digits(text(value))), value.span), start)
    case .identifier where !beginsNextEntry:
      advance()
      return moment(word, Expression(.name(text(value)), value.span), start)
    case .decimal, .percent, .identifier, .keyword, .string, .pattern, .punctuation, .unknown, .endOfFile:
      return parseMalformedMoment(word, start)
    }
  }

  private mutating func parseMalformedMoment(_ word: Keyword, _ start: Token) -> Expression {
    let diagnostic = Diagnostic(
      .malformedMoment, "expected a whole number or a name after `\(word.rawValue)`, found \(describe(current))", at: found,
      label: "expected a whole number")
    fault(diagnostic)
    if kind == .decimal || kind == .percent { advance() }
    return moment(word, Expression(.missing, gap), start)
  }

  /// `epochs 100`: the plural belongs to durations.
  private mutating func parsePluralMoment(_ word: Keyword) -> Expression {
    let start = advance()
    let singular = word == .epochs ? "epoch" : "step"
    let fixIts = kind == .integer ? [FixIt("write `\(singular)`", edits: [.init(start.span, singular)], confidence: .safe)] : []
    let diagnostic = Diagnostic(
      .malformedMoment, "expected a value, found the keyword `\(word.rawValue)`", at: start.span, label: "a unit follows its number",
      help: "a moment is written `\(singular) 100`, a duration `100 \(word.rawValue)`", fixIts: fixIts)
    fault(diagnostic)
    guard kind == .integer else { return moment(word, Expression(.missing, gap), start) }
    let value = advance()
    return moment(word, Expression(.integer(digits: digits(text(value))), value.span), start)
  }

  private func moment(_ word: Keyword, _ value: Expression, _ start: Token) -> Expression {
    Expression(.moment(unit: word.timeUnit ?? .step, value: value), span(from: start.span.start))
  }

  /// `.5`: reads the digits as the number they were meant to be.
  private mutating func parseBarePoint() -> Expression {
    let point = advance()
    let place = Span(file: file, start: point.span.start, end: point.span.start)
    let insert = FixIt("write `0` before the point", edits: [.init(place, "0")], confidence: .safe)
    let diagnostic = Diagnostic(
      .bareDecimalPoint, "expected a digit before the decimal point, found `.`", at: point.span, label: "expected `0.`", fixIts: [insert])
    fault(diagnostic, isRepaired: true)
    let fraction = advance()
    return parseUnit(Expression(.decimal(text: "0." + digits(text(fraction))), span(from: point.span.start)))
  }

  /// `a*b` where only a value can stand.
  private mutating func parseCrowdedOperand() -> Expression {
    let token = advance()
    reportCrowded(token, text(token))
    skipCallTail()
    return Expression(.missing, span(from: token.span.start))
  }
}

extension Expression {
  /// Whether a time unit may follow: numbers, names and values in parentheses.
  fileprivate var takesUnit: Bool {
    switch kind {
    case .integer, .decimal, .name, .parenthesized: true
    case .percent, .string, .boolean, .moment, .duration, .list, .record, .call, .index, .member, .pattern, .unary, .binary,
      .conditional, .pipeline, .missing:
      false
    }
  }
}
