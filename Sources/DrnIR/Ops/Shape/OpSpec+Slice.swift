extension OpSpec {
  static let slice = define(
    .slice, "The block of the operand (f32 or i32) that begins at `starts` and has the extents `sizes`.", arity: .exactly(1),
    attributes: [
      AttributeSpec("sizes", .dimensions([]), "The shape of the result."),
      AttributeSpec("starts", .dimensions([]), "The first index on each axis."),
    ],
    gradient: .single { (b: inout Builder, operation: Operation, dy: Value, _: [Bool]) throws(IRError) -> [Value?] in
      let starts = operation.attributes.dimensions("starts") ?? []
      return [try b.pad(dy, starts: starts, shape: b.shape(of: operation.operands[0]))]
    },
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in
      let sizes = try request.dimensions("sizes")
      let starts = try request.dimensions("starts")
      try requireBlock(starts: starts, sizes: sizes, inside: try request.numericType(0).shape)
      return [TensorType(try request.numericType(0).element, sizes)]
    })

  static let pad = define(
    .pad, "Zeros of the given shape with the operand placed at `starts`.", arity: .exactly(1),
    attributes: [
      AttributeSpec("shape", .dimensions([]), "The shape of the result."),
      AttributeSpec("starts", .dimensions([]), "Where the operand begins on each axis."),
    ],
    gradient: .single { (b: inout Builder, operation: Operation, dy: Value, _: [Bool]) throws(IRError) -> [Value?] in
      let starts = operation.attributes.dimensions("starts") ?? []
      return [try b.slice(dy, starts: starts, sizes: b.shape(of: operation.operands[0]))]
    },
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in
      let shape = try request.dimensions("shape")
      try requireBlock(starts: try request.dimensions("starts"), sizes: try request.shape(0), inside: shape)
      return [.f32(shape)]
    })

  /// Refuses a block known to leave its surroundings; a symbolic one is decided when ranks are known.
  private static func requireBlock(starts: [Dimension], sizes: [Dimension], inside shape: [Dimension]) throws(IRError) {
    let message = "the block of shape \(sizes.message) at \(starts.message) does not lie inside \(shape.message)"
    guard starts.count == shape.count, sizes.count == shape.count else { throw IRError(message) }
    for ((start, size), extent) in zip(zip(starts, sizes), shape) {
      if let slack = (extent - start).value, slack < 0 { throw IRError(message) }
      if let slack = (extent - start - size).value, slack < 0 { throw IRError(message) }
    }
  }
}
