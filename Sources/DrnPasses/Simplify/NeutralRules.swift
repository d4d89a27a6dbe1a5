import DrnIR

extension Simplifier {
  /// The operand that the operation gives back unchanged: `x * 1`, `x + 0`, `x - 0`, `x / 1`, a negation of a negation, and operations
  /// on shapes that leave the shape as it is.
  func neutralOperand(_ operation: Operation, type: TensorType) -> Value? {
    guard let candidate = unchangedOperand(operation, type: type), self.type(of: candidate) == type else { return nil }
    return candidate
  }

  private func unchangedOperand(_ operation: Operation, type: TensorType) -> Value? {
    guard let first = operation.operands.first else { return nil }
    if operation.operands.count == 2 { return unchangedByNumber(operation.opcode, first, operation.operands[1]) }
    guard operation.operands.count == 1 else { return nil }
    let opcode = operation.opcode
    if opcode == .reshape || opcode == .concatenate { return first }
    if opcode == .slice || opcode == .pad { return isZero(operation.attributes.dimensions("starts")) ? first : nil }
    if opcode == .sum { return operation.attributes.integers("axes") == [] ? first : nil }
    if opcode == .broadcast { return operation.attributes.integers("axes") == Array(0..<type.rank) ? first : nil }
    if opcode == .negate || opcode == .transpose { return definition(first, opcode)?.operands.first }
    return nil
  }

  private func isZero(_ starts: [Dimension]?) -> Bool { starts?.allSatisfy { $0 == 0 } ?? false }

  private func unchangedByNumber(_ opcode: Opcode, _ left: Value, _ right: Value) -> Value? {
    let (leftNumber, rightNumber) = (number(left), number(right))
    if opcode == .multiply { return rightNumber == 1 ? left : leftNumber == 1 ? right : nil }
    if opcode == .add { return rightNumber == 0 ? left : leftNumber == 0 ? right : nil }
    if opcode == .divide { return rightNumber == 1 ? left : nil }
    if opcode == .subtract { return rightNumber == 0 ? left : nil }
    return nil
  }

  /// The mask of a rectified unit is read from its output, which is kept anyway: `x > 0` is `relu(x) > 0`.
  mutating func maskByActivation(_ operation: Operation) throws(IRError) -> Value? {
    guard operation.opcode == .greater, operation.operands.count == 2, number(operation.operands[1]) == 0,
      let activation = knownResult(.relu, [operation.operands[0]])
    else { return nil }
    return try emitOne(.greater, [activation, operation.operands[1]])
  }
}
