extension OpSpec {
  static let matmul = define(
    .matmul,
    "The product of two matrices, each transposed where said; with an epilogue, each result is a scalar function of the product's element "
      + "and the extra operands' matching elements. Where one matrix is of half width both are rounded to it; their products are exact and added in single precision.",
    arity: .atLeast(2),
    attributes: [
      AttributeSpec("transpose_left", .boolean(false), "Whether the left matrix enters transposed."),
      AttributeSpec("transpose_right", .boolean(false), "Whether the right matrix enters transposed."),
      AttributeSpec("epilogue", .function(""), required: false, "The scalar function; its first argument is the element of the product."),
      extraKinds,
    ],
    gradient: .single { (b: inout Builder, operation: Operation, dy: Value, wanted: [Bool]) throws(IRError) -> [Value?] in
      if operation.attributes["epilogue"] != nil {
        throw IRError("matmul with an epilogue has no gradient: fusion happens after gradients")
      }
      return [
        wanted[0] ? try leftGradient(operation, dy, &b) : nil,
        wanted[1] ? try rightGradient(operation, dy, &b) : nil,
      ]
    },
    infer: inferMatmul)

  private static func leftGradient(_ operation: Operation, _ dy: Value, _ b: inout Builder) throws(IRError) -> Value {
    let right = operation.operands[1]
    let isRightTransposed = operation.attributes.boolean("transpose_right") ?? false
    return operation.attributes.boolean("transpose_left") ?? false
      ? try b.matmul(right, dy, transposeLeft: isRightTransposed, transposeRight: true)
      : try b.matmul(dy, right, transposeRight: !isRightTransposed)
  }

  private static func rightGradient(_ operation: Operation, _ dy: Value, _ b: inout Builder) throws(IRError) -> Value {
    let left = operation.operands[0]
    let isLeftTransposed = operation.attributes.boolean("transpose_left") ?? false
    return operation.attributes.boolean("transpose_right") ?? false
      ? try b.matmul(dy, left, transposeLeft: true, transposeRight: isLeftTransposed)
      : try b.matmul(left, dy, transposeLeft: !isLeftTransposed)
  }

  @Sendable private static func inferMatmul(_ request: InferenceRequest) throws(IRError) -> [TensorType] {
    let left = try request.matrix(0, isTransposed: request.boolean("transpose_left"))
    let right = try request.matrix(1, isTransposed: request.boolean("transpose_right"))
    try left.requireMatch(right)
    let shape = [left.rows, right.columns]
    guard let body = try request.fusedFunction("epilogue", extrasFrom: 2, shape: shape) else { return [.f32(shape)] }
    return body.resultTypes(shape)
  }
}
