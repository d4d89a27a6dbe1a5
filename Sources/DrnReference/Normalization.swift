import DrnIR

/// The mean and the biased variance of each row.
private func rowMoments(_ x: ReferenceTensor) -> (means: [Double], variances: [Double]) {
  let count = Double(x.columns)
  let means = (0..<x.rows).map { row in (0..<x.columns).reduce(0) { $0 + x[row, $1] } / count }
  let variances = (0..<x.rows).map { row in
    (0..<x.columns).reduce(0) { sum, column in
      let difference = x[row, column] - means[row]
      return sum + difference * difference
    } / count
  }
  return (means, variances)
}

/// Each row moved by its mean and divided by its deviation.
private func normalize(_ x: ReferenceTensor, _ means: [Double], _ inverses: [Double]) -> ReferenceTensor {
  var result = x
  for row in 0..<x.rows { for column in 0..<x.columns { result[row, column] = (x[row, column] - means[row]) * inverses[row] } }
  return result
}

/// The gradient by x of rows normalized to `y`, given the gradient of `y`.
private func normalizeGradient(_ gradient: ReferenceTensor, _ y: ReferenceTensor, _ inverses: [Double]) -> ReferenceTensor {
  var result = gradient
  let count = Double(y.columns)
  for row in 0..<y.rows {
    let mean = (0..<y.columns).reduce(0) { $0 + gradient[row, $1] } / count
    let correlation = (0..<y.columns).reduce(0) { $0 + gradient[row, $1] * y[row, $1] } / count
    for column in 0..<y.columns {
      result[row, column] = inverses[row] * (gradient[row, column] - mean - y[row, column] * correlation)
    }
  }
  return result
}

private func scaleColumns(_ x: ReferenceTensor, by scale: [Double], offset: [Double]? = nil) -> ReferenceTensor {
  var result = x
  for row in 0..<x.rows { for column in 0..<x.columns { result[row, column] = x[row, column] * scale[column] + (offset?[column] ?? 0) } }
  return result
}

private func columnSums(_ x: ReferenceTensor) -> ReferenceTensor {
  ReferenceTensor(shape: [x.columns], values: (0..<x.columns).map { column in (0..<x.rows).reduce(0) { $0 + x[$1, column] } })
}

private func vector(_ values: [Double]) -> ReferenceTensor { ReferenceTensor(shape: [values.count], values: values) }

private func layerNorm(_ operands: [ReferenceTensor], epsilon: Double) -> [ReferenceTensor] {
  let (means, variances) = rowMoments(operands[0])
  let inverses = variances.map { 1 / ($0 + epsilon).squareRoot() }
  let y = scaleColumns(normalize(operands[0], means, inverses), by: operands[1].values, offset: operands[2].values)
  return [y, vector(means), vector(inverses)]
}

/// From the gradient of y, x, the means, the inverse deviations and the scale.
private func layerNormGradient(_ operands: [ReferenceTensor]) -> [ReferenceTensor] {
  let y = normalize(operands[1], operands[2].values, operands[3].values)
  let dx = normalizeGradient(scaleColumns(operands[0], by: operands[4].values), y, operands[3].values)
  return [dx, columnSums(combine(operands[0], y, *)), columnSums(operands[0])]
}

/// The normalized matrix, and the means and variances of its columns.
private func columnNorm(_ operands: [ReferenceTensor], epsilon: Double) -> [ReferenceTensor] {
  let (means, variances) = rowMoments(operands[0].transposed)
  let inverses = variances.map { 1 / ($0 + epsilon).squareRoot() }
  let normalized = normalize(operands[0].transposed, means, inverses).transposed
  return [scaleColumns(normalized, by: operands[1].values, offset: operands[2].values), vector(means), vector(variances)]
}

/// From the gradient of y, x, the means, the variances and the scale.
private func columnNormGradient(_ operands: [ReferenceTensor], epsilon: Double) -> [ReferenceTensor] {
  let inverses = operands[3].values.map { 1 / ($0 + epsilon).squareRoot() }
  let y = normalize(operands[1].transposed, operands[2].values, inverses)
  let dx = normalizeGradient(scaleColumns(operands[0], by: operands[4].values).transposed, y, inverses).transposed
  return [dx, columnSums(combine(operands[0], y.transposed, *)), columnSums(operands[0])]
}

/// The tensor with all axes but the last as rows.
private func asMatrix(_ tensor: ReferenceTensor) -> ReferenceTensor {
  ReferenceTensor(shape: [tensor.shape.dropLast().reduce(1, *), tensor.shape.last ?? 1], values: tensor.values)
}

extension Evaluation {
  /// What a normalization or a gradient of one gives.
  func evaluate(_ op: NormalizeOp, _ operation: Operation, _ operands: [ReferenceTensor]) throws(ReferenceError) -> [ReferenceTensor] {
    switch op {
    case .layerNorm: layerNorm(operands, epsilon: operation.attributes.number("epsilon") ?? 0)
    case .layerNormGradient: layerNormGradient(operands)
    case .batchNorm: try batchNorm(operation, operands)
    case .batchNormGradient: try batchNormGradient(operation, operands)
    case .batchNormFactors: batchNormFactors(operation, operands)
    case .logSoftmax: [logSoftmax(operands[0])]
    }
  }

  private func batchNorm(_ operation: Operation, _ operands: [ReferenceTensor]) throws(ReferenceError) -> [ReferenceTensor] {
    let epsilon = operation.attributes.number("epsilon") ?? 0
    let results = columnNorm([asMatrix(operands[0])] + operands[1..<3], epsilon: epsilon)
    let y = ReferenceTensor(shape: operands[0].shape, values: results[0].values)
    guard operation.attributes["epilogue"] != nil else { return [y] + results.dropFirst() }
    return try applyFused("epilogue", of: operation, to: y, extras: operands.dropFirst(3)) + results.dropFirst()
  }

  private func batchNormFactors(_ operation: Operation, _ operands: [ReferenceTensor]) -> [ReferenceTensor] {
    let epsilon = operation.attributes.number("epsilon") ?? 0
    let (means, variances) = rowMoments(asMatrix(operands[0]).transposed)
    let factors = zip(operands[1].values, variances).map { $0 / ($1 + epsilon).squareRoot() }
    let shifts = zip(operands[2].values, zip(factors, means)).map { $0 - $1.0 * $1.1 }
    return [vector(factors), vector(shifts), vector(means), vector(variances)]
  }

  private func batchNormGradient(_ operation: Operation, _ operands: [ReferenceTensor]) throws(ReferenceError) -> [ReferenceTensor] {
    let epsilon = operation.attributes.number("epsilon") ?? 0
    let given =
      operation.attributes["prologue"] == nil
      ? [operands[0]] : try applyFused("prologue", of: operation, to: operands[0], extras: operands.dropFirst(5))
    let results = columnNormGradient([asMatrix(given[0]), asMatrix(operands[1])] + operands[2..<5], epsilon: epsilon)
    return [ReferenceTensor(shape: operands[1].shape, values: results[0].values)] + results.dropFirst() + given.dropFirst()
  }
}
