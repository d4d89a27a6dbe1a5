extension OpSpec {
  /// The gradient passes as if nothing were rounded: what products in half width are differentiated by.
  static let narrow = define(
    .narrow,
    "The nearest bfloat16 of each element, the even one of two equally near; NaN stays NaN. For the operands of products. The gradient is that of x itself.",
    arity: .exactly(1),
    gradient: .single { (_: inout Builder, _: Operation, dy: Value, _: [Bool]) throws(IRError) -> [Value?] in [dy] },
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in [TensorType(.bf16, try request.shape(0))] })
}

extension Builder {
  /// The operand in half width.
  public mutating func narrow(_ operand: Value) throws(IRError) -> Value { try emitOne(.narrow, [operand]) }
}
