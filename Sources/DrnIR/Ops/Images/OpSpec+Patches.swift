/// The windows of an image as rows of a matrix (im2col), so that a convolution is a product with a matrix; and the transpose of that map.
extension OpSpec {
  static let patches = define(
    .patches,
    "The windows of x (B x H x W x C) as rows of a matrix (B*Ho*Wo x kh*kw*C), columns by kernel row, kernel column and channel; padding is 0.",
    arity: .exactly(1), attributes: geometryAttributes,
    gradient: .single { (b: inout Builder, operation: Operation, dy: Value, _: [Bool]) throws(IRError) -> [Value?] in
      [try b.emitOne(.patchesGradient, [dy], operation.attributes.withShape(b.shape(of: operation.operands[0])))]
    },
    operations: { _ in 0 },
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in
      [.f32(try request.image(0).patches(try request.geometry()))]
    })

  static let patchesGradient = define(
    .patchesGradient, "The gradient of patches by x, from that of the matrix: each pixel is the sum of its places in the matrix.",
    arity: .exactly(1), attributes: geometryAttributes + [imageShapeAttribute],
    gradient: .single { (b: inout Builder, operation: Operation, dy: Value, _: [Bool]) throws(IRError) -> [Value?] in
      [try b.emitOne(.patches, [dy], operation.attributes.withoutShape)]
    },
    operations: { $0.count(0) },
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in
      let image = try request.imageAttribute()
      try request.require(
        0, is: .f32(try image.patches(try request.geometry())), because: "as gradient of the patches of \(image.dimensions.message)")
      return [.f32(image.dimensions)]
    })
}
