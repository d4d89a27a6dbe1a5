import DrnIR

/// Rows of one task of the layer normalization kernels; its gradient keeps sums for every such block.
public let layerNormBlock = 32

/// The work space of the kernel of an operation with so many threads; factorizations, whose library decides, have none here.
///
/// With it, a plan made without the executor has the size of the executor's own for every training step.
public func stepWorkSpace(_ operation: Operation, _ function: Function, threads: Int) -> WorkSpace {
  switch operation.opcode {
  case .matmul: return matmulWorkSpace(operation, function, threads)
  case .map:
    let columns = operation.results.first.flatMap { function.type(of: $0).extents?.last } ?? 1
    return RowExpansion.workSpace(columns: columns, repeated: rowOperands(operation)).whole
  case .reduce(let op): return workSpace(op, operation, function)
  case .loss(let op): return workSpace(op, operation, function)
  case .normalize(let op): return workSpace(op, operation, function, threads)
  case .convolve(let op): return workSpace(op, operation, function, threads)
  case .attend:
    if let shape = CachedAttentionShape(operation, function) { return WorkSpace(shape.workFloats, pieces: max(threads, 1)) }
    guard let plan = AttentionPlan(operation, function) else { return WorkSpace() }
    return WorkSpace(plan.workFloats, pieces: max(threads, 1))
  case .unary, .binary, .narrow, .constant, .reshape, .move, .product, .random, .magnitude, .token, .window, .factorize, .valueAndGradient:
    return WorkSpace()
  }
}

private func workSpace(_ op: ReduceOp, _ operation: Operation, _ function: Function) -> WorkSpace {
  switch op {
  case .sum: ColumnSumPlan(operation, function)?.workSpace.whole ?? WorkSpace()
  // A double for each operand.
  case .norm: WorkSpace(saturatedProduct(2, operation.operands.count))
  }
}

private func workSpace(_ op: LossOp, _ operation: Operation, _ function: Function) -> WorkSpace {
  switch op {
  case .softmaxCrossEntropy: WorkSpace(extents(operation, 0, function).first ?? 0)
  case .softmaxCrossEntropyGradient: WorkSpace()
  }
}

private func workSpace(_ op: NormalizeOp, _ operation: Operation, _ function: Function, _ threads: Int) -> WorkSpace {
  switch op {
  case .layerNorm, .logSoftmax: return WorkSpace()
  case .layerNormGradient:
    let shape = extents(operation, 1, function)
    return shape.count == 2 ? WorkSpace(saturatedProduct(2, blockCount(shape[0], layerNormBlock), shape[1])) : WorkSpace()
  case .batchNorm, .batchNormGradient, .batchNormFactors: return BatchNormSpace(operation, function, threads: threads).whole
  }
}

private func workSpace(_ op: ConvolveOp, _ operation: Operation, _ function: Function, _ threads: Int) -> WorkSpace {
  guard let sizes = ConvolutionSizes(operation, function) else { return WorkSpace() }
  let prologue = PrologueSpace(operation)
  switch op {
  case .forward: return ConvolutionPlan(sizes).workSpace(threads: threads, prologue: prologue).whole
  case .weightGradient: return WeightGradientPlan(sizes).workSpace(threads: threads, prologue: prologue).whole
  case .inputGradient:
    switch InputGradientMethod(sizes) {
    case .convolution(let plan): return plan.workSpace(threads: threads, prologue: nil).whole
    case .depthwise: return WorkSpace()
    case .scattered(let plan): return plan.workSpace(threads: threads).whole
    }
  }
}

/// With one tile per thread where the first result may lie over an extra operand that the epilogue still reads, or is too narrow for the product.
private func matmulWorkSpace(_ operation: Operation, _ function: Function, _ threads: Int) -> WorkSpace {
  let isNarrowed = operation.results.first.map { function.type(of: $0).element } == .bf16
  let isTiled = isNarrowed || operation.attributes.integers("kinds")?.contains(OperandKind.full.rawValue) == true
  if let tall = TallProduct(operation, function) { return tall.workSpace(threads: threads, isTiled: isTiled).whole }
  guard let product = ProductSizes(operation, function) else { return WorkSpace() }
  return MatmulGrid(product).workSpace(threads: threads, isTiled: isTiled).whole
}

/// The extents of an operand; empty for a scalar and where there is none.
public func extents(_ operation: Operation, _ index: Int, _ function: Function) -> [Int] {
  operation.operands.indices.contains(index) ? function.type(of: operation.operands[index]).extents ?? [] : []
}
