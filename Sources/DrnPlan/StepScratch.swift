import DrnIR

/// Rows of one task of the layer normalization kernels; its gradient keeps sums for every such block.
public let layerNormBlock = 32

/// Bytes of work space the kernel of an operation needs with so many threads; factorizations, whose library decides, count 0.
///
/// With it, a plan made without the executor has the size of the executor's own for every training step.
public func stepScratchBytes(_ operation: Operation, _ function: Function, threads: Int) -> Int {
  switch operation.opcode {
  case .matmul: return matmulScratch(operation, function, threads)
  case .softmaxCrossEntropy: return floatBytes(extents(operation, 0, function).first ?? 0)
  case .layerNormGradient:
    let shape = extents(operation, 1, function)
    return shape.count == 2 ? floatBytes(2 * blockCount(shape[0], layerNormBlock) * shape[1]) : 0
  case .batchNormFactors: return floatBytes(BatchNormPlan(operation, 0, function).momentFloats)
  case .batchNorm: return floatBytes(BatchNormPlan(operation, 0, function).scratchFloats(rowOperands: 2 + rowOperands(operation), tiles: 0))
  case .batchNormGradient:
    let tiles = operation.attributes.function("prologue") == nil ? 0 : max(threads, 1)
    return floatBytes(BatchNormPlan(operation, 1, function).scratchFloats(rowOperands: 3 + 2 * rowOperands(operation), tiles: tiles))
  case .map:
    let columns = operation.results.first.flatMap { function.type(of: $0).extents?.last } ?? 1
    return floatBytes(RowExpansion.scratchFloats(columns: columns, repeated: rowOperands(operation)))
  case .convolution, .convolutionInputGradient, .convolutionWeightGradient:
    return convolutionScratch(operation, function, threads)
  case .sum: return floatBytes(ColumnSumPlan(operation, function)?.scratchFloats ?? 0)
  case .negate, .exponential, .logarithm, .squareRoot, .reciprocal, .absolute, .sign, .square, .relu, .gelu, .geluDerivative, .tanh,
    .sigmoid, .add, .subtract, .multiply, .divide, .maximum, .minimum, .greater, .constant, .broadcast, .transpose, .reshape, .slice,
    .pad, .concatenate, .diagonal, .product, .softmaxCrossEntropyGradient, .layerNorm, .dropout, .patches, .patchesGradient, .maxPool,
    .maxPoolGradient, .averagePool, .averagePoolGradient, .channelsLast, .channelsFirst, .singularValues, .orthonormalize,
    .randomNormal, .randomUniform, .valueAndGradient:
    return 0
  }
}

private func convolutionScratch(_ operation: Operation, _ function: Function, _ threads: Int) -> Int {
  guard let sizes = ConvolutionSizes(operation, function) else { return 0 }
  let prologue = PrologueSpace(operation)
  if operation.opcode == .convolutionWeightGradient {
    return floatBytes(WeightGradientPlan(sizes).scratchFloats(threads: threads, prologue: prologue))
  }
  if operation.opcode == .convolution { return floatBytes(ConvolutionPlan(sizes).scratchFloats(threads: threads, prologue: prologue)) }
  guard sizes.isUnitStride else { return floatBytes(saturatedProduct(max(threads, 1), ScatteredGradientPlan(sizes).taskFloats)) }
  return floatBytes(ConvolutionPlan(sizes.reversed).scratchFloats(threads: threads, prologue: nil))
}

/// One tile per thread where the result may lie over an extra operand that the epilogue still reads.
private func matmulScratch(_ operation: Operation, _ function: Function, _ threads: Int) -> Int {
  let readsFull = operation.attributes.integers("kinds")?.contains(OperandKind.full.rawValue) == true
  let tiles = readsFull ? max(threads, 1) : 0
  if let tall = TallProduct(operation, function) {
    return floatBytes(tall.scratchFloats + (tall.kind == .rows ? tiles * tall.tileFloats : 0))
  }
  guard let product = ProductSizes(operation, function) else { return 0 }
  return saturatedProduct(tiles, MatmulGrid(product).workspaceBytes)
}

/// The extents of an operand; empty for a scalar and where there is none.
public func extents(_ operation: Operation, _ index: Int, _ function: Function) -> [Int] {
  operation.operands.indices.contains(index) ? function.type(of: operation.operands[index]).extents ?? [] : []
}

/// Bytes of `count` floats, at most `Int.max`.
public func floatBytes(_ count: Int) -> Int {
  let (bytes, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Float>.stride)
  return overflow ? Int.max : max(bytes, 0)
}
