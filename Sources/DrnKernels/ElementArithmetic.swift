import DrnIR

/// What an operation outside products and convolutions computes, in multiply-adds of a large product that take as long.
///
/// Measured by `drnc benchmark --kernels` with AVX2, to within a factor of two; sums, copies and single instructions hide behind their traffic.
func elementArithmetic(_ operation: Operation, _ function: Function) -> Double {
  let result = operation.results.first.flatMap { function.type(of: $0).extents } ?? []
  let first = operation.operands.first.flatMap { function.type(of: $0).extents } ?? []
  let (written, read) = (count(result), count(first))
  let rowEnds = partialRows(operation, function)
  switch operation.opcode {
  case .unary(let op): return arithmeticOfElement(op) * written + rowEnds
  // Columns of one matrix are rows of the other: one of the two is read or written a number at a time.
  case .move(.transpose): return 60 * written + rowEnds
  // Philox, ten rounds for four numbers.
  case .random(.dropout), .random(.uniform): return 42 * written + rowEnds
  // Logarithm, root, sine and cosine in double precision.
  case .random(.normal): return 1300 * written + rowEnds
  // Logarithm and exponential; and sorting magnitudes.
  case .magnitude(.power), .magnitude(.powerDerivative): return 84 * written + rowEnds
  case .magnitude(.largest): return 1000 * read
  case .loss(.softmaxCrossEntropy): return 35 * read + 1100 * rows(first)
  case .loss(.softmaxCrossEntropyGradient): return 40 * read + 900 * rows(first)
  case .window(.maxPool), .window(.averagePool): return 10 * written * taps(operation)
  case .window(.averagePoolGradient): return 10 * read * taps(operation)
  case .window(.maxPoolGradient):
    let upstream = operation.operands.dropFirst().first.flatMap { function.type(of: $0).extents } ?? []
    return 20 * count(upstream) * taps(operation)
  // Reduction to bidiagonal form and its iteration, or Householder reflections, half of it with vectors; and a start that counts when small.
  case .factorize(.singularValues): return 5e5 + 50 * factored(first)
  case .factorize(.orthonormalize): return 1e5 + 24 * factored(first)
  case .normalize(.logSoftmax): return 30 * read + 900 * rows(first)
  case .binary, .narrow, .constant, .reshape, .move, .reduce, .matmul, .product, .normalize, .magnitude, .token, .attend, .window,
    .convolve, .map,
    .valueAndGradient:
    return rowEnds
  }
}

/// What the function that an operation carries, fused into it or the body of a `map`, computes for all its elements.
func fusedArithmetic(_ operation: Operation, _ function: Function, _ module: Module) -> Double {
  let attribute = operation.opcode == .map ? "body" : operation.opcode.fusedFunctionPlace?.attribute
  guard let attribute, let body = operation.attributes.function(attribute).flatMap(module.function) else { return 0 }
  let elements = attribute == "prologue" ? operation.operands.first : operation.results.first
  return count(elements.flatMap { function.type(of: $0).extents } ?? []) * body.operations.reduce(0) { $0 + elementArithmetic($1, body) }
}

/// What a function of one element computes; single instructions hide behind their traffic, and so does what is not listed.
private func arithmeticOfElement(_ op: UnaryOp) -> Double {
  let measured: [UnaryOp: Double] = [
    .exponential: 20, .sigmoid: 27, .logarithm: 36, .tanh: 53, .gelu: 70, .geluDerivative: 95,
  ]
  return measured[op] ?? 0
}

/// Rows that end within a vector, one tensor after the other: their last columns are moved one by one where there are no masks.
private func partialRows(_ operation: Operation, _ function: Function) -> Double {
  (operation.operands + operation.results).reduce(0) { total, value in
    let shape = function.type(of: value).extents ?? []
    guard shape.count == 2, shape[1] % 8 != 0, shape[1] > 1 else { return total }
    return total + 150 * rows(shape)
  }
}

private func count(_ shape: [Int]) -> Double { shape.reduce(1) { $0 * Double($1) } }
private func rows(_ shape: [Int]) -> Double { count(shape.dropLast()) }
private func count(_ shape: ArraySlice<Int>) -> Double { shape.reduce(1) { $0 * Double($1) } }
private func taps(_ operation: Operation) -> Double { Double(ConvolutionGeometry(operation.attributes)?.taps ?? 1) }
/// Rows, columns and the smaller of the two, multiplied.
private func factored(_ shape: [Int]) -> Double { count(shape) * Double(shape.min() ?? 0) }
