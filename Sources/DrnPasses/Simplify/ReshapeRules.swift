import DrnIR
import DrnKernels

/// Products give matrices where images have four axes. What is computed element by element from a product is computed on the matrix, so
/// that it can be joined with the product.
extension Simplifier {
  /// An elementwise operation on a matrix under another shape with the same last axis works on the matrix; the result gets the shape.
  mutating func moveReshapeBehind(_ operation: Operation, type: TensorType) throws(IRError) -> Value? {
    guard operation.opcode.isElementwise, operation.opcode != .narrow, operation.results.count == 1, type.rank > 2,
      let matrix = operation.operands.compactMap({ matrix(under: $0, of: type) }).first
    else { return nil }
    let shape = self.type(of: matrix).shape
    var operands: [Value] = []
    for operand in operation.operands { operands.append(try flatten(operand, to: shape)) }
    return try reshape(try emitOne(operation.opcode, operands, operation.attributes), to: type.shape)
  }

  /// The matrix that a value of that type is under more axes.
  private func matrix(under value: Value, of type: TensorType) -> Value? {
    guard self.type(of: value) == type, let source = definition(value, .reshape)?.operands.first else { return nil }
    let shape = self.type(of: source).shape
    return shape.count == 2 && shape.last == type.shape.last ? source : nil
  }

  /// A value of more axes as a matrix; a repeated row is repeated in the matrix, a mask is made there, so that it need not be stored, and a
  /// scalar stays.
  private mutating func flatten(_ value: Value, to shape: [Dimension]) throws(IRError) -> Value {
    let rank = type(of: value).rank
    if rank == 0 { return value }
    if let broadcast = definition(value, .broadcast), broadcast.attributes.integers("axes") == [rank - 1] {
      return try emitOne(.broadcast, broadcast.operands, ["axes": .integers([1]), "shape": .dimensions(shape)])
    }
    if let mask = definition(value, .greater), type(of: mask.operands[1]).rank == 0 {
      return try emitOne(.greater, [try flatten(mask.operands[0], to: shape), mask.operands[1]])
    }
    return try reshape(value, to: shape)
  }

  /// A sum over all axes but the last is one over the rows of a matrix.
  mutating func flattenSum(_ operation: Operation) throws(IRError) -> Value? {
    guard operation.opcode == .sum, let operand = operation.operands.first else { return nil }
    let type = type(of: operand)
    guard type.rank > 2, operation.attributes.integers("axes") == Array(0..<(type.rank - 1)), let rows = type.rows,
      let columns = type.shape.last
    else { return nil }
    return try emitOne(.sum, [try reshape(operand, to: [rows, columns])], ["axes": .integers([0])])
  }

  /// The value under another shape, through a reshape that made it and none where the shape is its own.
  mutating func reshape(_ value: Value, to shape: [Dimension]) throws(IRError) -> Value {
    let source = definition(value, .reshape)?.operands.first ?? value
    return type(of: source).shape == shape ? source : try emitOne(.reshape, [source], ["shape": .dimensions(shape)])
  }
}

extension TensorType {
  /// The product of all extents but the last; `nil` where it is not known to be countable.
  var rows: Dimension? {
    var rows = Dimension(1)
    for extent in shape.dropLast() {
      // One factor at most may depend on ranks.
      let (factor, number) = rows.value == nil ? (rows, extent.value) : (extent, rows.value)
      guard let number, let product = factor.scaled(by: number) else { return nil }
      rows = product
    }
    return rows
  }
}
