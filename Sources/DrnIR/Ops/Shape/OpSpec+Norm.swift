/// The norm that is measured: of gradients to clip them, of what a transition changes.
extension OpSpec {
  static let norm = define(
    .norm,
    "The Frobenius norm of all operands together, of any shapes: a scalar. Squares are taken and added in double precision, so that none overflows or vanishes.",
    arity: .atLeast(1),
    gradient: .undefined("a norm is measured; the gradient of a squared one is that of a sum of squares"),
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in
      for index in request.operands.indices { _ = try request.shape(index) }
      return [.scalar]
    })
}
