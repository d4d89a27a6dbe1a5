/// The module of a text in the form of `print`. Values are numbered in the order of their definitions.
///
/// Any text gives a module or an `IRTextError`; nothing traps. The types of results are compared with what the operations infer.
public func readModule(_ text: String) throws(IRTextError) -> Module {
  var parser = try TextParser(text)
  try parser.expect(word: "module")
  var module = Module(name: try parser.functionName())
  try parser.expect("{")
  while try parser.take(word: "symbol") { module.symbols.append(try parser.symbolInfo()) }
  var functions: [FunctionText] = []
  while !(try parser.take("}")) {
    try parser.expect(word: "func")
    let start = parser.position
    let function = try parser.function()
    if functions.contains(where: { $0.name == function.name }) { throw parser.error("@\(function.name) is defined twice", at: start) }
    functions.append(function)
  }
  guard parser.token == .end else { throw parser.error("the module has ended, but \(parser.token.description) follows") }
  for function in functions {
    var reader = FunctionReader(parser)
    module.functions.append(try reader.read(function))
  }
  // Types are compared when every function is known, so that an operation may call one that is defined further down.
  for (function, text) in zip(module.functions, functions) { try checkTypes(function, text, module, parser) }
  return module
}

/// Turns the names of one function into values.
private struct FunctionReader {
  let parser: TextParser
  var function = Function(name: "")
  var values: [String: Value] = [:]

  init(_ parser: TextParser) { self.parser = parser }

  mutating func read(_ text: FunctionText) throws(IRTextError) -> Function {
    function.name = text.name
    for port in text.arguments {
      let value = try define(port.value, port.type ?? .scalar, at: port.position)
      function.arguments.append(Port(name: port.name, role: port.role, value: value))
    }
    for line in text.lines {
      var operands: [Value] = []
      for operand in line.operands { operands.append(try find(operand.value, at: operand.position)) }
      var results: [Value] = []
      for (result, type) in zip(line.results, line.types) { results.append(try define(result.value, type, at: result.position)) }
      function.operations.append(Operation(line.opcode, operands: operands, results: results, attributes: line.attributes))
    }
    for port in text.results {
      function.results.append(Port(name: port.name, role: port.role, value: try find(port.value, at: port.position)))
    }
    return function
  }

  private mutating func define(_ token: TextToken, _ type: TensorType, at position: TextPosition) throws(IRTextError) -> Value {
    guard values[token.description] == nil else { throw parser.error("\(token.description) is defined a second time", at: position) }
    var name: String?
    if case .value(let hint, _) = token { name = hint }
    let value = function.makeValue(type, name: name)
    values[token.description] = value
    return value
  }

  private func find(_ token: TextToken, at position: TextPosition) throws(IRTextError) -> Value {
    guard let value = values[token.description] else { throw parser.error("\(token.description) is not defined above", at: position) }
    return value
  }
}

private func checkTypes(_ function: Function, _ text: FunctionText, _ module: Module, _ parser: TextParser) throws(IRTextError) {
  for (operation, line) in zip(function.operations, text.lines) {
    if let problem = formProblem(of: operation) { throw parser.error("\(operation.opcode.mnemonic): \(problem)", at: line.position) }
    let inferred: [TensorType]
    do { inferred = try inferTypes(of: operation, in: function, module) } catch {
      throw parser.error("\(operation.opcode.mnemonic): \(error.message)", at: line.position)
    }
    guard inferred != line.types else { continue }
    let list = { (types: [TensorType]) in types.map { print($0) }.joined(separator: ", ") }
    throw parser.error("\(operation.opcode.mnemonic) gives \(list(inferred)), not \(list(line.types))", at: line.position)
  }
}
