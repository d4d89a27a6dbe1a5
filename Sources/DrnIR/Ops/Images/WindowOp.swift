/// Patches, pools and their gradients, channels last.
public enum WindowOp: String, OpList, Sendable, Hashable {
  case patches
  case patchesGradient = "patches_gradient"
  case maxPool = "max_pool"
  case maxPoolGradient = "max_pool_gradient"
  case averagePool = "average_pool"
  case averagePoolGradient = "average_pool_gradient"

  var spec: OpSpec {
    switch self {
    case .patches: .patches
    case .patchesGradient: .patchesGradient
    case .maxPool: .maxPool
    case .maxPoolGradient: .maxPoolGradient
    case .averagePool: .averagePool
    case .averagePoolGradient: .averagePoolGradient
    }
  }
}

/// The ops of the kind by their own names.
extension Opcode {
  public static let patches = window(.patches)
  public static let patchesGradient = window(.patchesGradient)
  public static let maxPool = window(.maxPool)
  public static let maxPoolGradient = window(.maxPoolGradient)
  public static let averagePool = window(.averagePool)
  public static let averagePoolGradient = window(.averagePoolGradient)
}

/// The windows of an image as rows of a matrix (im2col), so that a convolution is a product with a matrix; and the transpose of that map.
extension OpSpec {
  static let patches = define(
    .patches,
    "The windows of x (B x H x W x C) as rows of a matrix (B*Ho*Wo x kh*kw*C), columns by kernel row, kernel column and channel; padding is 0.",
    arity: .exactly(1), attributes: geometryAttributes,
    gradient: .single { (b: inout Builder, operation: Operation, dy: Value, _: [Bool]) throws(IRError) -> [Value?] in
      [try b.emitOne(.patchesGradient, [dy], operation.attributes.withShape(b.shape(of: operation.operands[0])))]
    },
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in
      [.f32(try request.image(0).patches(try request.geometry()))]
    })

  static let patchesGradient = define(
    .patchesGradient, "The gradient of patches by x, from that of the matrix: each pixel is the sum of its places in the matrix.",
    arity: .exactly(1), attributes: geometryAttributes + [imageShapeAttribute],
    gradient: .single { (b: inout Builder, operation: Operation, dy: Value, _: [Bool]) throws(IRError) -> [Value?] in
      [try b.emitOne(.patches, [dy], operation.attributes.withoutShape)]
    },
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in
      let image = try request.imageAttribute()
      try request.require(
        0, is: .f32(try image.patches(try request.geometry())), because: "as gradient of the patches of \(image.dimensions.message)")
      return [.f32(image.dimensions)]
    })
}

/// The largest and the mean value of each window of each channel.
extension OpSpec {
  static let maxPool = define(
    .maxPool, "The largest value of each window of x (B x H x W x C), or its NaN: B x Ho x Wo x C; padding counts as -infinity.",
    arity: .exactly(1), attributes: geometryAttributes,
    gradient: .single { (b: inout Builder, operation: Operation, dy: Value, _: [Bool]) throws(IRError) -> [Value?] in
      [try b.emitOne(.maxPoolGradient, [operation.operands[0], dy], operation.attributes)]
    },
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in [try inferPool(request)] })

  static let maxPoolGradient = define(
    .maxPoolGradient,
    "The gradient of max_pool by x, from x and that of the result; it goes to the first maximum of a window by rows, or to its last NaN.",
    arity: .exactly(2), attributes: geometryAttributes,
    gradient: .undefined("gradients of gradients are not taken"),
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in
      let result = try inferPool(request)
      try request.require(1, is: result, because: "as gradient of the windows of \(request.operands[0].message)")
      return [request.operands[0]]
    })

  private static let includePadding = AttributeSpec(
    "include_padding", .boolean(false), "Whether a window is divided by its taps; else by those of them that are not padding.")

  static let averagePool = define(
    .averagePool, "The mean of each window of x (B x H x W x C): B x Ho x Wo x C; padding counts as 0 or not at all.",
    arity: .exactly(1), attributes: geometryAttributes + [includePadding],
    gradient: .single { (b: inout Builder, operation: Operation, dy: Value, _: [Bool]) throws(IRError) -> [Value?] in
      [try b.emitOne(.averagePoolGradient, [dy], operation.attributes.withShape(b.shape(of: operation.operands[0])))]
    },
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in [try inferPool(request)] })

  static let averagePoolGradient = define(
    .averagePoolGradient, "The gradient of average_pool by x, from that of the result (B x Ho x Wo x C).",
    arity: .exactly(1), attributes: geometryAttributes + [includePadding, imageShapeAttribute],
    gradient: .single { (b: inout Builder, operation: Operation, dx: Value, _: [Bool]) throws(IRError) -> [Value?] in
      [try b.emitOne(.averagePool, [dx], operation.attributes.withoutShape)]
    },
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in
      let image = try request.imageAttribute()
      let result = try pooled(image, try request.geometry())
      try request.require(0, is: result, because: "as gradient of the windows of \(image.dimensions.message)")
      return [.f32(image.dimensions)]
    })

  private static func inferPool(_ request: InferenceRequest) throws(IRError) -> TensorType {
    try pooled(try request.image(0), try request.geometry())
  }

  /// Refuses windows of nothing but padding, which have neither a maximum nor a mean.
  private static func pooled(_ image: ImageExtents, _ geometry: ConvolutionGeometry) throws(IRError) -> TensorType {
    let windows = try image.windows(geometry, channels: image.channels)
    guard geometry.vertical.touchesEverywhere(over: image.height), geometry.horizontal.touchesEverywhere(over: image.width) else {
      throw IRError("a window over \(image.dimensions.message) may hold nothing but padding")
    }
    return .f32(windows)
  }
}
