import DrnDiagnostics
import DrnSource

extension Parser {
  /// `from epoch 55: dense` and its kin.
  mutating func parseTimed() -> Entry {
    let word = advance()
    let time = parseTime(after: text(word))
    let whenSpan = span(from: word.span.start)
    parseColon(after: "`\(text(whenSpan))`")
    let (value, by) = parseValueAndTransition()
    let when: TimedEntry.When =
      word.kind == .keyword(.from) ? .from(time) : word.kind == .keyword(.every) ? .every(time) : .at(time)
    return .timed(TimedEntry(when: when, whenSpan: whenSpan, value: value, by: by, span: span(from: word.span.start)))
  }

  private mutating func parseTime(after word: String) -> Expression {
    guard !at(.colon) else {
      fault(Diagnostic(.missingValue, "expected a time after `\(word)`, found `:`", at: current.span, label: "expected a time before this"))
      return Expression(.missing, gap)
    }
    isInTime = true
    defer { isInTime = false }
    return parseCondition()
  }

  /// `20 epochs: dense`.
  mutating func parseLasting() -> Entry {
    let start = current.span.start
    let length = parseDuration()
    let whenSpan = span(from: start)
    parseColon(after: "`\(text(whenSpan))`")
    let (value, by) = parseValueAndTransition()
    return .timed(TimedEntry(when: .lasting(length), whenSpan: whenSpan, value: value, by: by, span: span(from: start)))
  }

  /// `value [by transition]`.
  mutating func parseValueAndTransition() -> (Expression, Expression?) {
    let value = parseValue()
    guard at(.by) else { return (value, nil) }
    advance()
    guard kind == .identifier, kind(ahead: 1) != .punctuation(.colon) else {
      let diagnostic = Diagnostic(
        .missingTransition, "expected a transition such as `svd(...)` after `by`, found \(describe(current))", at: found,
        label: "expected a transition")
      fault(diagnostic)
      return (value, Expression(.missing, gap))
    }
    return (value, parseTransition())
  }

  private mutating func parseTransition() -> Expression {
    let token = advance()
    let callee = Name(text(token), token.span)
    guard at(.openParenthesis) else { return Expression(.name(callee.text), callee.span) }
    let arguments = parseArguments()
    return Expression(.call(callee: callee, arguments: arguments), span(from: token.span.start))
  }
}
