/// Batch normalization in training (Ioffe and Szegedy, 2015, algorithm 1) with the biased variance: each column of x is brought to
/// mean 0 and variance 1 over the batch, then scaled and shifted.
extension OpSpec {
  static let batchNorm = define(
    .batchNorm,
    "Normalizes each column of x (B x D) over the batch, then scales and shifts it (D); gives y (B x D), the means (D) and variances (D).",
    arity: .exactly(3), attributes: [normalizationEpsilon],
    gradient: .rule { (b: inout Builder, request: GradientRequest) throws(IRError) -> [Value?] in
      guard let dy = try request.onlyFirstGradient() else { return [nil, nil, nil] }
      let operation = request.operation
      let operands = [dy, operation.operands[0], operation.results[1], operation.results[2], operation.operands[1]]
      return try b.emit(.batchNormGradient, operands, operation.attributes)
    },
    operations: { Cost.multiply(8, $0.count(0)) },
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in
      let x = try request.shape(0, rank: 2)
      try request.require(1, is: .f32([x[1]]), because: "as scale of \(request.operands[0].message)")
      try request.require(2, is: .f32([x[1]]), because: "as offset of \(request.operands[0].message)")
      _ = try request.number("epsilon", in: 0..<Double.infinity)
      return [.f32(x), .f32([x[1]]), .f32([x[1]])]
    })

  static let batchNormGradient = define(
    .batchNormGradient,
    "The gradients of batch_norm by x (B x D), scale (D) and offset (D), from that of y, x, the means, the variances and the scale.",
    arity: .exactly(5), attributes: [normalizationEpsilon],
    gradient: .undefined("gradients of gradients are not taken"),
    operations: { Cost.multiply(14, $0.count(0)) },
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in
      let x = try request.shape(1, rank: 2)
      try request.require(0, is: .f32(x), because: "as gradient of the normalized \(request.operands[1].message)")
      for (index, name) in [(2, "means"), (3, "variances"), (4, "scale")] {
        try request.require(index, is: .f32([x[1]]), because: "as \(name) of the columns of \(request.operands[1].message)")
      }
      _ = try request.number("epsilon", in: 0..<Double.infinity)
      return [.f32(x), .f32([x[1]]), .f32([x[1]])]
    })
}
