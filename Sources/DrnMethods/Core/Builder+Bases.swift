import DrnIR

/// Leading singular vectors, as many as a rank that may exceed their number.
struct LeadingVectors {
  /// m x rank: the left singular vectors, and drawn columns after the last of them.
  let columns: Value
  /// The same with zeros for the drawn ones, transposed: what a matrix is seen from.
  let projection: Value
}

extension Builder {
  /// The leading left singular vectors of a matrix of known extents.
  mutating func leadingVectors(of matrix: Value, rank: Dimension, stream: String, key: Value) throws(IRError) -> LeadingVectors {
    let rows = type(of: matrix).shape[0]
    let (vectors, _, _) = try singularValues(matrix)
    let drawn = try glorotUniform(FactorRequest(rows: rows, columns: rank, stream: stream), key: key)
    let columns = try leading(try concatenate([vectors, drawn], axis: 1), [rows, rank])
    let known = try leading(try concatenate([vectors, try constant(0, shape: [rows, rank])], axis: 1), [rows, rank])
    return LeadingVectors(columns: columns, projection: try transpose(known))
  }
}
