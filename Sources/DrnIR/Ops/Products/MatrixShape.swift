/// The shape of a matrix as it enters a product, after its transposition.
struct MatrixShape {
  let rows: Dimension
  let columns: Dimension
  /// The operand's type, and whether it is transposed, for messages.
  let message: String

  /// Throws unless the columns of this factor are the rows of the next.
  func requireMatch(_ next: MatrixShape) throws(IRError) {
    guard columns == next.rows else {
      throw IRError("\(message) has \(columns.message) columns and \(next.message) has \(next.rows.message) rows")
    }
  }
}

extension InferenceRequest {
  /// The shape of a matrix operand as it enters a product.
  func matrix(_ index: Int, isTransposed: Bool) throws(IRError) -> MatrixShape {
    let shape = try factorShape(index)
    let name = "operand \(index), \(operands[index].message)"
    return isTransposed
      ? MatrixShape(rows: shape[1], columns: shape[0], message: name + " transposed,")
      : MatrixShape(rows: shape[0], columns: shape[1], message: name + ",")
  }

  /// A matrix in single precision or in half width; products add in single precision either way.
  private func factorShape(_ index: Int) throws(IRError) -> [Dimension] {
    guard operands[index].element == .bf16 else { return try shape(index, rank: 2) }
    let shape = operands[index].shape
    guard shape.count == 2 else {
      throw IRError("operand \(index) is \(operands[index].message), which has \(shape.count) axes where 2 are needed")
    }
    return shape
  }
}
