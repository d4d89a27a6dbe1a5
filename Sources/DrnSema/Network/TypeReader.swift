import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

/// The type of a parameter.
enum ParameterType: Equatable {
  /// A tensor, of the given shape if one is stated.
  case tensor([Int]?)
  /// Tokens, so many an example if that is stated.
  case tokens(Int?)
  case integer, number, boolean

  var text: String {
    switch self {
    case .tokens(let count): "tokens" + (count.map { "[\($0)]" } ?? "")
    case .tensor(let shape): "tensor" + (shape.map(shapeText) ?? "")
    case .integer: "int"
    case .number: "float"
    case .boolean: "bool"
    }
  }
}

/// Reads the types of parameters, results and examples.
struct TypeReader: Checking {
  let tools: Tools

  private static let typeNames = ["tensor", "tokens", "int", "float", "bool"]
  /// What other languages call these types.
  private static let typesElsewhere = [
    "integer": "int", "i32": "int", "i64": "int", "double": "float", "real": "float", "number": "float", "f32": "float", "boolean": "bool",
    "array": "tensor", "matrix": "tensor",
  ]

  /// Reads a type; `nil` when it was reported.
  func readType(_ expression: Expression, in scope: Scope = Scope()) -> ParameterType? {
    switch expression.kind {
    case .name(let name): return readTypeName(name, at: expression.span)
    case .index(let base, let indices):
      guard case .name(let name) = base.kind else { break }
      if name == "tokens" { return readTokens(indices, expression, in: scope) }
      if name != "tensor", Suggestion.nearest(to: name, in: ["tensor"]) != nil || Self.typesElsewhere[name.lowercased()] == "tensor" {
        return readTypeName(name, at: base.span)
      }
      guard name == "tensor" else { break }
      return readShape(indices, in: scope).map { .tensor($0) }
    case .missing: return nil
    case .integer, .decimal, .percent, .string, .boolean, .moment, .duration, .list, .record, .call, .member, .pattern, .unary, .binary,
      .conditional, .pipeline, .parenthesized:
      break
    }
    report(
      .unknownType, "expected a type: `tensor[...]`, `tensor`, `tokens[...]`, `int`, `float` or `bool`", at: expression.span,
      label: "not a type")
    return nil
  }

  private func readTokens(_ indices: [Expression], _ expression: Expression, in scope: Scope) -> ParameterType? {
    guard let shape = readShape(indices, in: scope) else { return nil }
    guard shape.count == 1 else {
      report(
        .unknownType, "`tokens` takes one size, how many an example has", at: expression.span, label: "\(counted(shape.count, "size"))")
      return nil
    }
    return .tokens(shape[0])
  }

  private func readTypeName(_ name: String, at span: Span) -> ParameterType? {
    switch name {
    case "tensor": return .tensor(nil)
    case "tokens": return .tokens(nil)
    case "int": return .integer
    case "float": return .number
    case "bool": return .boolean
    case _:
      guard let meant = Self.typesElsewhere[name.lowercased()] else {
        reportUnknown(.unknownType, "there is no type `\(name)`", name, at: span, among: Self.typeNames)
        return nil
      }
      report(
        .unknownType, "there is no type `\(name)`", at: span, label: "not known here", notes: ["the type is called `\(meant)` here"],
        fixIts: [FixIt("write `\(meant)`", edits: [.init(span, meant)], confidence: .unsafe)])
      return nil
    }
  }

  /// The sizes between the brackets of `tensor[...]`, each at least 1, with a product that fits.
  func readShape(_ indices: [Expression], in scope: Scope = Scope()) -> [Int]? {
    var shape: [Int] = []
    for index in indices {
      guard let value = evaluator.evaluate(index, in: scope) else { return nil }
      guard case .integer(let size) = value else {
        evaluator.reportUnbound(value, needed: "a size", kind: "an integer", at: index.span, in: scope)
        return nil
      }
      guard size >= 1, size <= 1_000_000_000 else {
        report(.optionRange, "a size goes from 1 to 1000000000, not \(size)", at: index.span, label: "this is \(size)")
        return nil
      }
      shape.append(size)
    }
    guard elementCount(shape) != nil else {
      report(.numberOverflow, "a tensor of the shape \(shapeText(shape)) has too many values", at: indices.first?.span, label: "too large")
      return nil
    }
    return shape
  }
}

/// The number of values in a tensor; `nil` on overflow.
func elementCount(_ shape: [Int]) -> Int? {
  var product = 1
  for size in shape {
    let (next, overflow) = product.multipliedReportingOverflow(by: size)
    if overflow { return nil }
    product = next
  }
  return product
}
