import DrnIR
import DrnPlan

/// A scalar function being put together for the map kernel, with its operands in memory.
struct ScalarProgram {
  private(set) var body: Function
  private(set) var operands: [(tensor: Tensor, kind: OperandKind)] = []

  init(name: String) { body = Function(name: name) }

  /// The element of an operand.
  mutating func argument(_ tensor: Tensor, _ kind: OperandKind) -> Value {
    operands.append((tensor, kind))
    return body.addArgument("x\(operands.count)", role: .plain, type: .scalar)
  }

  /// The element of a row of work space that has the shape of `row`.
  mutating func argument(_ floats: UnsafeMutablePointer<Float>, of row: Tensor) -> Value {
    argument(Tensor(pointer: UnsafeMutableRawPointer(floats), type: row.type, layout: row.layout), .row)
  }

  mutating func apply(_ opcode: Opcode, _ operands: Value..., attributes: Attributes = [:]) -> Value {
    let result = body.makeValue(.scalar)
    body.operations.append(Operation(opcode, operands: operands, results: [result], attributes: attributes))
    return result
  }

  /// The results of `function` for these arguments.
  mutating func inline(_ function: Function, _ arguments: [Value]) throws(ExecutionError) -> [Value] {
    var values: [Value: Value] = [:]
    guard function.arguments.count == arguments.count else {
      throw .missingKernel(opcode: "map", reason: "@\(function.name) does not fit its operands")
    }
    for (port, value) in zip(function.arguments, arguments) { values[port.value] = value }
    for operation in function.operations {
      let results = operation.results.map { _ in body.makeValue(.scalar) }
      for (old, new) in zip(operation.results, results) { values[old] = new }
      body.operations.append(
        Operation(
          operation.opcode, operands: operation.operands.compactMap { values[$0] }, results: results, attributes: operation.attributes))
    }
    return function.results.compactMap { values[$0.value] }
  }

  /// Makes a value a result.
  mutating func result(_ value: Value) { body.addResult("y\(body.results.count)", role: .plain, value) }
}

extension KernelPreparation {
  /// Appends the map that writes `values` to `results`, with work space for the rows it repeats.
  mutating func append(
    _ map: ScalarProgram, results values: [Value], to results: [Tensor], rowSpace: Place
  ) throws(ExecutionError) {
    var map = map
    for value in values { map.result(value) }
    try appendMap(map.body, map.operands.map(\.tensor), map.operands.map(\.kind), results, rowSpace: rowSpace)
  }
}
