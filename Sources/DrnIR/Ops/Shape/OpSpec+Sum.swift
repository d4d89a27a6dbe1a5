extension OpSpec {
  static let sum = define(
    .sum, "Sums over the given axes and removes them.", arity: .exactly(1),
    attributes: [AttributeSpec("axes", .integers([]), "The axes to sum over, strictly increasing.")],
    gradient: .single { (b: inout Builder, operation: Operation, dy: Value, _: [Bool]) throws(IRError) -> [Value?] in
      let shape = b.shape(of: operation.operands[0])
      let removed = operation.attributes.integers("axes") ?? []
      return [try b.broadcast(dy, to: shape, axes: shape.indices.filter { !removed.contains($0) })]
    },
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in
      let shape = try request.shape(0)
      let axes = try request.axes("axes", of: shape)
      return [.f32(shape.indices.filter { !axes.contains($0) }.map { shape[$0] })]
    })
}
