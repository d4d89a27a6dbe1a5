/// The text form of a module; `readModule` reads it back. The form is described in docs/contributing/ir.md.
///
/// Values are numbered in the order of their definitions and locations are left out. Any module prints, also one the verifier rejects.
public func print(_ module: Module) -> String {
  var text = "module @\(TextNames.bareOrQuoted(module.name)) {\n"
  for (index, symbol) in module.symbols.enumerated() { text += "  \(print(symbol, index: index))\n" }
  for (index, function) in module.functions.enumerated() {
    if index > 0 || !module.symbols.isEmpty { text += "\n" }
    text += FunctionPrinter(function).text
  }
  return text + "}\n"
}

/// A type as the text form shows it: `f32[128, r0]`, and `f32` for a scalar.
public func print(_ type: TensorType) -> String {
  type.shape.isEmpty ? type.element.rawValue : "\(type.element.rawValue)[\(print(type.shape))]"
}

/// An extent as the text form shows it: `2*r0 + 16`.
public func print(_ dimension: Dimension) -> String {
  var text = ""
  for term in dimension.terms {
    let magnitude = term.coefficient.magnitude
    let sign = text.isEmpty ? (term.coefficient < 0 ? "-" : "") : (term.coefficient < 0 ? " - " : " + ")
    text += sign + (magnitude == 1 ? "" : "\(magnitude)*") + "r\(term.symbol.index)"
  }
  if text.isEmpty { return "\(dimension.constant)" }
  if dimension.constant == 0 { return text }
  return text + (dimension.constant < 0 ? " - " : " + ") + "\(dimension.constant.magnitude)"
}

/// An attribute value as the text form shows it; each kind of value has a spelling of its own.
public func print(_ value: AttributeValue) -> String {
  switch value {
  case .integer(let integer): "\(integer)"
  case .number(let number): "\(number)"
  case .boolean(let boolean): "\(boolean)"
  case .string(let string): TextNames.quoted(string)
  case .integers(let integers): "[\(integers.map { "\($0)" }.joined(separator: ", "))]"
  case .booleans(let booleans): booleans.isEmpty ? "booleans[]" : "[\(booleans.map { "\($0)" }.joined(separator: ", "))]"
  case .dimensions(let dimensions): "<\(print(dimensions))>"
  case .function(let name): "@\(TextNames.bareOrQuoted(name))"
  }
}

private func print(_ shape: [Dimension]) -> String { shape.map { print($0) }.joined(separator: ", ") }

private func print(_ symbol: SymbolInfo, index: Int) -> String {
  let bounds = "\(symbol.bounds.lowerBound)...\(symbol.bounds.upperBound)"
  let text = "symbol r\(index) \(TextNames.quoted(symbol.name)) in \(bounds)"
  guard let definition = symbol.definition else { return text }
  return text + " = min(\(print(definition.value)), \(definition.limit))"
}

/// Prints one function.
private struct FunctionPrinter {
  let function: Function
  let names: ValueNames

  init(_ function: Function) {
    self.function = function
    names = ValueNames(function)
  }

  var text: String {
    let arguments = function.arguments.map { "\(names[$0.value]): \(type(of: $0.value)) \(label($0))" }
    let results = function.results.map { "\(names[$0.value]) \(label($0))" }
    var text = "  func @\(TextNames.bareOrQuoted(function.name))(\(list(arguments))) -> (\(list(results))) {\n"
    for operation in function.operations { text += "    \(line(operation))\n" }
    return text + "  }\n"
  }

  private func label(_ port: Port) -> String { "{\(port.role.rawValue) \(TextNames.quoted(port.name))}" }

  /// Short lists stay on the line; from four entries on, each has a line of its own.
  private func list(_ entries: [String]) -> String {
    entries.count < 4 ? entries.joined(separator: ", ") : "\n      " + entries.joined(separator: ",\n      ")
  }

  private func type(of value: Value) -> String {
    function.values.indices.contains(Int(value.index)) ? print(function.type(of: value)) : "?"
  }

  private func line(_ operation: Operation) -> String {
    var text = operation.results.map { names[$0] }.joined(separator: ", ")
    text += (text.isEmpty ? "" : " = ") + operation.opcode.mnemonic
    if !operation.operands.isEmpty { text += " " + operation.operands.map { names[$0] }.joined(separator: ", ") }
    if !operation.attributes.isEmpty {
      text += " {" + operation.attributes.entries.map { "\($0.name) = \(print($0.value))" }.joined(separator: ", ") + "}"
    }
    guard !operation.results.isEmpty else { return text }
    return text + " : " + operation.results.map { type(of: $0) }.joined(separator: ", ")
  }
}
