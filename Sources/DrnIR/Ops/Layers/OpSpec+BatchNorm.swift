/// Batch normalization in training (Ioffe and Szegedy, 2015, algorithm 1) with the biased variance: along the last axis of x, each entry
/// is brought to mean 0 and variance 1 over all other axes, then scaled and shifted.
extension OpSpec {
  static let batchNorm = define(
    .batchNorm,
    "Normalizes x (... x D) over all axes but the last, then scales and shifts it (D); gives y (... x D), the means (D) and variances (D). "
      + "With an epilogue, y is replaced by scalar functions of its element and the extra operands' matching elements.",
    arity: .atLeast(3),
    attributes: [
      normalizationEpsilon,
      AttributeSpec("epilogue", .function(""), required: false, "The scalar function; its first argument is the element of y."),
      extraKinds,
    ],
    gradient: .rule { (b: inout Builder, request: GradientRequest) throws(IRError) -> [Value?] in
      let operation = request.operation
      if operation.attributes["epilogue"] != nil {
        throw IRError("batch_norm with an epilogue has no gradient: fusion happens after gradients")
      }
      guard let dy = try request.onlyFirstGradient() else { return [nil, nil, nil] }
      let operands = [dy, operation.operands[0], operation.results[1], operation.results[2], operation.operands[1]]
      return try b.emit(.batchNormGradient, operands, operation.attributes)
    },
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in
      let (x, statistics) = try normalizedWithScale(request)
      guard let body = try request.fusedFunction("epilogue", extrasFrom: 3, shape: x.shape) else { return [x, statistics, statistics] }
      return body.results.map { _ in x } + [statistics, statistics]
    })

  static let batchNormGradient = define(
    .batchNormGradient,
    "The gradients of batch_norm by x (... x D), scale (D) and offset (D), from that of y, x, the means, the variances and the scale. "
      + "With a prologue, the gradient of y is its first result, and the others (... x D) are stored after the gradients.",
    arity: .atLeast(5),
    attributes: [
      normalizationEpsilon,
      AttributeSpec("prologue", .function(""), required: false, "The scalar function; its first argument is the element of operand 0."),
      extraKinds,
    ],
    gradient: .undefined("gradients of gradients are not taken"),
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in
      let (x, statistics) = try normalized(request, 1)
      try request.require(0, is: x, because: "as gradient of the normalized \(x.message)")
      for (index, name) in [(2, "means"), (3, "variances"), (4, "scale")] {
        try request.require(index, is: statistics, because: "as \(name) of the columns of \(x.message)")
      }
      _ = try request.number("epsilon", in: 0..<Double.infinity)
      let body = try request.fusedFunction("prologue", extrasFrom: 5, shape: x.shape)
      if let body, body.results.isEmpty { throw IRError("@\(body.name) has no result to be the gradient of \(x.message)") }
      return [x, statistics, statistics] + (body?.results ?? []).dropFirst().map { _ in x }
    })

  static let batchNormFactors = define(
    .batchNormFactors,
    "What batch_norm makes of x (... x D), scale (D) and offset (D) without applying it: y is a x + b with the first two results; gives a, b, "
      + "the means and the variances (all D).",
    arity: .exactly(3), attributes: [normalizationEpsilon],
    gradient: .undefined("only fusion makes it, after gradients"),
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in
      let (_, statistics) = try normalizedWithScale(request)
      return [statistics, statistics, statistics, statistics]
    })

  /// The types of x and of its statistics, with those of scale, offset and epsilon as required.
  private static func normalizedWithScale(_ request: InferenceRequest) throws(IRError) -> (x: TensorType, statistics: TensorType) {
    let (x, statistics) = try normalized(request, 0)
    try request.require(1, is: statistics, because: "as scale of \(x.message)")
    try request.require(2, is: statistics, because: "as offset of \(x.message)")
    _ = try request.number("epsilon", in: 0..<Double.infinity)
    return (x, statistics)
  }

  /// The types of the operand that is normalized and of its statistics.
  private static func normalized(_ request: InferenceRequest, _ index: Int) throws(IRError) -> (x: TensorType, statistics: TensorType) {
    let shape = try request.shape(index)
    guard shape.count >= 2, let columns = shape.last else {
      throw IRError("operand \(index) is \(request.operands[index].message) where at least 2 axes are needed")
    }
    return (.f32(shape), .f32([columns]))
  }
}
