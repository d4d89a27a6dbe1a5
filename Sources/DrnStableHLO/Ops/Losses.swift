import DrnIR

extension HLOBuilder {
  mutating func translate(_ op: LossOp, _ given: OperationTranslation) -> HLOValue {
    let smoothing = given.attributes.number("smoothing") ?? 0
    switch op {
    case .softmaxCrossEntropy: return crossEntropy(CrossEntropyOperands(given.operands, weights: 2), smoothing)
    case .softmaxCrossEntropyGradient:
      return crossEntropyGradient(CrossEntropyOperands(given.operands, weights: 3), smoothing, upstream: given.operands[2])
    }
  }

  /// The logits less the largest of their row, and their exponentials with the sums of these.
  private mutating func softmax(_ logits: HLOValue) -> (shifted: HLOValue, exponentials: HLOValue, sums: HLOValue) {
    let shifted = subtract(logits, overRows(reduce(logits, [1], .maximum), logits.shape))
    let exponentials = map("exponential", shifted)
    return (shifted, exponentials, reduce(exponentials, [1]))
  }

  /// The sum of the class weights of the labels over which the mean is: of the whole step, where its labels are given.
  private mutating func totalWeight(_ operands: CrossEntropyOperands) -> HLOValue {
    guard let weights = operands.classWeights else { return constant(Double(operands.logits.shape[0])) }
    let labels = operands.stepLabels ?? operands.labels
    return reduce(weightsOfLabels(labels, weights), [0])
  }

  /// The weight of each label's class.
  private mutating func weightsOfLabels(_ labels: HLOValue, _ weights: HLOValue) -> HLOValue {
    let isLabel = isColumn(labels, columns: weights.shape[0])
    return reduce(select(isLabel, overColumns(weights, isLabel.shape), constant(0)), [1])
  }

  /// The logarithms of the shares of each row.
  mutating func logSoftmax(_ x: HLOValue) -> HLOValue {
    let (shifted, _, sums) = softmax(x)
    return subtract(shifted, overRows(map("log", sums), x.shape))
  }

  private mutating func crossEntropy(_ operands: CrossEntropyOperands, _ smoothing: Double) -> HLOValue {
    let (logits, classes) = (operands.logits, operands.logits.shape[1])
    let logarithms = logSoftmax(logits)
    // Chosen, not multiplied by 0: the logarithm of a class that cannot be is no number then.
    var rows = reduce(select(isColumn(operands.labels, columns: classes), logarithms, constant(0)), [1])
    if let weights = operands.classWeights { rows = multiply(rows, weightsOfLabels(operands.labels, weights)) }
    rows = scale(rows, 1 - smoothing)
    if smoothing > 0 {
      let weighted = operands.classWeights.map { multiply(logarithms, overColumns($0, logits.shape)) } ?? logarithms
      rows = add(rows, scale(reduce(weighted, [1]), smoothing / Double(classes)))
    }
    let total = reduce(rows, [0])
    return map("negate", divide(total, totalWeight(operands)))
  }

  private mutating func crossEntropyGradient(
    _ operands: CrossEntropyOperands, _ smoothing: Double, upstream: HLOValue
  ) -> HLOValue {
    let (shape, classes) = (operands.logits.shape, operands.logits.shape[1])
    let (_, exponentials, sums) = softmax(operands.logits)
    let probabilities = divide(exponentials, overRows(sums, shape))
    var hit = subtract(probabilities, oneHot(operands.labels, columns: classes))
    if let weights = operands.classWeights { hit = multiply(hit, overRows(weightsOfLabels(operands.labels, weights), shape)) }
    var gradient = scale(hit, 1 - smoothing)
    if smoothing > 0 {
      let spread: HLOValue
      if let weights = operands.classWeights {
        spread = subtract(multiply(probabilities, reduce(weights, [0])), overColumns(weights, shape))
      } else {
        spread = shift(scale(probabilities, Double(classes)), -1)
      }
      gradient = add(gradient, scale(spread, smoothing / Double(classes)))
    }
    return multiply(gradient, divide(upstream, totalWeight(operands)))
  }
}

/// The operands of a cross entropy, from where its class weights stand if they are given.
private struct CrossEntropyOperands {
  let logits: HLOValue
  let labels: HLOValue
  let classWeights: HLOValue?
  let stepLabels: HLOValue?

  init(_ operands: [HLOValue], weights: Int) {
    (logits, labels) = (operands[0], operands[1])
    classWeights = operands.count > weights ? operands[weights] : nil
    stepLabels = operands.count > weights + 1 ? operands[weights + 1] : nil
  }
}
