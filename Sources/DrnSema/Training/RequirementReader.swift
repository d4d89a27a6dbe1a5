import DrnDiagnostics
import DrnMethods
import DrnNumbers
import DrnProgram
import DrnSource
import DrnSyntax

/// Reads `require:`.
struct RequirementReader: Checking {
  let tools: Tools

  /// `require: average(trainable_parameters) <= 0.80 * dense_cost`, or `nil` when it was reported.
  func readRequirement(_ entry: SettingEntry) -> Requirement? {
    guard case .binary(let symbol, let left, let right, let symbolSpan) = unwrapped(entry.value).kind else {
      return reportMalformed(entry.value.span)
    }
    guard let comparison = Requirement.Comparison(rawValue: symbol.rawValue) else {
      return reportMalformed(symbolSpan)
    }
    guard let (aggregate, quantity) = readCost(left), let (limit, isRelative) = readLimit(right) else { return nil }
    guard limit >= 0 else {
      let given = OptionValue(decimalOrQuotient: limit).text
      report(.optionRange, "a cost is compared with a number of at least 0, not \(given)", at: right.span, label: "below 0")
      return nil
    }
    return Requirement(
      aggregate: aggregate, quantity: quantity, comparison: comparison, limit: limit, isRelativeToDense: isRelative, span: entry.span)
  }

  /// A fix for a cost that is not summed up over the run.
  private func averaging(_ expression: Expression) -> [FixIt] {
    guard case .name(let name) = expression.kind, Requirement.Quantity(rawValue: name) != nil else { return [] }
    return ["average", "final", "maximum", "total"].map { aggregate in
      FixIt("write `\(aggregate)(\(name))`", edits: [.init(expression.span, "\(aggregate)(\(name))")], confidence: .unsafe)
    }
  }

  private func reportMalformed(_ span: Span, fixIts: [FixIt] = []) -> Requirement? {
    report(
      .malformedRequirement, "a requirement compares a cost with a number by `<=`, `<`, `>=` or `>`", at: span,
      label: "not such a comparison",
      help: "for instance `require: average(trainable_parameters) <= 0.8 * dense_cost`", fixIts: fixIts)
    return nil
  }

  private func unwrapped(_ expression: Expression) -> Expression {
    var current = expression
    while case .parenthesized(let inner) = current.kind { current = inner }
    return current
  }

  private func readCost(_ expression: Expression) -> (Requirement.Aggregate, Requirement.Quantity)? {
    guard case .call(let callee, let arguments) = unwrapped(expression).kind, arguments.count == 1,
      case .name(let quantityName)? = arguments.first?.value.kind, let argument = arguments.first
    else {
      _ = reportMalformed(expression.span, fixIts: averaging(expression))
      return nil
    }
    guard let aggregate = Requirement.Aggregate(rawValue: callee.text) else {
      let names = Requirement.Aggregate.allCases.map(\.rawValue)
      reportUnknown(.unknownMethod, "a cost is not summed up by `\(callee.text)`", callee.text, at: callee.span, among: names)
      return nil
    }
    guard let quantity = Requirement.Quantity(rawValue: quantityName) else {
      let names = Requirement.Quantity.allCases.map(\.rawValue)
      reportUnknown(.unknownMethod, "there is no cost `\(quantityName)`", quantityName, at: argument.value.span, among: names)
      return nil
    }
    return (aggregate, quantity)
  }

  /// A number, `dense_cost`, or a product or quotient of the two.
  private func readLimit(_ expression: Expression) -> (Rational, Bool)? {
    let expression = unwrapped(expression)
    if case .name("dense_cost") = expression.kind { return (1, true) }
    if case .binary(.multiply, let left, let right, _) = expression.kind {
      if case .name("dense_cost") = unwrapped(right).kind { return readNumber(left).map { ($0, true) } }
      if case .name("dense_cost") = unwrapped(left).kind { return readNumber(right).map { ($0, true) } }
    }
    return readNumber(expression).map { ($0, false) }
  }

  private func readNumber(_ expression: Expression) -> Rational? {
    guard let value = evaluator.evaluate(expression) else { return nil }
    if let number = value.share { return number }
    evaluator.reportUnbound(
      value, needed: "what a cost is compared with", kind: "a number or a multiple of `dense_cost`", at: expression.span, in: Scope())
    return nil
  }
}
