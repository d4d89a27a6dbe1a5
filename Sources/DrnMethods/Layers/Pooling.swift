import DrnIR

/// A window that moves over every channel of an image by itself.
private protocol PoolingLayer: Layer {
  var window: WindowOptions { get }
}

extension PoolingLayer {
  public func infer(_ inputs: [[Int]]) throws(LayerError) -> [Int] {
    let image = try inputs.onlyImage()
    let geometry = window.geometry(image)
    let padding = geometry.padding
    guard max(padding.top, padding.bottom) < geometry.kernel.height, max(padding.left, padding.right) < geometry.kernel.width else {
      throw LayerError("padding as wide as the window leaves windows without an element", help: "use less padding than the kernel")
    }
    return try image.windows(geometry, channels: image.channels).extents
  }
  public func parameters(_ inputs: [[Int]]) -> [LayerParameter] { [] }
  public func buffers(_ inputs: [[Int]]) -> [LayerBuffer] { [] }

  fileprivate func geometry(over image: Value, in builder: Builder) throws(IRError) -> ConvolutionGeometry {
    let (_, height, width, _) = try builder.extents(of: image)
    return window.geometry(height: height, width: width)
  }
  fileprivate static var windowOptions: [OptionSpec] {
    [
      WindowOptions.kernel("The extents of the window: one number, or height and width."),
      WindowOptions.stride(default: nil, "Elements between neighbouring windows; by default the window's extents."),
      WindowOptions.padding(default: "valid"),
    ]
  }
}

/// The largest element of each window; what lies outside the image does not count.
public struct MaxPool: PoolingLayer {
  public static let spec = MethodSpec(
    "max_pool", summary: "The largest element of each window, channel by channel; what lies outside the image does not count.",
    options: windowOptions, positional: 1)
  public static let inputCount = 1
  let window: WindowOptions
  public let options: Options
  public init(options: Options) {
    self.options = options
    window = WindowOptions(options)
  }
  public func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value {
    let input = try inputs.only()
    return try context.builder.maxPool(input, try geometry(over: input, in: context.builder))
  }
}

/// The mean of each window.
public struct AveragePool: PoolingLayer {
  public static let spec = MethodSpec(
    "average_pool", summary: "The mean of each window, channel by channel.",
    options: windowOptions + [
      OptionSpec(
        "include_padding", .boolean, default: .boolean(true),
        "Whether zeros around the image count, as in PyTorch; if not, the mean is over what lies inside, as in Keras.")
    ], positional: 1)
  public static let inputCount = 1
  let window: WindowOptions
  let includesPadding: Bool
  public let options: Options
  public init(options: Options) {
    self.options = options
    window = WindowOptions(options)
    includesPadding = options.boolean("include_padding") ?? true
  }
  public func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value {
    let input = try inputs.only()
    return try context.builder.averagePool(
      input, try geometry(over: input, in: context.builder), includePadding: includesPadding)
  }
}
