import DrnDiagnostics
import DrnSource

extension Parser {
  /// A full expression: operators, then a pipeline.
  mutating func parseExpression() -> Expression {
    measured { parser in
      let input = parser.parseOperators(0)
      // Nothing flows out of a literal: the bracket around it has lost its end.
      if parser.sequence >= 0, parser.partners[parser.sequence] < 0, input.isLiteral { return input }
      guard parser.skip(.pipe) else { return input }
      let stages = parser.parseStages()
      return Expression(.pipeline(input: input, stages: stages), parser.span(from: input.span.start))
    }
  }

  /// An expression without a pipeline: a time or a condition.
  mutating func parseCondition() -> Expression { measured { $0.parseOperators(0) } }

  /// Measures the height of one expression from zero and lets the surrounding one grow to hold it.
  private mutating func measured(_ body: (inout Parser) -> Expression) -> Expression {
    let outer = height
    height = 0
    defer { height = max(outer, height + 1) }
    return body(&self)
  }

  /// Operators that bind at least as tightly as `minimum`; all are left-associative.
  mutating func parseOperators(_ minimum: Int) -> Expression {
    var left = parsePrefix(minimum)
    while let infix = infixOperator, infix.precedence >= minimum, grow() {
      let mark = advance().span
      let right = parseOperators(infix.precedence + 1)
      let whole = left.span.union(right.span)
      left = Expression(.binary(operator: infix, left: left, right: right, operatorSpan: mark), whole)
      if infix.isComparison, let next = infixOperator, next.isComparison { reportChain() }
    }
    return left
  }

  /// Counts one more level of the expression's tree, or gives up on the declaration.
  mutating func grow() -> Bool {
    height += 1
    if height <= Self.maximumHeight { return true }
    abandonTooDeep("operators")
    return false
  }

  private mutating func reportChain() {
    let diagnostic = Diagnostic(
      .chainedComparison, "expected one comparison, found a second one at `\(text(current))`", at: current.span,
      label: "compares a comparison", help: "join two comparisons with `and`")
    fault(diagnostic, isRepaired: true)
  }

  private mutating func parsePrefix(_ minimum: Int) -> Expression {
    if at(.not) { return parseNot(minimum) }
    let operand = at(.minus) ? parseNegation() : parseOperand()
    if kind == .pattern, text(current).hasPrefix("*") { return parseCrowdedProduct(operand) }
    return operand
  }

  private mutating func parseNot(_ minimum: Int) -> Expression {
    if minimum > BinaryOperator.equal.precedence { faultExpected("a value", help: "put parentheses around `not ...`") }
    let start = advance().span.start
    let operand = nested(Expression(.missing, gap)) { parser in
      guard parser.grow() else { return Expression(.missing, parser.gap) }
      return parser.parseOperators(BinaryOperator.equal.precedence)
    }
    return Expression(.unary(operator: .not, operand: operand), span(from: start))
  }

  private mutating func parseNegation() -> Expression {
    let start = advance().span.start
    let operand = nested(Expression(.missing, gap)) { parser in
      guard parser.grow() else { return Expression(.missing, parser.gap) }
      return parser.at(.minus) ? parser.parseNegation() : parser.parseOperand()
    }
    return Expression(.unary(operator: .minus, operand: operand), span(from: start))
  }

  /// `a *b`: reported, and read as if the rest of the selector were one factor.
  private mutating func parseCrowdedProduct(_ left: Expression) -> Expression {
    let token = advance()
    reportCrowded(token, text(token))
    skipCallTail()
    let mark = Span(file: file, start: token.span.start, end: token.span.start + 1)
    let right = Expression(.missing, Span(file: file, start: mark.end, end: token.span.end))
    return Expression(.binary(operator: .multiply, left: left, right: right, operatorSpan: mark), span(from: left.span.start))
  }

  /// Steps over brackets that would have belonged to the last name of a misread product.
  mutating func skipCallTail() {
    while at(.openParenthesis) || at(.openBracket), partners[position] > position { skipBalanced() }
  }

  private var infixOperator: BinaryOperator? {
    switch kind {
    case .punctuation(let punctuation): BinaryOperator(punctuation)
    case .keyword(let keyword): BinaryOperator(keyword)
    case .identifier, .integer, .decimal, .percent, .string, .pattern, .unknown, .endOfFile: nil
    }
  }
}

extension Expression {
  /// Whether it is a number, a text or a truth value as written.
  fileprivate var isLiteral: Bool {
    switch kind {
    case .integer, .decimal, .percent, .string, .boolean: true
    case .moment, .duration, .name, .list, .record, .call, .index, .member, .pattern, .unary, .binary, .conditional, .pipeline,
      .parenthesized, .missing:
      false
    }
  }
}
