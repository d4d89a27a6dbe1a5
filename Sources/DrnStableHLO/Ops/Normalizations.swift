import DrnIR

extension HLOBuilder {
  mutating func translate(_ op: NormalizeOp, _ given: OperationTranslation) -> [HLOValue] {
    let epsilon = given.attributes.number("epsilon") ?? 0
    switch op {
    case .layerNorm: return layerNorm(given.operands, epsilon)
    case .layerNormGradient: return layerNormGradient(given.operands)
    case .batchNorm: return batchNorm(given.operands, epsilon)
    case .batchNormGradient: return batchNormGradient(given.operands, epsilon)
    case .logSoftmax: return [logSoftmax(given.operands[0])]
    // Refused before: no portable module has it.
    case .batchNormFactors: return []
    }
  }

  private mutating func inverseDeviation(_ variance: HLOValue, _ epsilon: Double) -> HLOValue {
    divide(constant(1), map("sqrt", shift(variance, epsilon)))
  }

  /// Over some axes: the means, the mean squares of what is left, and that itself.
  private mutating func moments(
    _ x: HLOValue, over axes: [Int]
  ) -> (means: HLOValue, variances: HLOValue, centred: HLOValue) {
    let kept = x.type.axes.filter { !axes.contains($0) }
    let share = 1 / Double(axes.reduce(1) { $0 * x.shape[$1] })
    let means = scale(reduce(x, axes), share)
    let centred = subtract(x, broadcast(means, x.shape, kept))
    return (means, scale(reduce(multiply(centred, centred), axes), share), centred)
  }

  private mutating func batchNorm(_ operands: [HLOValue], _ epsilon: Double) -> [HLOValue] {
    let (x, factor, offset) = (operands[0], operands[1], operands[2])
    let (means, variances, centred) = moments(x, over: Array(x.type.axes.dropLast()))
    let slope = multiply(factor, inverseDeviation(variances, epsilon))
    let y = add(multiply(centred, overColumns(slope, x.shape)), overColumns(offset, x.shape))
    return [y, means, variances]
  }

  /// By x, scale and offset, from the gradient of y, x, means, variances and scale.
  private mutating func batchNormGradient(_ operands: [HLOValue], _ epsilon: Double) -> [HLOValue] {
    let (dy, x, means, variances, factor) = (operands[0], operands[1], operands[2], operands[3], operands[4])
    let axes = Array(x.type.axes.dropLast())
    let share = 1 / Double(axes.reduce(1) { $0 * x.shape[$1] })
    let inverse = inverseDeviation(variances, epsilon)
    let normalized = multiply(subtract(x, overColumns(means, x.shape)), overColumns(inverse, x.shape))
    let (offsets, scales) = (reduce(dy, axes), reduce(multiply(dy, normalized), axes))
    var inner = subtract(dy, overColumns(scale(offsets, share), x.shape))
    inner = subtract(inner, multiply(normalized, overColumns(scale(scales, share), x.shape)))
    return [multiply(inner, overColumns(multiply(inverse, factor), x.shape)), scales, offsets]
  }

  private mutating func layerNorm(_ operands: [HLOValue], _ epsilon: Double) -> [HLOValue] {
    let (x, factor, offset) = (operands[0], operands[1], operands[2])
    let (means, variances, centred) = moments(x, over: [1])
    let inverse = inverseDeviation(variances, epsilon)
    let normalized = multiply(centred, overRows(inverse, x.shape))
    return [add(multiply(normalized, overColumns(factor, x.shape)), overColumns(offset, x.shape)), means, inverse]
  }

  /// By x, scale and offset, from the gradient of y, x, means, inverse deviations and scale.
  private mutating func layerNormGradient(_ operands: [HLOValue]) -> [HLOValue] {
    let (dy, x, means, inverse, factor) = (operands[0], operands[1], operands[2], operands[3], operands[4])
    let share = 1 / Double(x.shape[1])
    let normalized = multiply(subtract(x, overRows(means, x.shape)), overRows(inverse, x.shape))
    let given = multiply(dy, overColumns(factor, x.shape))
    let (mean, slope) = (scale(reduce(given, [1]), share), scale(reduce(multiply(given, normalized), [1]), share))
    let inner = subtract(subtract(given, overRows(mean, x.shape)), multiply(normalized, overRows(slope, x.shape)))
    return [multiply(inner, overRows(inverse, x.shape)), reduce(multiply(dy, normalized), [0]), reduce(dy, [0])]
  }
}
