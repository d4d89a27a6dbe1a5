import DrnDiagnostics
import DrnSource

extension Parser {
  /// `(name: type = default, ...)`.
  mutating func parseParameters() -> [Parameter] {
    guard at(.openParenthesis) else {
      faultExpected("`(` before the parameters")
      return []
    }
    return parseSequence(isElement: { $0.startsParameter }) { $0.parseParameter() }
  }

  private var startsParameter: Bool {
    switch kind {
    case .identifier, .keyword: !isAtItem
    case .integer, .decimal, .percent, .string, .pattern, .punctuation, .unknown, .endOfFile: false
    }
  }

  private mutating func parseParameter() -> Parameter {
    let name = parseName("the name of a parameter") { $0 == .punctuation(.colon) }
    parseColon(after: "`\(name.text)`")
    let type = parseType()
    let defaultValue = skip(.assign) ? parseValue() : nil
    return Parameter(name: name, type: type, defaultValue: defaultValue)
  }

  /// `int`, `tensor`, `tensor[3, 32, 32]`.
  mutating func parseType() -> Expression {
    guard kind == .identifier else {
      faultExpected("a type")
      return Expression(.missing, gap)
    }
    let token = advance()
    let name = Expression(.name(text(token)), token.span)
    guard at(.openBracket) else { return name }
    let indices = parseSequence(isElement: { $0.startsValue }) { $0.parseValue() }
    return Expression(.index(base: name, indices: indices), span(from: token.span.start))
  }

  /// The `:` between a name or time and what belongs to it; when missing it is reported with its fix.
  mutating func parseColon(after what: String) {
    if skip(.colon) { return }
    let diagnostic = Diagnostic(
      .missingColon, "expected `:` after \(what), found \(describe(current))", at: found, label: "expected `:` before this",
      fixIts: startsValue ? [insertion(":", "insert `:`")] : [])
    fault(diagnostic)
    if at(.assign) { advance() }
  }
}
