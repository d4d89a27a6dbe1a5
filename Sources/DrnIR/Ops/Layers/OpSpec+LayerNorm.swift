/// Layer normalization (Ba, Kiros and Hinton, 2016, equation 4) with the biased variance: each row of x is brought to mean 0 and
/// variance 1, then scaled and shifted per column.
extension OpSpec {
  static let layerNorm = define(
    .layerNorm,
    "Normalizes each row of x (B x D), then scales and shifts each column (D); gives y (B x D), the means (B) and the inverse deviations (B).",
    arity: .exactly(3), attributes: [normalizationEpsilon],
    gradient: .rule { (b: inout Builder, request: GradientRequest) throws(IRError) -> [Value?] in
      guard let dy = try request.onlyFirstGradient() else { return [nil, nil, nil] }
      let operation = request.operation
      let operands = [dy, operation.operands[0], operation.results[1], operation.results[2], operation.operands[1]]
      return try b.emit(.layerNormGradient, operands)
    },
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in
      let x = try request.shape(0, rank: 2)
      try request.require(1, is: .f32([x[1]]), because: "as scale of \(request.operands[0].message)")
      try request.require(2, is: .f32([x[1]]), because: "as offset of \(request.operands[0].message)")
      _ = try request.number("epsilon", in: 0..<Double.infinity)
      return [.f32(x), .f32([x[0]]), .f32([x[0]])]
    })

  static let layerNormGradient = define(
    .layerNormGradient,
    "The gradients of layer_norm by x (B x D), scale (D) and offset (D), from that of y, x, the means, the inverse deviations and the scale.",
    arity: .exactly(5),
    gradient: .undefined("gradients of gradients are not taken"),
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in
      let x = try request.shape(1, rank: 2)
      try request.require(0, is: .f32(x), because: "as gradient of the normalized \(request.operands[1].message)")
      try request.require(2, is: .f32([x[0]]), because: "as means of the rows of \(request.operands[1].message)")
      try request.require(3, is: .f32([x[0]]), because: "as inverse deviations of the rows of \(request.operands[1].message)")
      try request.require(4, is: .f32([x[1]]), because: "as scale of \(request.operands[1].message)")
      return [.f32(x), .f32([x[1]]), .f32([x[1]])]
    })

  static let normalizationEpsilon = AttributeSpec("epsilon", .number(0), "Added to the variance before the square root; not negative.")
}

extension GradientRequest {
  /// The gradient of the first result, for ops whose other results are statistics that nothing may be differentiated through.
  func onlyFirstGradient() throws(IRError) -> Value? {
    if resultGradients.dropFirst().contains(where: { $0 != nil }) {
      throw IRError("\(operation.opcode.mnemonic) has no gradient through its statistics")
    }
    return resultGradients.first ?? nil
  }
}
