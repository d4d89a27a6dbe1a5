import DrnIR

/// An element of a normalized image as a scalar function of the matching elements of x and of further operands.
struct NormalizedElement {
  typealias Operand = (value: Value, kind: OperandKind)

  let x: Value
  let extras: [Operand]
  /// Its arguments are the element of x and those of the extras.
  let body: Function

  /// x times a factor plus a shift, both vectors over the channels, then `epilogue` of that and of its own operands.
  init(x: Value, factors: [Value], epilogue: Function?, operands: [NormalizedOperand], in module: Module) throws(IRError) {
    var builder = ScalarBuilder(module)
    let element = builder.argument()
    let scaled = try builder.emit(.multiply, [element, builder.argument()])
    var result = try builder.emit(.add, [scaled, builder.argument()])
    let given = try operands.map { (operand) throws(IRError) in try builder.element(of: operand) }
    if let epilogue { result = try builder.inline(epilogue, [result] + given)[0] }
    self.x = x
    extras = factors.map { ($0, .row) } + operands.flatMap(\.operands)
    body = builder.function(giving: [result])
  }

  /// The function of an operation that reads elements: `inner`, or the first element itself, with these in place of normalized ones.
  static func reader(_ inner: Function?, _ operands: [NormalizedOperand], in module: Module) throws(IRError) -> Function {
    var builder = ScalarBuilder(module)
    // The reader's own operands keep their places; what the normalized ones need comes behind.
    let own = operands.map { _ in builder.argument() }
    let given = try zip(operands, own).map { (operand, argument) throws(IRError) in try builder.element(of: operand, argument) }
    let results = try inner.map { (body) throws(IRError) in try builder.inline(body, given) } ?? [given[0]]
    return builder.function(giving: results)
  }
}

/// An operand of an operation: a value, or an image to be normalized while it is read.
enum NormalizedOperand {
  case value(NormalizedElement.Operand)
  case element(NormalizedElement)

  /// What the operation reads for it.
  var operands: [NormalizedElement.Operand] {
    switch self {
    case .value(let operand): [operand]
    case .element(let element): [(element.x, .full)] + element.extras
    }
  }
}

/// Builds a scalar function without a name, whose arguments are numbered, so that equal functions are equal.
private struct ScalarBuilder {
  private var builder: Builder
  private var count = 0

  init(_ module: Module) { builder = Builder(function: "", in: module) }

  mutating func argument() -> Value {
    count += 1
    return builder.argument("x\(count - 1)", role: .plain, .scalar)
  }

  mutating func emit(_ opcode: Opcode, _ operands: [Value]) throws(IRError) -> Value { try builder.emitOne(opcode, operands) }

  /// The element that an operand stands for; `first` is that of its first value, by default a new argument like the others.
  mutating func element(of operand: NormalizedOperand, _ first: Value? = nil) throws(IRError) -> Value {
    let first = first ?? argument()
    guard case .element(let element) = operand else { return first }
    return try inline(element.body, [first] + element.extras.map { _ in argument() })[0]
  }

  /// Emits the operations of a scalar function on these arguments; its results.
  mutating func inline(_ body: Function, _ arguments: [Value]) throws(IRError) -> [Value] {
    var values: [Value: Value] = [:]
    for (port, argument) in zip(body.arguments, arguments) { values[port.value] = argument }
    for operation in body.operations {
      let results = try builder.emit(operation.opcode, operation.operands.compactMap { values[$0] }, operation.attributes)
      for (old, new) in zip(operation.results, results) { values[old] = new }
    }
    return body.results.compactMap { values[$0.value] }
  }

  func function(giving results: [Value]) -> Function {
    var builder = builder
    for (number, result) in results.enumerated() { builder.result("y\(number)", role: .plain, result) }
    return builder.function
  }
}
