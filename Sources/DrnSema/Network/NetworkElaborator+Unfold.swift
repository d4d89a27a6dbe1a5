import DrnDiagnostics
import DrnMethods
import DrnSource
import DrnSyntax

extension NetworkElaborator {
  /// What an expression of a block or network stands for; layers it contains are appended to the network. `label` names the layer or block
  /// that the expression consists of.
  mutating func unfold(_ expression: Expression, label: Name? = nil, in outer: Scope, names: inout NameScope) -> Operand {
    guard let scope = evaluator.enter(expression.span, in: outer) else { return .failed }
    switch expression.kind {
    case .name(let name): return unfoldName(name, in: scope)
    case .call(let callee, let arguments):
      let call = StageCall(callee: callee, arguments: arguments, piped: nil, label: label, span: expression.span)
      return unfold(call, in: scope, names: &names)
    case .binary: return unfoldBinary(expression, in: scope, names: &names)
    case .conditional(let condition, let then, let otherwise):
      guard let branch = evaluator.chooseBranch(condition, then, otherwise, in: scope) else { return .failed }
      return unfold(branch, at: expression.span, in: scope, names: &names)
    case .pipeline(let input, let stages): return unfoldPipeline(input, stages, label: label, in: scope, names: &names)
    case .parenthesized(let inner): return unfold(inner, label: label, in: scope, names: &names)
    case .unary(.minus, let inner):
      // A number is read whole, so that what is wrong with it is said once.
      guard case .tensor(let source) = unfold(inner, in: scope, names: &names) else { fallthrough }
      let call = OptionCall(name: "negate", nameSpan: expression.span, arguments: [], span: expression.span)
      return appendLayer(call, inputs: [.tensor(source)], label: nil, names: &names)
    case .integer, .decimal, .percent, .string, .boolean, .moment, .duration, .list, .record, .index, .member, .pattern, .unary, .missing:
      return evaluator.evaluate(expression, in: scope).map { .constant($0) } ?? .failed
    }
  }

  private func unfoldName(_ name: String, in scope: Scope) -> Operand {
    guard let binding = scope[name] else { return .constant(.word(name)) }
    reporter.use(bindingAt: binding.span)
    return binding.operand
  }

  private mutating func unfoldPipeline(
    _ input: Expression?, _ stages: [Stage], label: Name?, in scope: Scope, names: inout NameScope
  ) -> Operand {
    guard let input else { return .failed }
    var current = tensor(unfold(input, in: scope, names: &names), of: input, in: scope)
    for stage in stages {
      let given = stages.count == 1 ? stage.label ?? label : stage.label
      current = unfold(stage, label: given, input: current, in: scope, names: &names)
    }
    return current
  }

  /// The statements of a body in order; the value of the first `return`.
  mutating func unfold(_ statements: [Statement], at span: Span, in outer: Scope, names: inout NameScope) -> Operand {
    var scope = outer
    for (position, statement) in statements.enumerated() {
      switch statement {
      case .binding(let name, let value, _):
        reporter.declare(binding: name)
        let isLayer = namesLayer(value, in: scope)
        scope.bind(name.text, unfold(value, label: isLayer ? name : nil, in: scope, names: &names), at: name.span)
      case .result(let value, _):
        evaluator.reportUnreached(statements, after: position)
        return unfold(value, in: scope, names: &names)
      }
    }
    report(
      .missingReturn, "this body returns nothing", at: span, label: "no `return`", help: "end it with `return` and a tensor",
      fixIts: returningLast(of: statements))
    return .failed
  }

  /// A fix that returns what the last `let` of a body names.
  private func returningLast(of statements: [Statement]) -> [FixIt] {
    guard case .binding(let name, _, let span)? = statements.last else { return [] }
    return [FixIt("return `\(name.text)`", edits: [edits.insertion("return \(name.text)", behind: span)], confidence: .unsafe)]
  }

  /// Whether a binding consists of one layer or block, which then takes the binding's name.
  private func namesLayer(_ value: Expression, in scope: Scope) -> Bool {
    switch value.kind {
    case .call: true
    case .pipeline(_, let stages):
      stages.count == 1 && stages.allSatisfy { if case .call = $0.operation { $0.label == nil } else { false } }
    case .parenthesized(let inner): namesLayer(inner, in: scope)
    case .integer, .decimal, .percent, .string, .boolean, .name, .moment, .duration, .list, .record, .index, .member, .pattern, .unary,
      .binary, .conditional, .missing:
      false
    }
  }

  /// The operand as a tensor; a constant is reported.
  func tensor(_ operand: Operand, of expression: Expression, in scope: Scope) -> Operand {
    guard case .constant(let value) = operand else { return operand }
    if case .word(let word) = value {
      let tensors = scope.names.filter { name in if case .constant? = scope[name]?.operand { false } else { true } }
      reportUnknown(.unknownName, "`\(word)` is not declared here", word, at: expression.span, among: tensors)
    } else {
      report(
        .notATensor, "a tensor is needed here, but `\(value.text)` is \(value.kindDescription)", at: expression.span,
        label: value.kindDescription)
    }
    return .failed
  }

  // MARK: Operators

  /// A chain of operators, between tensors element by element.
  private mutating func unfoldBinary(_ expression: Expression, in scope: Scope, names: inout NameScope) -> Operand {
    let (first, links) = evaluator.leftSpine(expression)
    var left = unfold(first, in: scope, names: &names)
    var span = first.span
    for link in links {
      let right = unfold(link.right, in: scope, names: &names)
      let whole = span.union(link.right.span)
      left = combine(left, right, link, leftSpan: span, whole: whole, in: scope, names: &names)
      span = whole
    }
    return left
  }

  private mutating func combine(
    _ left: Operand, _ right: Operand, _ link: Evaluator.Link, leftSpan: Span, whole: Span, in scope: Scope, names: inout NameScope
  ) -> Operand {
    switch (left, right) {
    case (.failed, _), (_, .failed): return .failed
    case (.constant(let first), .constant(let second)):
      let (first, second) = (LocatedOption(first, leftSpan), LocatedOption(second, link.right.span))
      return evaluator.apply(link.symbol, first, second, at: link.span, in: scope).map { .constant($0) } ?? .failed
    case (.tensor(let first), .tensor(let second)):
      guard let name = Self.layers[link.symbol] else {
        report(
          .operandKind, "`\(link.symbol.rawValue)` does not work on tensors; `+`, `-`, `*` and `/` do", at: link.span,
          label: "between two tensors")
        return .failed
      }
      return append(name, [], [.tensor(first), .tensor(second)], link, whole, &names)
    case (.tensor, .constant(let value)):
      guard let number = value.number, let step = Self.step(behind: link.symbol, number) else {
        return reportMixed(value, link, at: link.right.span, in: scope)
      }
      return append(step.name, [step.number], [left], link, whole, &names)
    case (.constant(let value), .tensor):
      guard let number = value.number, let steps = Self.steps(before: link.symbol, number) else {
        return reportMixed(value, link, at: leftSpan, in: scope)
      }
      return steps.reduce(right) { append($1.name, $1.number.map { [$0] } ?? [], [$0], link, whole, &names) }
    }
  }

  /// The layer that an operator with a number behind it stands for.
  private static func step(behind symbol: BinaryOperator, _ number: Double) -> (name: String, number: Double)? {
    switch symbol {
    case .add: ("shift", number)
    case .subtract: ("shift", -number)
    case .multiply: ("scale", number)
    case .divide: number == 0 ? nil : ("scale", 1 / number)
    case .or, .and, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .of, .div, .mod: nil
    }
  }

  /// The layers that an operator with a number before it stands for, in their order.
  private static func steps(before symbol: BinaryOperator, _ number: Double) -> [(name: String, number: Double?)]? {
    switch symbol {
    case .add: [("shift", number)]
    case .subtract: [("negate", nil), ("shift", number)]
    case .multiply: [("scale", number)]
    case .divide: [("reciprocal", nil), ("scale", number)]
    case .or, .and, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .of, .div, .mod: nil
    }
  }

  /// The layers that operators between tensors stand for.
  private static let layers: [BinaryOperator: String] = [.add: "add", .subtract: "subtract", .multiply: "multiply", .divide: "divide"]

  /// Appends the layer that an operator stands for.
  private mutating func append(
    _ name: String, _ numbers: [Double], _ inputs: [Operand], _ link: Evaluator.Link, _ whole: Span, _ names: inout NameScope
  ) -> Operand {
    let arguments = numbers.map { OptionCall.Argument(name: nil, nameSpan: nil, value: LocatedOption(.decimal($0), link.span)) }
    return appendLayer(
      OptionCall(name: name, nameSpan: link.span, arguments: arguments, span: whole), inputs: inputs, label: nil, names: &names)
  }

  private func reportMixed(_ value: OptionValue, _ link: Evaluator.Link, at span: Span, in scope: Scope) -> Operand {
    if case .word(let word) = value {
      reportUnknown(.unknownName, "`\(word)` is not declared here", word, at: span, among: scope.names)
    } else {
      report(
        .notATensor, "`\(link.symbol.rawValue)` has a tensor on one side and \(value.kindDescription) on the other", at: span,
        label: value.kindDescription)
    }
    return .failed
  }
}
