/// One method per op that methods and layers build by hand.
extension Builder {
  /// left + right, element by element: of one shape, or one of them a scalar; any other shapes throw. The same holds for the four below.
  public mutating func add(_ left: Value, _ right: Value) throws(IRError) -> Value { try emitOne(.add, [left, right]) }
  /// left - right.
  public mutating func subtract(_ left: Value, _ right: Value) throws(IRError) -> Value { try emitOne(.subtract, [left, right]) }
  /// left * right.
  public mutating func multiply(_ left: Value, _ right: Value) throws(IRError) -> Value { try emitOne(.multiply, [left, right]) }
  /// left / right.
  public mutating func divide(_ left: Value, _ right: Value) throws(IRError) -> Value { try emitOne(.divide, [left, right]) }
  /// The larger of the two, NaN if either is.
  public mutating func maximum(_ left: Value, _ right: Value) throws(IRError) -> Value { try emitOne(.maximum, [left, right]) }
  /// x * x, element by element.
  public mutating func square(_ operand: Value) throws(IRError) -> Value { try emitOne(.square, [operand]) }
  /// x |x|^(exponent - 1), element by element.
  public mutating func power(_ operand: Value, exponent: Double) throws(IRError) -> Value {
    try emitOne(.power, [operand], ["exponent": .number(exponent)])
  }
  /// exponent |x|^(exponent - 1), element by element.
  public mutating func powerDerivative(_ operand: Value, exponent: Double) throws(IRError) -> Value {
    try emitOne(.powerDerivative, [operand], ["exponent": .number(exponent)])
  }
  /// 1 at so many of every `of` entries, together rounded down, those of largest magnitude, the earlier one at a tie; and 0 elsewhere.
  public mutating func largest(_ operand: Value, _ numerator: Int, of denominator: Int) throws(IRError) -> Value {
    try emitOne(.largest, [operand], ["share": .integers([numerator, denominator])])
  }
  /// The square root of x, element by element.
  public mutating func squareRoot(_ operand: Value) throws(IRError) -> Value { try emitOne(.squareRoot, [operand]) }
  /// 1 / x, element by element.
  public mutating func reciprocal(_ operand: Value) throws(IRError) -> Value { try emitOne(.reciprocal, [operand]) }
  /// -x, element by element.
  public mutating func negate(_ operand: Value) throws(IRError) -> Value { try emitOne(.negate, [operand]) }

  /// An `f32` tensor filled with one number; a scalar by default.
  public mutating func constant(_ number: Double, shape: [Dimension] = []) throws(IRError) -> Value {
    try emitOne(.constant, [], ["shape": .dimensions(shape), "value": .number(number)])
  }
  /// Multiplies by a compile-time number.
  public mutating func scale(_ operand: Value, by factor: Double) throws(IRError) -> Value {
    try multiply(operand, try constant(factor))
  }
  /// Axis `i` of the operand becomes axis `axes[i]` of the result; other axes repeat it.
  public mutating func broadcast(_ operand: Value, to shape: [Dimension], axes: [Int]) throws(IRError) -> Value {
    try emitOne(.broadcast, [operand], ["axes": .integers(axes), "shape": .dimensions(shape)])
  }
  /// Sums over the given axes and removes them.
  public mutating func sum(_ operand: Value, axes: [Int]) throws(IRError) -> Value {
    try emitOne(.sum, [operand], ["axes": .integers(axes)])
  }
  /// Sums all elements.
  public mutating func sumAll(_ operand: Value) throws(IRError) -> Value {
    try sum(operand, axes: Array(0..<type(of: operand).rank))
  }
  /// The Frobenius norm of all operands together, a scalar.
  public mutating func norm(_ operands: [Value]) throws(IRError) -> Value { try emitOne(.norm, operands) }
  /// `op(left) op(right)` of matrices.
  public mutating func matmul(_ left: Value, _ right: Value, transposeLeft: Bool = false, transposeRight: Bool = false) throws(IRError)
    -> Value
  {
    let factors = [try factor(left), try factor(right)]
    return try emitOne(.matmul, factors, ["transpose_left": .boolean(transposeLeft), "transpose_right": .boolean(transposeRight)])
  }
  /// The product of three or more matrices, each transposed where said; the order of multiplication is chosen when ranks are known.
  public mutating func product(_ operands: [Value], transposes: [Bool]? = nil) throws(IRError) -> Value {
    var factors: [Value] = []
    for operand in operands { factors.append(try factor(operand)) }
    return try emitOne(.product, factors, ["transposes": .booleans(transposes ?? operands.map { _ in false })])
  }
  private mutating func factor(_ matrix: Value) throws(IRError) -> Value {
    productElement == .bf16 && type(of: matrix).element == .f32 ? try narrow(matrix) : matrix
  }
  /// The transpose of a matrix: m x n gives n x m. Throws for anything but a matrix.
  public mutating func transpose(_ operand: Value) throws(IRError) -> Value { try emitOne(.transpose, [operand]) }
  /// The same elements in row-major order. Throws where the number of elements would change.
  public mutating func reshape(_ operand: Value, to shape: [Dimension]) throws(IRError) -> Value {
    try emitOne(.reshape, [operand], ["shape": .dimensions(shape)])
  }
  /// The block that starts at `starts` with extents `sizes`.
  public mutating func slice(_ operand: Value, starts: [Dimension], sizes: [Dimension]) throws(IRError) -> Value {
    try emitOne(.slice, [operand], ["sizes": .dimensions(sizes), "starts": .dimensions(starts)])
  }
  /// Zeros around the operand up to `shape`; the operand starts at `starts`.
  public mutating func pad(_ operand: Value, starts: [Dimension], shape: [Dimension]) throws(IRError) -> Value {
    try emitOne(.pad, [operand], ["shape": .dimensions(shape), "starts": .dimensions(starts)])
  }
  /// The operands one after another along the axis. Throws where their other extents differ.
  public mutating func concatenate(_ operands: [Value], axis: Int) throws(IRError) -> Value {
    try emitOne(.concatenate, operands, ["axis": .integer(axis)])
  }
  /// The square matrix with the vector on its diagonal.
  public mutating func diagonal(_ vector: Value) throws(IRError) -> Value { try emitOne(.diagonal, [vector]) }
  /// Thin singular value decomposition of an m x n matrix, k = min(m, n): `u` m x k, `s` k (descending), `vt` k x n.
  /// The entry of largest magnitude of each column of `u` is positive.
  public mutating func singularValues(_ matrix: Value) throws(IRError) -> (u: Value, s: Value, vt: Value) {
    let results = try emit(.singularValues, [matrix])
    guard results.count == 3 else { throw IRError("singular_values has \(results.count) results") }
    return (results[0], results[1], results[2])
  }
  /// The factor Q (m x min(m, n)) of a thin QR factorization whose R has a non-negative diagonal.
  public mutating func orthonormalize(_ matrix: Value) throws(IRError) -> Value { try emitOne(.orthonormalize, [matrix]) }
  /// Independent normal numbers with mean 0 from the stream of that name.
  public mutating func randomNormal(_ shape: [Dimension], deviation: Double, stream: String, key: Value) throws(IRError) -> Value {
    try emitOne(.randomNormal, [key], ["deviation": .number(deviation), "shape": .dimensions(shape), "stream": .string(stream)])
  }
  /// Independent uniform numbers in [-limit, limit) from the stream of that name.
  public mutating func randomUniform(_ shape: [Dimension], limit: Double, stream: String, key: Value) throws(IRError) -> Value {
    try emitOne(.randomUniform, [key], ["limit": .number(limit), "shape": .dimensions(shape), "stream": .string(stream)])
  }
}
