import DrnIR

/// Copies a function operation by operation while a pass changes some of them. Values of the copy are numbered in definition order.
struct FunctionRewriter {
  let source: Function
  var builder: Builder
  private var replacements: [Value: Value] = [:]

  init(_ source: Function, in module: Module) {
    self.source = source
    var copy = Function(name: source.name)
    for argument in source.arguments {
      let info = source.values[Int(argument.value.index)]
      let value = copy.makeValue(info.type, name: info.name)
      copy.arguments.append(Port(name: argument.name, role: argument.role, value: value))
      replacements[argument.value] = value
    }
    builder = Builder(continuing: copy, in: module)
  }

  /// What stands for a value of the source.
  func value(_ old: Value) throws(IRError) -> Value {
    guard let new = replacements[old] else { throw IRError("value \(old.index) of @\(source.name) is used before its definition") }
    return new
  }

  func values(_ old: [Value]) throws(IRError) -> [Value] {
    var new: [Value] = []
    for value in old { new.append(try self.value(value)) }
    return new
  }

  /// Lets the new values stand for the old ones, which lend their names where the new have none.
  mutating func replace(_ old: [Value], by new: [Value]) {
    for (old, new) in zip(old, new) {
      replacements[old] = new
      guard builder.function.values[Int(new.index)].name == nil, let name = source.values[Int(old.index)].name else { continue }
      builder.name(new, name)
    }
  }

  /// Emits the operation on the values that stand for its operands.
  mutating func copy(_ operation: Operation) throws(IRError) {
    builder.location = operation.location
    replace(operation.results, by: try builder.emit(operation.opcode, try values(operation.operands), operation.attributes))
  }

  /// Lets further operations name the functions of this module.
  mutating func extend(_ module: Module) {
    let location = builder.location
    builder = Builder(continuing: builder.function, in: module)
    builder.location = location
  }

  /// The copy, with the results of the source; those without a name are called after what they are.
  func finish() throws(IRError) -> Function {
    var copy = builder.function
    for result in source.results {
      let value = try value(result.value)
      if copy.values[Int(value.index)].name == nil { copy.values[Int(value.index)].name = result.name }
      copy.addResult(result.name, role: result.role, value)
    }
    return copy
  }
}

extension Module {
  /// The module with each function changed.
  func mapFunctions(_ change: (Function) throws(IRError) -> Function) throws(IRError) -> Module {
    var result = self
    result.functions = []
    for function in functions { result.functions.append(try change(function)) }
    return result
  }
}

extension Function {
  /// How often each value is an operand or a result of the function.
  var useCounts: [Value: Int] {
    var counts: [Value: Int] = [:]
    for operation in operations { for operand in operation.operands { counts[operand, default: 0] += 1 } }
    for result in results { counts[result.value, default: 0] += 1 }
    return counts
  }
}
