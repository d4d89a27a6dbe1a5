import DrnIR

/// What an operation outside products and convolutions computes, in multiply-adds of a large product that take as long.
///
/// Measured by `drnc benchmark --kernels` with AVX2, to within a factor of two; sums, copies and single instructions hide behind their traffic.
func elementArithmetic(_ operation: Operation, _ function: Function) -> Double {
  let result = operation.results.first.flatMap { function.type(of: $0).extents } ?? []
  let first = operation.operands.first.flatMap { function.type(of: $0).extents } ?? []
  let (written, read) = (count(result), count(first))
  let each: Double
  switch operation.opcode {
  case .exponential: each = 20
  case .sigmoid: each = 27
  case .logarithm: each = 36
  case .tanh: each = 53
  case .gelu: each = 70
  case .geluDerivative: each = 95
  // Philox, ten rounds for four numbers.
  case .dropout, .randomUniform: each = 42
  // Logarithm, root, sine and cosine in double precision.
  case .randomNormal: each = 1300
  // Columns of one matrix are rows of the other: one of the two is read or written a number at a time.
  case .transpose: each = 60
  case .softmaxCrossEntropy: return 35 * read + 1100 * rows(first)
  case .softmaxCrossEntropyGradient: return 40 * read + 900 * rows(first)
  case .maxPool, .averagePool: return 10 * written * taps(operation)
  case .averagePoolGradient: return 10 * read * taps(operation)
  case .maxPoolGradient:
    let upstream = operation.operands.dropFirst().first.flatMap { function.type(of: $0).extents } ?? []
    return 20 * count(upstream) * taps(operation)
  // Reduction to bidiagonal form and its iteration, or Householder reflections, half of it with vectors; and a start that counts when small.
  case .singularValues: return 5e5 + 50 * factored(first)
  case .orthonormalize: return 1e5 + 8 * factored(first)
  default: return partialRows(operation, function)
  }
  return each * written + partialRows(operation, function)
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
