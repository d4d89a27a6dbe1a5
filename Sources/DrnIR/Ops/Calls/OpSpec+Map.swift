extension OpSpec {
  static let map = define(
    .map, "Applies a scalar function to matching elements of the operands; one result for each of the function's results.",
    arity: .atLeast(0),
    attributes: [
      AttributeSpec("body", .function(""), "The function, of as many f32 scalars as there are operands."),
      AttributeSpec(
        "kinds", .integers([]),
        "For each operand: 0 full, 1 scalar, 2 row vector (one value per column), 3 column vector (one value per row)."),
      AttributeSpec("shape", .dimensions([]), required: false, "The shape of the results; given only when no operand is full."),
    ],
    gradient: .undefined("fusion happens after gradients"),
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in
      let body = try request.scalarFunction(request.attributes.function("body") ?? "", arguments: request.operands.count)
      let shape = try mapShape(request)
      try request.requireKinds(try request.integers("kinds"), from: 0, shape: shape)
      return body.resultTypes(shape)
    })

  /// The shape of the first full operand, or the attribute where there is none.
  private static func mapShape(_ request: InferenceRequest) throws(IRError) -> [Dimension] {
    let kinds = try request.integers("kinds")
    let full = zip(request.operands, kinds).first { $0.1 == OperandKind.full.rawValue }
    switch (full, request.attributes["shape"]) {
    case (let (type, _)?, nil): return type.shape
    case (nil, .some): return try request.dimensions("shape")
    case (nil, nil): throw IRError("attribute shape is missing and no operand is full")
    case (let (type, _)?, .some):
      throw IRError("attribute shape \(try request.dimensions("shape").message) is given beside the full operand \(type.message)")
    }
  }
}
