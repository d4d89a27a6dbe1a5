import DrnIR

/// Whether the kernel of an operation may write result number `result` over the memory of operand number `position`, when both have the
/// same layout and the operand is not needed afterwards.
///
/// True for kernels that read an element of the operand before they write that element of the result, and never again.
func mayOverwrite(_ operation: Operation, operand position: Int, result: Int, in function: Function) -> Bool {
  let operandType = function.type(of: operation.operands[position])
  let sameType = operandType == function.type(of: operation.results[result])
  switch operation.opcode {
  case .unary, .binary: return sameType
  case .map: return sameType && kind(operation, position) == 0
  case .matmul:
    return sameType && position >= 2 && operation.attributes.function("epilogue") != nil && kind(operation, position - 2) == 0
  case .random(.dropout), .loss(.softmaxCrossEntropyGradient): return sameType && position == 0
  case .normalize(.batchNorm):
    // The last two results are the moments, found before the map that reads the rest.
    return sameType && result < operation.results.count - 2 && (position == 0 || isFullExtra(operation, position, after: 3))
  case .normalize(.batchNormGradient):
    // The gradients of scale and offset, results 1 and 2, are found before the map that gives the others.
    return sameType && result != 1 && result != 2 && (position < 2 || isFullExtra(operation, position, after: 5))
  // The caches, of which the rows of earlier positions stay as they are.
  case .attend(.cached): return sameType && (position, result) == (3, 1) || sameType && (position, result) == (4, 2)
  case .reshape: return true
  case .narrow, .constant, .move, .reduce, .product, .loss, .normalize, .random, .magnitude, .token, .attend, .window, .convolve,
    .factorize,
    .valueAndGradient:
    return false
  }
}

/// Whether two layouts hold the same elements at the same places.
func coincide(_ left: Layout, _ right: Layout) -> Bool {
  left == right || (left.element == right.element && left.isTight && right.isTight && left.count == right.count)
}

private func isFullExtra(_ operation: Operation, _ position: Int, after own: Int) -> Bool {
  position >= own && kind(operation, position - own) == 0
}

private func kind(_ operation: Operation, _ index: Int) -> Int? {
  guard let kinds = operation.attributes.integers("kinds"), kinds.indices.contains(index) else { return nil }
  return kinds[index]
}
