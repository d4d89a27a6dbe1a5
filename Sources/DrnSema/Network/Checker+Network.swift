import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

extension Checker {
  /// A network with its blocks unfolded, or `nil` when it has an error.
  mutating func elaborate(_ item: NetworkItem) -> Network? {
    let errors = errorCount
    unfolding = Unfolding()
    guard let scope = bindInput(item) else { return nil }
    var names = NameScope(owner: .root, isIndexed: false)
    let result = unfold(item.body, at: item.name.span, in: scope, names: &names)
    let returned = returnedExpression(item.body)
    guard case .tensor(let output) = returned.map({ tensor(result, of: $0, in: scope) }) ?? result else { return nil }
    checkResult(item, output, returned)
    guard errorCount == errors else { return nil }
    return Network(
      name: item.name.text, inputShape: unfolding.inputShape, nodes: unfolding.nodes, output: output,
      outputShape: unfolding.shape(of: output))
  }

  /// The input as the body's only tensor, and other parameters at their defaults.
  private mutating func bindInput(_ item: NetworkItem) -> Scope? {
    var scope = Scope()
    var input: Parameter?
    for parameter in item.parameters {
      guard let type = readType(parameter.type, in: scope) else { return nil }
      if case .tensor(let shape) = type {
        guard acceptInput(parameter, shape, after: input, of: item) else { return nil }
        input = parameter
        scope.bind(parameter.name.text, .tensor(.input), at: parameter.name.span)
      } else {
        guard let value = networkConstant(parameter, of: item, in: scope) else { return nil }
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

  private mutating func acceptInput(_ parameter: Parameter, _ shape: [Int]?, after earlier: Parameter?, of item: NetworkItem) -> Bool {
    if let earlier {
      report(
        .parameterType, "the network `\(item.name.text)` has two inputs, and one is supported", at: parameter.name.span,
        label: "a second tensor", secondary: [Label(earlier.name.span, "the first tensor")])
      return false
    }
    guard let shape else {
      report(
        .unknownType, "the input `\(parameter.name.text)` of `\(item.name.text)` needs a shape", at: parameter.type.span, label: "no shape",
        help: "write the shape of one example, for instance `tensor[1, 28, 28]`")
      return false
    }
    unfolding.inputShape = shape
    unfolding.inputSpan = parameter.type.span
    return true
  }

  private mutating func networkConstant(_ parameter: Parameter, of item: NetworkItem, in scope: Scope) -> OptionValue? {
    guard let expression = parameter.defaultValue else {
      report(
        .missingOption, "the parameter `\(parameter.name.text)` of the network `\(item.name.text)` has no value", at: parameter.name.span,
        label: "no default", help: "nothing calls a network, so every constant needs a default")
      return nil
    }
    return evaluate(expression, in: scope)
  }

  private mutating func checkResult(_ item: NetworkItem, _ output: Network.Source, _ returned: Expression?) {
    guard let declared = item.result, let type = readType(declared) else { return }
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
