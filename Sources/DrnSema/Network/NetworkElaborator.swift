import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

/// Unfolds one network: made for it, with what it consists of so far.
struct NetworkElaborator: Checking {
  let tools: Tools
  let item: NetworkItem
  let declarations: Declarations
  var unfolding = Unfolding()

  init(_ item: NetworkItem, _ declarations: Declarations, _ tools: Tools) {
    self.item = item
    self.declarations = declarations
    self.tools = tools
  }

  /// What a declaration gives, and what was found on the way.
  static func outcome(_ item: NetworkItem, _ declarations: Declarations, _ tools: Tools) -> (value: NetworkOutcome, findings: Findings) {
    var elaborator = NetworkElaborator(item, declarations, tools)
    let network = elaborator.elaborate()
    let outcome = NetworkOutcome(
      network: network, facts: elaborator.unfolding.facts(of: item.name, isComplete: network != nil),
      inputSpan: elaborator.unfolding.inputSpan, resultSpan: item.result?.span ?? item.name.span)
    return (outcome, tools.reporter.findings)
  }

  /// The network with its blocks unfolded, or `nil` when it has an error.
  private mutating func elaborate() -> Network? {
    guard let scope = bindInput() else { return nil }
    var names = NameScope(owner: .root, isIndexed: false)
    let result = unfold(item.body, at: item.name.span, in: scope, names: &names)
    let returned = returnedExpression(item.body)
    guard case .tensor(let output) = returned.map({ tensor(result, of: $0, in: scope) }) ?? result else { return nil }
    checkResult(output, returned)
    if unfolding.isTokens(output) {
      report(
        .notATensor, "`\(item.name.text)` returns its tokens, and a network returns numbers", at: returned?.span ?? item.name.span,
        label: "tokens", help: "put `embedding(vocabulary, width)` behind them")
    }
    guard reporter.errorCount == 0 else { return nil }
    return Network(
      name: item.name.text, inputShape: unfolding.inputShape, inputElement: unfolding.inputElement, nodes: unfolding.nodes, output: output,
      outputShape: unfolding.shape(of: output))
  }

  var types: TypeReader { TypeReader(tools: tools) }

  /// The input as the body's only tensor, and other parameters at their defaults.
  private mutating func bindInput() -> Scope? {
    var scope = Scope()
    var input: Parameter?
    for parameter in item.parameters {
      guard let type = types.readType(parameter.type, in: scope) else { return nil }
      switch type {
      case .tensor(let shape):
        guard acceptInput(parameter, shape, .number, after: input) else { return nil }
        input = parameter
        scope.bind(parameter.name.text, .tensor(.input), at: parameter.name.span)
      case .tokens(let count):
        guard acceptInput(parameter, count.map { [$0] }, .token, after: input) else { return nil }
        input = parameter
        scope.bind(parameter.name.text, .tensor(.input), at: parameter.name.span)
      case .integer, .number, .boolean:
        guard let value = networkConstant(parameter, in: scope) else { return nil }
        scope.bind(parameter.name.text, .constant(value), at: parameter.name.span)
      }
    }
    if input == nil {
      report(
        .missingEntry, "the network `\(item.name.text)` has no input", at: item.name.span, label: "no tensor parameter",
        help: "declare one, for instance `\(item.name.text)(image: tensor[1, 28, 28])`")
    }
    return input == nil ? nil : scope
  }

  private mutating func acceptInput(
    _ parameter: Parameter, _ shape: [Int]?, _ element: InputElement, after earlier: Parameter?
  ) -> Bool {
    if let earlier {
      report(
        .parameterType, "the network `\(item.name.text)` has two inputs, and one is supported", at: parameter.name.span,
        label: "a second tensor", secondary: [Label(earlier.name.span, "the first tensor")])
      return false
    }
    guard let shape else {
      report(
        .unknownType, "the input `\(parameter.name.text)` of `\(item.name.text)` needs a shape", at: parameter.type.span, label: "no shape",
        help: "write the shape of one example, for instance `\(element == .token ? "tokens[128]" : "tensor[1, 28, 28]")`")
      return false
    }
    unfolding.inputShape = shape
    unfolding.inputElement = element
    unfolding.inputSpan = parameter.type.span
    return true
  }

  private func networkConstant(_ parameter: Parameter, in scope: Scope) -> OptionValue? {
    guard let expression = parameter.defaultValue else {
      report(
        .missingOption, "the parameter `\(parameter.name.text)` of the network `\(item.name.text)` has no value", at: parameter.name.span,
        label: "no default", help: "nothing calls a network, so every constant needs a default")
      return nil
    }
    return evaluator.evaluate(expression, in: scope)
  }

  private func checkResult(_ output: Network.Source, _ returned: Expression?) {
    guard let declared = item.result, let type = types.readType(declared) else { return }
    guard case .tensor(let shape) = type else {
      report(.unknownType, "a network returns a tensor, not \(type.text)", at: declared.span, label: "not a tensor")
      return
    }
    let actual = unfolding.shape(of: output)
    guard let shape, shape != actual else { return }
    let origin = (unfolding.span(of: output) ?? returned?.span).map {
      [Label($0, "\(unfolding.name(of: output)) has the shape \(shapeText(actual))")]
    }
    // An image has to become a vector first; declaring the image would only move the error.
    let endsInImage = shape.count == 1 && actual.count > 1
    let fix = FixIt("declare tensor\(shapeText(actual))", edits: [.init(declared.span, "tensor\(shapeText(actual))")], confidence: .unsafe)
    report(
      .resultShape, "`\(item.name.text)` is declared to return tensor\(shapeText(shape)), but returns \(shapeText(actual))",
      at: declared.span, label: "declared as \(shapeText(shape))", secondary: origin ?? [],
      help: endsInImage ? "go on with `flatten |> linear(\(shape[0]))`, or with `global_average_pool` before it" : nil,
      fixIts: endsInImage ? [] : [fix])
  }
}
