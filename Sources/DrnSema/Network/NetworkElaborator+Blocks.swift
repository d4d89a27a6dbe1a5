import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

extension NetworkElaborator {
  /// Unfolds a block where it is called.
  mutating func unfold(_ block: BlockItem, _ call: StageCall, in scope: Scope, names: inout NameScope) -> Operand {
    reporter.use(block.name.text)
    guard !unfolding.blocks.contains(block.name.text) else {
      reportRecursion(block, call)
      return .failed
    }
    let name = takeName(call.label, operation: block.name.text, at: call.span, &names)
    guard let bound = bind(block, call, in: scope, names: &names) else { return .failed }
    unfolding.blocks.append(block.name.text)
    defer { unfolding.blocks.removeLast() }
    var inner = NameScope(owner: name, isIndexed: false)
    let result = unfold(block.body, at: block.name.span, in: bound, names: &inner)
    guard case .constant(let value) = result else { return result }
    let returned = returnedExpression(block.body)
    if let returned { return tensor(result, of: returned, in: bound) }
    report(.missingReturn, "`\(block.name.text)` returns \(value.kindDescription)", at: block.name.span, label: "no tensor")
    return .failed
  }

  func returnedExpression(_ body: [Statement]) -> Expression? {
    for statement in body { if case .result(let value, _) = statement { return value } }
    return nil
  }

  private func reportRecursion(_ block: BlockItem, _ call: StageCall) {
    let chain = (unfolding.blocks + [block.name.text]).map { "`\($0)`" }.joined(separator: " calls ")
    report(
      .recursiveBlock, "`\(block.name.text)` contains itself", at: call.callee.span, label: "calls the block it is part of",
      secondary: [Label(block.name.span, "`\(block.name.text)` is declared here")], notes: [chain],
      help: "use `repeat(n) { ... }` for a fixed number of copies")
  }

  // MARK: Parameters

  /// The scope of a block's body: every parameter bound to an argument or its default. `nil` when an argument list was reported.
  private mutating func bind(_ block: BlockItem, _ call: StageCall, in scope: Scope, names: inout NameScope) -> Scope? {
    guard let given = match(block, call, in: scope, names: &names) else { return nil }
    var bound = Scope(depth: scope.depth)
    for parameter in block.parameters {
      guard let type = types.readType(parameter.type, in: bound) else {
        bound.bind(parameter.name.text, .failed, at: parameter.name.span)
        continue
      }
      let argument = given[parameter.name.text] ?? defaultOperand(parameter, in: bound)
      let operand = argument.map { checkType($0, type, parameter, of: block) } ?? .failed
      bound.bind(parameter.name.text, operand, at: parameter.name.span)
    }
    return bound
  }

  private func defaultOperand(_ parameter: Parameter, in scope: Scope) -> (Operand, Span)? {
    guard let expression = parameter.defaultValue else { return nil }
    return (evaluator.evaluate(expression, in: scope).map { .constant($0) } ?? .failed, expression.span)
  }

  /// The arguments by parameter name; missing and surplus ones are reported.
  private mutating func match(
    _ block: BlockItem, _ call: StageCall, in scope: Scope, names: inout NameScope
  ) -> [String: (Operand, Span)]? {
    var given: [String: (Operand, Span)] = [:]
    var positional = block.parameters[...]
    var isComplete = true
    if let piped = call.piped {
      if let first = positional.popFirst() { given[first.name.text] = (piped, call.span) } else { isComplete = false }
    }
    for argument in call.arguments {
      let operand = unfold(argument.value, in: scope, names: &names)
      guard let parameter = parameter(for: argument, of: block, positional: &positional) else {
        isComplete = false
        continue
      }
      if let earlier = given[parameter.name.text] {
        report(
          .duplicateOption, "`\(parameter.name.text)` of `\(block.name.text)` is given twice", at: argument.span, label: "given again",
          secondary: [Label(earlier.1, "first given here")])
        isComplete = false
      }
      given[parameter.name.text] = (operand, argument.value.span)
    }
    return reportMissing(block, call, given: given) && isComplete ? given : nil
  }

  private func parameter(for argument: Argument, of block: BlockItem, positional: inout ArraySlice<Parameter>) -> Parameter? {
    guard let name = argument.name else {
      if let next = positional.popFirst() { return next }
      report(
        .surplusArgument, "`\(block.name.text)` takes \(counted(block.parameters.count, "argument"))", at: argument.span,
        label: "one too many", secondary: [Label(block.name.span, "`\(block.name.text)` is declared here")])
      return nil
    }
    positional.removeAll { $0.name.text == name.text }
    if let parameter = block.parameters.first(where: { $0.name.text == name.text }) { return parameter }
    reportUnknown(
      .unknownOption, "`\(block.name.text)` has no parameter `\(name.text)`", name.text, at: name.span,
      among: block.parameters.map(\.name.text))
    return nil
  }

  private func reportMissing(_ block: BlockItem, _ call: StageCall, given: [String: (Operand, Span)]) -> Bool {
    let missing = block.parameters.filter { given[$0.name.text] == nil && $0.defaultValue == nil }
    guard let first = missing.first else { return true }
    let listed = missing.map { "`\($0.name.text)`" }.joined(separator: " and ")
    report(
      .missingOption, "`\(block.name.text)` needs \(listed)", at: call.span, label: "without \(listed)",
      secondary: [Label(first.name.span, "declared here without a default")])
    return false
  }
}
