import CKernels
import DrnIR

/// Bytes of work space the kernel of an operation needs with so many threads.
func kernelScratchBytes(_ operation: Operation, _ function: Function, threads: Int) -> Int {
  switch operation.opcode {
  case .matmul: return matmulScratch(operation, function, threads)
  case .softmaxCrossEntropy: return floats(extents(operation, 0, function).first ?? 0)
  case .layerNormGradient:
    let shape = extents(operation, 1, function)
    guard shape.count == 2 else { return 0 }
    return floats(2 * blockCount(shape[0], layerNormBlock) * shape[1])
  case .singularValues:
    let shape = extents(operation, 0, function)
    return shape.count == 2 ? floats(drn_svd_workspace(shape[0], shape[1])) : 0
  case .orthonormalize:
    let shape = extents(operation, 0, function)
    return shape.count == 2 ? floats(drn_qr_workspace(shape[0], shape[1]) + min(shape[0], shape[1]) * shape[1]) : 0
  case .negate, .exponential, .logarithm, .squareRoot, .reciprocal, .absolute, .sign, .square, .relu, .gelu, .geluDerivative, .tanh,
    .sigmoid, .add, .subtract, .multiply, .divide, .maximum, .minimum, .greater, .constant, .broadcast, .sum, .transpose, .reshape,
    .slice, .pad, .concatenate, .diagonal, .product, .softmaxCrossEntropyGradient, .layerNorm, .batchNorm, .batchNormGradient, .dropout,
    .randomNormal, .randomUniform, .map, .valueAndGradient:
    return 0
  }
}

/// One tile per thread where the result may lie over an extra operand that the epilogue still reads.
private func matmulScratch(_ operation: Operation, _ function: Function, _ threads: Int) -> Int {
  guard operation.attributes.integers("kinds")?.contains(OperandKind.full.rawValue) == true, let result = operation.results.first,
    let shape = function.type(of: result).extents, shape.count == 2
  else { return 0 }
  let left = extents(operation, 0, function)
  guard left.count == 2 else { return 0 }
  let inner = operation.attributes.boolean("transpose_left") == true ? left[0] : left[1]
  return threads * MatmulGrid(rows: shape[0], columns: shape[1], inner: inner).workspaceBytes
}

private func extents(_ operation: Operation, _ index: Int, _ function: Function) -> [Int] {
  operation.operands.indices.contains(index) ? function.type(of: operation.operands[index]).extents ?? [] : []
}

private func floats(_ count: Int) -> Int {
  let (bytes, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Float>.stride)
  return overflow ? Int.max : max(bytes, 0)
}
