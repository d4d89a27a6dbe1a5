extension OpSpec {
  static let broadcast = define(
    .broadcast, "Repeats an operand over new axes: axis i of the operand becomes axis axes[i] of the result.", arity: .exactly(1),
    attributes: [
      AttributeSpec("axes", .integers([]), "One axis of the result for each axis of the operand, strictly increasing."),
      AttributeSpec("shape", .dimensions([]), "The shape of the result; equal to the operand's extents on those axes."),
    ],
    gradient: .single { (b: inout Builder, operation: Operation, dy: Value, _: [Bool]) throws(IRError) -> [Value?] in
      let kept = operation.attributes.integers("axes") ?? []
      let repeated = (0..<b.type(of: dy).rank).filter { !kept.contains($0) }
      return [repeated.isEmpty ? dy : try b.sum(dy, axes: repeated)]
    },
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in
      let operand = try request.shape(0)
      let shape = try request.dimensions("shape")
      let axes = try request.axes("axes", of: shape)
      guard axes.count == operand.count, axes.map({ shape[$0] }) == operand else {
        throw IRError("operand \(request.operands[0].message) does not lie on axes \(axes) of \(shape.message)")
      }
      return [.f32(shape)]
    })
}
