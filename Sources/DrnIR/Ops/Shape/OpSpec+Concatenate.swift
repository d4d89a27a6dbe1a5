extension OpSpec {
  static let concatenate = define(
    .concatenate, "The operands one after another along an axis; their other extents are equal.", arity: .atLeast(1),
    attributes: [AttributeSpec("axis", .integer(0), "The axis along which they are joined.")],
    gradient: .single { (b: inout Builder, operation: Operation, dy: Value, wanted: [Bool]) throws(IRError) -> [Value?] in
      try slices(of: dy, operation, axis: operation.attributes.integer("axis") ?? 0, wanted, &b)
    },
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in
      var shape = try request.shape(0)
      let axis = request.attributes.integer("axis") ?? 0
      guard shape.indices.contains(axis) else { throw IRError("axis \(axis) is not one of operand \(request.operands[0].message)") }
      for index in request.operands.indices.dropFirst() {
        let next = try request.shape(index)
        guard next.count == shape.count, shape.indices.allSatisfy({ $0 == axis || next[$0] == shape[$0] }) else {
          throw IRError("operands \(request.operands[0].message) and \(request.operands[index].message) differ outside axis \(axis)")
        }
        shape[axis] = shape[axis] + next[axis]
      }
      return [.f32(shape)]
    })

  private static func slices(
    of gradient: Value, _ operation: Operation, axis: Int, _ wanted: [Bool], _ b: inout Builder
  ) throws(IRError) -> [Value?] {
    var starts = b.shape(of: gradient).map { _ in Dimension(0) }
    var parts: [Value?] = []
    for (operand, isWanted) in zip(operation.operands, wanted) {
      let sizes = b.shape(of: operand)
      parts.append(isWanted ? try b.slice(gradient, starts: starts, sizes: sizes) : nil)
      starts[axis] = starts[axis] + sizes[axis]
    }
    return parts
  }
}
