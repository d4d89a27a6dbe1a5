import DrnIR

/// One number for each channel of an image.
private protocol GlobalPoolingLayer: Layer {
  func pool(_ image: Value, _ geometry: ConvolutionGeometry, in builder: inout Builder) throws(IRError) -> Value
}

extension GlobalPoolingLayer {
  public static var inputCount: Int { 1 }
  public func infer(_ inputs: [[Int]]) throws(LayerError) -> [Int] { [try inputs.onlyImage().channels] }
  public func parameters(_ inputs: [[Int]]) -> [LayerParameter] { [] }
  public func buffers(_ inputs: [[Int]]) -> [LayerBuffer] { [] }
  public func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value {
    let input = try inputs.only()
    let (batch, height, width, channels) = try context.builder.extents(of: input)
    let whole = ConvolutionGeometry(kernel: Extent2(height: height, width: width))
    return try context.builder.reshape(try pool(input, whole, in: &context.builder), to: [batch, channels])
  }
}

/// The mean of each channel.
public struct GlobalAveragePool: GlobalPoolingLayer {
  public static let spec = MethodSpec("global_average_pool", summary: "The mean of each channel of an image, as a vector.")
  public let options: Options
  public init(options: Options) { self.options = options }
  func pool(_ image: Value, _ geometry: ConvolutionGeometry, in builder: inout Builder) throws(IRError) -> Value {
    try builder.averagePool(image, geometry, includePadding: false)
  }
}

/// The largest element of each channel.
public struct GlobalMaxPool: GlobalPoolingLayer {
  public static let spec = MethodSpec("global_max_pool", summary: "The largest element of each channel of an image, as a vector.")
  public let options: Options
  public init(options: Options) { self.options = options }
  func pool(_ image: Value, _ geometry: ConvolutionGeometry, in builder: inout Builder) throws(IRError) -> Value {
    try builder.maxPool(image, geometry)
  }
}
