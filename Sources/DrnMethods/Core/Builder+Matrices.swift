import DrnIR

/// Matrix expressions that forms and transitions share. Extents may be symbolic; `k` is always min(m, n) of the operand.
extension Builder {
  /// The thin singular value decomposition of a matrix whose smaller extent `k` is known to the caller though perhaps not to the types.
  mutating func thinSVD(_ matrix: Value, k: Dimension) throws(IRError) -> (u: Value, s: Value, vt: Value) {
    let results = try emit(.singularValues, [matrix], ["k": .dimensions([k])])
    guard results.count == 3 else { throw IRError("singular_values has \(results.count) results") }
    return (results[0], results[1], results[2])
  }
  /// An orthonormal basis (m x k) of the columns of a matrix.
  mutating func basis(_ matrix: Value, k: Dimension) throws(IRError) -> Value {
    try emitOne(.orthonormalize, [matrix], ["k": .dimensions([k])])
  }
  /// Column j of the matrix times element j of the vector.
  mutating func scaleColumns(_ matrix: Value, by vector: Value) throws(IRError) -> Value {
    try multiply(matrix, try broadcast(vector, to: type(of: matrix).shape, axes: [1]))
  }
  /// Row i of the matrix times element i of the vector.
  mutating func scaleRows(_ matrix: Value, by vector: Value) throws(IRError) -> Value {
    try multiply(matrix, try broadcast(vector, to: type(of: matrix).shape, axes: [0]))
  }
  /// The leading block of the given extents.
  mutating func leading(_ operand: Value, _ sizes: [Dimension]) throws(IRError) -> Value {
    try slice(operand, starts: sizes.map { _ in 0 }, sizes: sizes)
  }
  /// The first element of a vector, as a scalar.
  mutating func first(_ vector: Value) throws(IRError) -> Value {
    try reshape(try leading(vector, [1]), to: [])
  }
  /// An extent as an f32 scalar, known once ranks are.
  mutating func extent(_ dimension: Dimension) throws(IRError) -> Value {
    if let number = dimension.value { return try constant(Double(number)) }
    return try sumAll(try constant(1, shape: [dimension]))
  }
  mutating func greater(_ left: Value, _ right: Value) throws(IRError) -> Value { try emitOne(.greater, [left, right]) }
  /// The operand where it is positive, else 1: a divisor that is never zero.
  mutating func oneWhereZero(_ operand: Value) throws(IRError) -> Value {
    let isPositive = try greater(operand, try constant(0))
    return try add(operand, try subtract(try constant(1), isPositive))
  }
  /// The sum of squares as a loss has it, with a gradient; its range is that of single precision.
  mutating func sumOfSquares(_ operand: Value) throws(IRError) -> Value { try sumAll(try square(operand)) }
  /// The operand divided by the squared norm of another, by the norm twice: its square may be out of range where the quotient is not.
  mutating func divide(_ operand: Value, bySquaredNormOf other: Value) throws(IRError) -> Value {
    let length = try oneWhereZero(try norm([other]))
    return try divide(try divide(operand, length), length)
  }
  /// Frobenius norm of `difference` relative to that of `whole`; 0 where both are zero.
  public mutating func relativeNorm(_ difference: Value, to whole: Value) throws(IRError) -> Value {
    try relativeNorm([difference], to: [whole])
  }
  /// The same of several values taken together.
  mutating func relativeNorm(_ differences: [Value], to wholes: [Value]) throws(IRError) -> Value {
    try divide(try norm(differences), try oneWhereZero(try norm(wholes)))
  }
}
