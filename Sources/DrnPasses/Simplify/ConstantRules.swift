import DrnIR

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
    let numbers: [Double] = operation.operands.compactMap { number($0) }
    guard numbers.count == operation.operands.count else { return nil }
    if Self.movesElements(operation.opcode) { return try constant(numbers[0], type.shape) }
    // What is not finite stays in the program, where it is seen.
    guard let folded = evaluate(operation.opcode, numbers), folded.isFinite else { return nil }
    return try constant(folded, type.shape)
  }

  private static func movesElements(_ opcode: Opcode) -> Bool {
    opcode == .broadcast || opcode == .reshape || opcode == .transpose || opcode == .slice
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
    guard operation.opcode.isElementwise, operation.operands.count == 2, !type.shape.isEmpty else {
      return nil
    }
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
