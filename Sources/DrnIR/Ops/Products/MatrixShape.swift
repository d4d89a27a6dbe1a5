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
    let shape = try shape(index, rank: 2)
    let name = "operand \(index), \(operands[index].message)"
    return isTransposed
      ? MatrixShape(rows: shape[1], columns: shape[0], message: name + " transposed,")
      : MatrixShape(rows: shape[0], columns: shape[1], message: name + ",")
  }
}
