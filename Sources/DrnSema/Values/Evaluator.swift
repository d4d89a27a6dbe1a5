import DrnDiagnostics
import DrnMethods
import DrnSource
import DrnSyntax

/// Finds the constants that expressions stand for.
struct Evaluator: Checking {
  let tools: Tools

  /// The constant an expression stands for, or `nil` when an error was reported (now or by the parser). Names bound in `scope` are
  /// replaced by their values; other names are words.
  func evaluate(_ expression: Expression, in outer: Scope = Scope()) -> OptionValue? {
    guard let scope = enter(expression.span, in: outer) else { return nil }
    switch expression.kind {
    case .integer(let digits): return evaluateInteger(digits, at: expression.span)
    case .decimal(let text): return evaluateDecimal(text, at: expression.span).map { .decimal($0) }
    case .percent(let text): return evaluateDecimal(text, at: expression.span, places: 2).map { .percent($0) }
    case .string(let text): return .text(text)
    case .boolean(let value): return .boolean(value)
    case .name(let name): return evaluateName(name, at: expression.span, in: scope)
    case .moment(let unit, let value): return evaluateMoment(unit, value, whole: expression, in: scope)
    case .duration(let value, let unit): return evaluateDuration(value, unit, whole: expression, in: scope)
    case .list(let items): return evaluateList(items, in: scope)
    case .record(let fields): return evaluateCall(Name("", expression.span), fields, at: expression.span, in: scope)
    case .call(let callee, let arguments): return evaluateCall(callee, arguments, at: expression.span, in: scope)
    case .index, .member: return evaluatePath(expression)
    case .pattern(let selector): return .pattern(selector.text)
    case .unary(let sign, let operand): return evaluateUnary(sign, operand, in: scope)
    case .binary: return evaluateBinary(expression, in: scope)
    case .conditional(let condition, let then, let otherwise):
      guard let branch = chooseBranch(condition, then, otherwise, in: scope) else { return nil }
      return evaluate(branch, in: scope, at: expression.span)
    case .pipeline:
      report(.notATensor, "a pipeline is a tensor, and a constant is needed here", at: expression.span, label: "a tensor")
      return nil
    case .parenthesized(let inner): return evaluate(inner, in: scope)
    case .missing: return nil
    }
  }

  /// The scope one level further in, or `nil` when it was reported that there are too many levels.
  func enter(_ span: Span, in outer: Scope) -> Scope? {
    if let scope = outer.nested() { return scope }
    report(
      .networkTooLarge, "blocks and values are nested more than \(Scope.maximumDepth) levels deep", at: span,
      label: "the limit is reached here", help: "give inner parts a name with `let`, or use `|>` instead of nested calls")
    return nil
  }

  /// Reports the first statement behind a `return`: a body is taken up to there.
  func reportUnreached(_ statements: [Statement], after position: Int) {
    guard position + 1 < statements.count else { return }
    report(
      .unreadEntry, "nothing behind `return` is part of the body", at: statements[position + 1].span, label: "never reached",
      secondary: [Label(statements[position].span, "the body ends here")], help: "remove one of the two")
  }

  private func evaluateInteger(_ digits: String, at span: Span) -> OptionValue? {
    guard let value = Int(digits) else {
      report(.numberOverflow, "`\(digits)` is too large: integers go up to \(Int.max)", at: span, label: "too large")
      return nil
    }
    return .integer(value)
  }

  /// `places` moves the decimal point to the left before the number is rounded: a percentage is the nearest number to its digits.
  private func evaluateDecimal(_ text: String, at span: Span, places: Int = 0) -> Double? {
    let parts = text.replacing("_", with: "").lowercased().split(separator: "e", maxSplits: 1)
    let exponent = parts.count > 1 ? Int(parts[1]).map { $0 - places } : -places
    guard let mantissaDigits = parts.first, let exponent, let value = Double("\(mantissaDigits)e\(exponent)"), value.isFinite else {
      report(.numberOverflow, "`\(text)` is too large for a decimal number", at: span, label: "too large")
      return nil
    }
    let mantissa = text.prefix { $0 != "e" && $0 != "E" }
    guard value != 0 || !mantissa.contains(where: { ("1"..."9").contains($0) }) else {
      report(.numberOverflow, "`\(text)` is too small for a decimal number, and would be 0", at: span, label: "too small")
      return nil
    }
    return value
  }

  private func evaluateName(_ name: String, at span: Span, in scope: Scope) -> OptionValue? {
    guard let binding = scope[name] else { return .word(name) }
    reporter.use(bindingAt: binding.span)
    switch binding.operand {
    case .constant(let value): return value
    case .failed: return nil
    case .tensor:
      report(
        .notATensor, "`\(name)` is a tensor, and a constant is needed here", at: span, label: "a tensor",
        secondary: [Label(binding.span, "`\(name)` is declared here")])
      return nil
    }
  }

  private func evaluateList(_ items: [Expression], in scope: Scope) -> OptionValue? {
    var values: [LocatedOption] = []
    for item in items {
      guard let value = evaluate(item, in: scope) else { continue }
      values.append(LocatedOption(value, item.span))
    }
    return values.count == items.count ? .list(values) : nil
  }

  /// A call whose arguments are constants.
  func evaluateCall(_ callee: Name, _ arguments: [Argument], at span: Span, in scope: Scope) -> OptionValue? {
    var values: [OptionCall.Argument] = []
    for argument in arguments {
      guard let value = evaluate(argument.value, in: scope) else { continue }
      values.append(.init(name: argument.name?.text, nameSpan: argument.name?.span, value: LocatedOption(value, argument.value.span)))
    }
    guard values.count == arguments.count else { return nil }
    return .call(OptionCall(name: callee.text, nameSpan: callee.span, arguments: values, span: span))
  }

  /// `blocks[0].conv1` without a `*`: a selector written with the words of an expression.
  private func evaluatePath(_ expression: Expression) -> OptionValue? {
    guard let text = pathText(expression) else {
      report(.operandKind, "expected the name of a layer such as `stage2[0].conv1`", at: expression.span, label: "not the name of a layer")
      return nil
    }
    return .pattern(text)
  }

  private func pathText(_ expression: Expression) -> String? {
    var parts: [String] = []
    var current = expression
    while true {
      switch current.kind {
      case .name(let name): return ([name] + parts.reversed()).joined()
      case .member(let base, let name):
        parts.append("." + name.text)
        current = base
      case .index(let base, let indices):
        guard indices.count == 1, case .integer(let digits) = indices[0].kind else { return nil }
        parts.append("[\(digits)]")
        current = base
      case .integer, .decimal, .percent, .string, .boolean, .moment, .duration, .list, .record, .call, .pattern, .unary, .binary,
        .conditional, .pipeline, .parenthesized, .missing:
        return nil
      }
    }
  }

  /// The statements of the branch a constant condition selects; `nil` when an error was reported.
  func chooseBranch(
    _ condition: Expression, _ then: [Statement], _ otherwise: [Statement]?, in scope: Scope
  ) -> [Statement]? {
    guard let holds = evaluateCondition(condition, in: scope) else { return nil }
    return holds ? then : otherwise
  }

  func evaluateCondition(_ condition: Expression, in scope: Scope) -> Bool? {
    guard let value = evaluate(condition, in: scope) else { return nil }
    guard case .boolean(let holds) = value else {
      reportUnbound(value, needed: "a condition", kind: "true or false", at: condition.span, in: scope)
      return nil
    }
    return holds
  }

  private func evaluate(_ statements: [Statement], in outer: Scope, at span: Span) -> OptionValue? {
    var scope = outer
    for (position, statement) in statements.enumerated() {
      switch statement {
      case .binding(let name, let value, _):
        let constant = evaluate(value, in: scope)
        reporter.declare(binding: name)
        scope.bind(name.text, constant.map { .constant($0) } ?? .failed, at: name.span)
      case .result(let value, _):
        reportUnreached(statements, after: position)
        return evaluate(value, in: scope)
      }
    }
    report(.missingReturn, "this branch has no value", at: span, label: "no value")
    return nil
  }

  /// Reports a value of the wrong kind; a word that is no bound name is most likely a misspelt one.
  func reportUnbound(_ value: OptionValue, needed: String, kind: String, at span: Span, in scope: Scope) {
    if case .word(let word) = value {
      reportUnknown(.unknownName, "`\(word)` is not declared here, and \(needed) must be \(kind)", word, at: span, among: scope.names)
    } else {
      report(
        .operandKind, "\(needed) must be \(kind), but `\(value.text)` is \(value.kindDescription)", at: span, label: value.kindDescription)
    }
  }
}
