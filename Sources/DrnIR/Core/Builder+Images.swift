/// One method per op on images, `[batch, height, width, channels]` except where said.
extension Builder {
  /// The windows of an image as rows of a matrix, `[B*Ho*Wo, kh*kw*C]`; columns by kernel row, kernel column and channel.
  public mutating func patches(_ image: Value, _ geometry: ConvolutionGeometry) throws(IRError) -> Value {
    try emitOne(.patches, [image], geometry.attributes)
  }
  /// The sum of a matrix of patches over the pixels they came from: the gradient of `patches` for an image of that shape.
  public mutating func patchesGradient(_ matrix: Value, _ geometry: ConvolutionGeometry, shape: [Dimension]) throws(IRError) -> Value {
    try emitOne(.patchesGradient, [matrix], geometry.attributes.with("shape", .dimensions(shape)))
  }
  /// The convolution of an image with a weight `[kh*kw*C/groups, O]`.
  public mutating func convolution(
    _ image: Value, _ weight: Value, _ geometry: ConvolutionGeometry, groups: Int = 1
  ) throws(IRError) -> Value {
    try emitOne(.convolution, [image, weight], geometry.attributes.with("groups", .integer(groups)))
  }
  /// The gradient of `convolution` by its image, of the given shape, from that of its result.
  public mutating func convolutionInputGradient(
    _ gradient: Value, _ weight: Value, _ geometry: ConvolutionGeometry, groups: Int = 1, shape: [Dimension]
  ) throws(IRError) -> Value {
    let attributes = geometry.attributes.with("groups", .integer(groups)).with("shape", .dimensions(shape))
    return try emitOne(.convolutionInputGradient, [gradient, weight], attributes)
  }
  /// The gradient of `convolution` by its weight, from its image and that of its result.
  public mutating func convolutionWeightGradient(
    _ image: Value, _ gradient: Value, _ geometry: ConvolutionGeometry, groups: Int = 1
  ) throws(IRError) -> Value {
    try emitOne(.convolutionWeightGradient, [image, gradient], geometry.attributes.with("groups", .integer(groups)))
  }
  /// The largest value of each window of each channel.
  public mutating func maxPool(_ image: Value, _ geometry: ConvolutionGeometry) throws(IRError) -> Value {
    try emitOne(.maxPool, [image], geometry.attributes)
  }
  /// The mean of each window of each channel; padding counts as zeros, or not at all.
  public mutating func averagePool(_ image: Value, _ geometry: ConvolutionGeometry, includePadding: Bool) throws(IRError) -> Value {
    try emitOne(.averagePool, [image], geometry.attributes.with("include_padding", .boolean(includePadding)))
  }
  /// `[B, C, H, W]` to `[B, H, W, C]`.
  public mutating func channelsLast(_ image: Value) throws(IRError) -> Value { try emitOne(.channelsLast, [image]) }
  /// `[B, H, W, C]` to `[B, C, H, W]`.
  public mutating func channelsFirst(_ image: Value) throws(IRError) -> Value { try emitOne(.channelsFirst, [image]) }
}

extension Attributes {
  fileprivate func with(_ name: String, _ value: AttributeValue) -> Attributes {
    var attributes = self
    attributes[name] = value
    return attributes
  }
}
