import DrnIR
import Foundation

extension Simplifier {
  /// The number that fills a value, when it is known.
  func number(_ value: Value) -> Double? {
    definition(value, .constant).flatMap { $0.attributes.number("value") }
  }

  private mutating func constant(_ number: Double, _ shape: [Dimension]) throws(IRError) -> Value {
    try emitOne(.constant, [], ["shape": .dimensions(shape), "value": .number(number)])
  }

  /// An elementwise operation, broadcast, reshape, transpose or slice of constants is a constant.
  mutating func foldConstants(_ operation: Operation, type: TensorType) throws(IRError) -> Value? {
    guard type.element == .f32, !operation.operands.isEmpty else { return nil }
    let numbers = operation.operands.compactMap { number($0) }
    guard numbers.count == operation.operands.count else { return nil }
    if [.broadcast, .reshape, .transpose, .slice].contains(operation.opcode) { return try constant(numbers[0], type.shape) }
    // What is not finite stays in the program, where it is seen.
    guard let folded = evaluate(operation.opcode, numbers), folded.isFinite else { return nil }
    return try constant(folded, type.shape)
  }

  /// `(x * a) * b` is `x * (a * b)` for numbers `a` and `b`.
  mutating func joinScales(_ operation: Operation) throws(IRError) -> Value? {
    guard let (inner, outerFactor) = scaled(operation), let definition = definition(inner, .multiply),
      let (operand, innerFactor) = scaled(definition), (innerFactor * outerFactor).isFinite
    else { return nil }
    return try emitOne(.multiply, [operand, try constant(innerFactor * outerFactor, [])])
  }

  /// The operand and the number of a multiplication by a scalar constant.
  private func scaled(_ operation: Operation) -> (operand: Value, factor: Double)? {
    guard operation.opcode == .multiply, operation.operands.count == 2 else { return nil }
    for (operand, factor) in [(operation.operands[0], operation.operands[1]), (operation.operands[1], operation.operands[0])] {
      if type(of: factor).shape.isEmpty, let number = number(factor) { return (operand, number) }
    }
    return nil
  }

  /// In elementwise arithmetic with a full operand, a constant or repeated scalar is used as the scalar itself.
  mutating func useScalarOperands(_ operation: Operation, type: TensorType) throws(IRError) -> Value? {
    guard operation.opcode.spec.isElementwise, operation.operands.count == 2, !type.shape.isEmpty else { return nil }
    for index in 0..<2 where self.type(of: operation.operands[1 - index]) == type {
      guard let scalar = try scalar(operation.operands[index]) else { continue }
      var operands = operation.operands
      operands[index] = scalar
      return try emitOne(operation.opcode, operands, operation.attributes)
    }
    return nil
  }

  private mutating func scalar(_ value: Value) throws(IRError) -> Value? {
    guard type(of: value).element == .f32, !type(of: value).shape.isEmpty else { return nil }
    if let number = number(value) { return try constant(number, []) }
    guard let source = definition(value, .broadcast)?.operands.first, type(of: source) == .scalar else { return nil }
    return source
  }
}

/// The value of an elementwise operation on numbers; `nil` for operations that are not folded.
func evaluate(_ opcode: Opcode, _ numbers: [Double]) -> Double? {
  if numbers.count == 1 { return evaluateUnary(opcode, numbers[0]) }
  return numbers.count == 2 ? evaluateBinary(opcode, numbers[0], numbers[1]) : nil
}

private func evaluateUnary(_ opcode: Opcode, _ x: Double) -> Double? {
  if opcode == .negate { return -x }
  if opcode == .exponential { return exp(x) }
  if opcode == .logarithm { return log(x) }
  if opcode == .squareRoot { return x.squareRoot() }
  if opcode == .reciprocal { return 1 / x }
  if opcode == .absolute { return abs(x) }
  if opcode == .sign { return x > 0 ? 1 : x < 0 ? -1 : 0 }
  if opcode == .square { return x * x }
  if opcode == .relu { return max(x, 0) }
  return nil
}

private func evaluateBinary(_ opcode: Opcode, _ x: Double, _ y: Double) -> Double? {
  if opcode == .add { return x + y }
  if opcode == .subtract { return x - y }
  if opcode == .multiply { return x * y }
  if opcode == .divide { return x / y }
  if opcode == .maximum { return max(x, y) }
  if opcode == .minimum { return min(x, y) }
  if opcode == .greater { return x > y ? 1 : 0 }
  return nil
}
