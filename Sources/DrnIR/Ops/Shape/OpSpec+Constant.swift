extension OpSpec {
  static let constant = define(
    .constant, "An f32 tensor of the given shape filled with one number.", arity: .exactly(0),
    attributes: [
      AttributeSpec("shape", .dimensions([]), "The shape of the result."),
      AttributeSpec("value", .number(0), "The number."),
    ],
    gradient: .zero,
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in [.f32(try request.dimensions("shape"))] })
}
