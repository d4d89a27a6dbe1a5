import DrnIR

extension Simplifier {
  /// Joins two reshapes, or two broadcasts, into one.
  mutating func simplifyShape(_ operation: Operation, type: TensorType) throws(IRError) -> Value? {
    guard let operand = operation.operands.first, operation.operands.count == 1 else { return nil }
    if operation.opcode == .reshape, let inner = definition(operand, .reshape) {
      return try emitOne(.reshape, inner.operands, operation.attributes)
    }
    guard operation.opcode == .broadcast, let inner = definition(operand, .broadcast),
      let innerAxes = inner.attributes.integers("axes"), let outerAxes = operation.attributes.integers("axes"),
      innerAxes.allSatisfy(outerAxes.indices.contains)
    else { return nil }
    var attributes = operation.attributes
    attributes["axes"] = .integers(innerAxes.map { outerAxes[$0] })
    return try emitOne(.broadcast, inner.operands, attributes)
  }

  /// Transposes become flags of the products that read them; the transpose of a product nobody else reads is a product.
  mutating func moveTransposes(_ operation: Operation, isOnlyUse: [Bool]) throws(IRError) -> Value? {
    if operation.opcode == .matmul { return try absorbIntoMatmul(operation) }
    if operation.opcode == .product { return try absorbIntoProduct(operation) }
    guard operation.opcode == .transpose, isOnlyUse == [true], let matmul = definition(operation.operands[0], .matmul),
      matmul.operands.count == 2, matmul.attributes["epilogue"] == nil,
      let left = matmul.attributes.boolean("transpose_left"), let right = matmul.attributes.boolean("transpose_right")
    else { return nil }
    return try emitOne(
      .matmul, [matmul.operands[1], matmul.operands[0]], ["transpose_left": .boolean(!right), "transpose_right": .boolean(!left)])
  }

  private mutating func absorbIntoMatmul(_ operation: Operation) throws(IRError) -> Value? {
    var operands = operation.operands
    var attributes = operation.attributes
    for (index, name) in ["transpose_left", "transpose_right"].enumerated() where index < operands.count {
      guard let source = definition(operands[index], .transpose)?.operands.first, let flag = attributes.boolean(name) else { continue }
      operands[index] = source
      attributes[name] = .boolean(!flag)
    }
    return operands == operation.operands ? nil : try emitOne(.matmul, operands, attributes)
  }

  private mutating func absorbIntoProduct(_ operation: Operation) throws(IRError) -> Value? {
    guard var flags = operation.attributes.booleans("transposes"), flags.count == operation.operands.count else { return nil }
    var operands = operation.operands
    for index in operands.indices {
      guard let source = definition(operands[index], .transpose)?.operands.first else { continue }
      operands[index] = source
      flags[index].toggle()
    }
    return operands == operation.operands ? nil : try emitOne(.product, operands, ["transposes": .booleans(flags)])
  }
}
