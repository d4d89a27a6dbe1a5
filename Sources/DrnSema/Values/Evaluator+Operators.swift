import DrnDiagnostics
import DrnMethods
import DrnNumbers
import DrnSource
import DrnSyntax

extension Evaluator {
  /// A chain of infix operators; the left spine is walked in a loop, so its length does not nest.
  func evaluateBinary(_ expression: Expression, in scope: Scope) -> OptionValue? {
    let (first, links) = leftSpine(expression)
    var value = evaluate(first, in: scope).map { LocatedOption($0, first.span) }
    for link in links {
      let right = evaluate(link.right, in: scope).map { LocatedOption($0, link.right.span) }
      guard let left = value, let right else {
        value = nil
        continue
      }
      let span = left.span.union(right.span)
      value = apply(link.symbol, left, right, at: link.span, in: scope).map { LocatedOption($0, span) }
    }
    return value?.value
  }

  /// One operator of a chain and its right side.
  struct Link {
    let symbol: BinaryOperator
    let right: Expression
    let span: Span
  }

  func leftSpine(_ expression: Expression) -> (Expression, [Link]) {
    var links: [Link] = []
    var current = expression
    while case .binary(let symbol, let left, let right, let span) = current.kind {
      links.append(Link(symbol: symbol, right: right, span: span))
      current = left
    }
    return (current, links.reversed())
  }

  func apply(
    _ symbol: BinaryOperator, _ left: LocatedOption, _ right: LocatedOption, at span: Span, in scope: Scope
  ) -> OptionValue? {
    switch symbol {
    case .or, .and: return applyLogic(symbol, left, right, in: scope)
    case .equal: return equality(left.value, right.value).map { .boolean($0) } ?? refuse(symbol, left, right, in: scope)
    case .notEqual: return equality(left.value, right.value).map { .boolean(!$0) } ?? refuse(symbol, left, right, in: scope)
    case .less, .lessOrEqual, .greater, .greaterOrEqual: return applyOrder(symbol, left, right, in: scope)
    case .of: return applyOf(left, right)
    case .add, .subtract, .multiply, .divide: return applyArithmetic(symbol, left, right, at: span, in: scope)
    case .div, .mod: return applyIntegerDivision(symbol, left, right, in: scope)
    }
  }

  private func applyLogic(
    _ symbol: BinaryOperator, _ left: LocatedOption, _ right: LocatedOption, in scope: Scope
  ) -> OptionValue? {
    guard case .boolean(let first) = left.value, case .boolean(let second) = right.value else {
      return refuse(symbol, left, right, in: scope)
    }
    return .boolean(symbol == .and ? first && second : first || second)
  }

  private func equality(_ left: OptionValue, _ right: OptionValue) -> Bool? {
    if let first = left.exactNumber, let second = right.exactNumber { return first == second }
    if let first = left.number, let second = right.number { return first == second }
    switch (left, right) {
    case (.boolean, .boolean), (.text, .text), (.word, .word): return left == right
    case _: return nil
    }
  }

  private func applyOrder(
    _ symbol: BinaryOperator, _ left: LocatedOption, _ right: LocatedOption, in scope: Scope
  ) -> OptionValue? {
    let sign: Int
    if let first = left.value.exactNumber, let second = right.value.exactNumber {
      sign = first < second ? -1 : first == second ? 0 : 1
    } else if let first = left.value.number, let second = right.value.number {
      sign = first < second ? -1 : first == second ? 0 : 1
    } else {
      return refuse(symbol, left, right, in: scope)
    }
    let holds: [BinaryOperator: Bool] = [.less: sign < 0, .lessOrEqual: sign <= 0, .greater: sign > 0, .greaterOrEqual: sign >= 0]
    return .boolean(holds[symbol] ?? false)
  }

  private func applyOf(_ left: LocatedOption, _ right: LocatedOption) -> OptionValue? {
    guard case .word(let word) = right.value else {
      report(
        .operandKind, "`of` is followed by `outputs`, `inputs` or `short_side`, not by \(right.value.kindDescription)", at: right.span,
        label: right.value.kindDescription)
      return nil
    }
    return .proportion(left.value, of: word)
  }

  private func applyArithmetic(
    _ symbol: BinaryOperator, _ left: LocatedOption, _ right: LocatedOption, at span: Span, in scope: Scope
  ) -> OptionValue? {
    guard left.value.number != nil, right.value.number != nil else { return refuse(symbol, left, right, in: scope) }
    if symbol == .divide, right.value.number == 0 { return reportZeroDivision(right) }
    if let first = left.value.rational, let second = right.value.rational {
      if let result = exact(symbol, first, second) { return OptionValue(result) }
      return reportOverflow(left, symbol, right)
    }
    if let first = left.value.exactNumber, let second = right.value.exactNumber, let result = exact(symbol, first, second) {
      return OptionValue(decimalOrQuotient: result)
    }
    guard let result = approximate(symbol, left.value.number ?? 0, right.value.number ?? 0), result.isFinite else {
      return reportOverflow(left, symbol, right)
    }
    return .decimal(result)
  }

  private func exact(_ symbol: BinaryOperator, _ left: Rational, _ right: Rational) -> Rational? {
    switch symbol {
    case .add: left.adding(right)
    case .subtract: left.subtracting(right)
    case .multiply: left.multiplied(by: right)
    case .divide: left.divided(by: right)
    case .or, .and, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .of, .div, .mod: nil
    }
  }

  private func approximate(_ symbol: BinaryOperator, _ left: Double, _ right: Double) -> Double? {
    switch symbol {
    case .add: left + right
    case .subtract: left - right
    case .multiply: left * right
    case .divide: left / right
    case .or, .and, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .of, .div, .mod: nil
    }
  }

  /// Quotient rounded down and the remainder with the divisor's sign.
  private func applyIntegerDivision(
    _ symbol: BinaryOperator, _ left: LocatedOption, _ right: LocatedOption, in scope: Scope
  ) -> OptionValue? {
    guard case .integer(let dividend) = left.value, case .integer(let divisor) = right.value else {
      return refuse(symbol, left, right, in: scope, needed: "integers")
    }
    guard divisor != 0 else { return reportZeroDivision(right) }
    let (quotient, overflow) = dividend.dividedReportingOverflow(by: divisor)
    guard !overflow else { return reportOverflow(left, symbol, right) }
    let remainder = dividend - quotient * divisor
    let isBelow = remainder != 0 && (remainder < 0) != (divisor < 0)
    if symbol == .div { return .integer(isBelow ? quotient - 1 : quotient) }
    return .integer(isBelow ? remainder + divisor : remainder)
  }

  func evaluateUnary(_ sign: UnaryOperator, _ operand: Expression, in scope: Scope) -> OptionValue? {
    guard let value = evaluate(operand, in: scope) else { return nil }
    switch sign {
    case .not:
      if case .boolean(let holds) = value { return .boolean(!holds) }
    case .minus:
      if let rational = value.rational { return Rational(0).subtracting(rational).map { OptionValue($0) } }
      if case .percent(let number) = value { return .percent(-number) }
      if let number = value.number { return .decimal(-number) }
    }
    let kind = sign == .not ? "true or false" : "a number"
    reportUnbound(value, needed: "what follows `\(sign.rawValue)`", kind: kind, at: operand.span, in: scope)
    return nil
  }

  private func reportZeroDivision(_ divisor: LocatedOption) -> OptionValue? {
    report(.divisionByZero, "this divides by zero", at: divisor.span, label: "this is 0")
    return nil
  }

  private func reportOverflow(_ left: LocatedOption, _ symbol: BinaryOperator, _ right: LocatedOption) -> OptionValue? {
    report(
      .numberOverflow, "`\(left.value.text) \(symbol.rawValue) \(right.value.text)` is too large to be computed exactly",
      at: left.span.union(right.span), label: "too large", notes: ["numerators and denominators go up to \(Int.max)"])
    return nil
  }

  /// Reports the side that the operator does not work on.
  private func refuse(
    _ symbol: BinaryOperator, _ left: LocatedOption, _ right: LocatedOption, in scope: Scope, needed: String? = nil
  ) -> OptionValue? {
    let kind = needed ?? (symbol == .and || symbol == .or ? "true or false" : "numbers")
    func fits(_ value: OptionValue) -> Bool {
      switch value {
      case .boolean: kind == "true or false"
      case .integer: kind != "true or false"
      case .rational, .decimal, .percent: kind == "numbers"
      case .text, .word, .moment, .duration, .proportion, .list, .call, .pattern: false
      }
    }
    let culprit = fits(left.value) ? right : left
    reportUnbound(culprit.value, needed: "the operands of `\(symbol.rawValue)`", kind: kind, at: culprit.span, in: scope)
    return nil
  }
}
