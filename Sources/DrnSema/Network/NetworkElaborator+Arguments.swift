import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

extension NetworkElaborator {
  /// The operand if it has the parameter's type, else it is reported.
  func checkType(
    _ argument: (operand: Operand, span: Span), _ type: ParameterType, _ parameter: Parameter, of block: BlockItem
  ) -> Operand {
    switch (argument.operand, type) {
    case (.failed, _): return .failed
    case (.tensor(let source), .tensor) where unfolding.isTokens(source): reportType("tokens", argument.span, type, parameter, of: block)
    case (.tensor(let source), .tokens(let count)) where unfolding.isTokens(source):
      guard let count, unfolding.shape(of: source) != [count] else { return argument.operand }
      reportType("tokens\(shapeText(unfolding.shape(of: source)))", argument.span, type, parameter, of: block)
    case (.tensor(let source), .tensor(let declared)):
      guard let declared, declared != unfolding.shape(of: source) else { return argument.operand }
      return reportShape(source, declared, argument.span, parameter, of: block)
    case (.constant(.integer), .integer), (.constant(.boolean), .boolean): return argument.operand
    case (.constant(let value), .number) where value.number != nil: return argument.operand
    case (.constant(.word(let word)), .tensor):
      reportUnknown(.unknownName, "`\(word)` is not declared here", word, at: argument.span, among: [])
    case (.constant(let value), _): reportType(value.kindDescription, argument.span, type, parameter, of: block)
    case (.tensor, _): reportType("a tensor", argument.span, type, parameter, of: block)
    }
    return .failed
  }

  private func reportShape(
    _ source: Network.Source, _ declared: [Int], _ span: Span, _ parameter: Parameter, of block: BlockItem
  ) -> Operand {
    let actual = shapeText(unfolding.shape(of: source))
    let origin = unfolding.span(of: source).map { [Label($0, "\(unfolding.name(of: source)) has the shape \(actual)")] } ?? []
    report(
      .resultShape, "`\(parameter.name.text)` of `\(block.name.text)` is declared as tensor\(shapeText(declared)), but is given \(actual)",
      at: span, label: actual, secondary: origin + [Label(parameter.type.span, "declared as \(shapeText(declared))")])
    return .failed
  }

  private func reportType(_ kind: String, _ span: Span, _ type: ParameterType, _ parameter: Parameter, of block: BlockItem) {
    report(
      .parameterType, "`\(parameter.name.text)` of `\(block.name.text)` is declared as \(type.text), but is given \(kind)", at: span,
      label: kind, secondary: [Label(parameter.type.span, "declared as \(type.text)")])
  }
}
