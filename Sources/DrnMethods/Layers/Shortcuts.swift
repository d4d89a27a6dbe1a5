import DrnIR

/// Every n-th row and column of an image, beginning with the first.
public struct Subsample: Layer {
  public static let spec = MethodSpec(
    "subsample", summary: "Every n-th row and column of an image, beginning with the first.",
    source: "the shortcut without parameters of He et al. 2016, together with `pad_channels`",
    options: [OptionSpec("stride", .extents(WindowOptions.extents), required: true, "n: one number, or one for rows and one for columns.")],
    positional: 1)
  public static let inputCount = 1
  let stride: Extent2
  public let options: Options
  public init(options: Options) {
    self.options = options
    stride = options.extent("stride") ?? .one
  }
  private var geometry: ConvolutionGeometry { ConvolutionGeometry(kernel: .one, stride: stride) }

  public func infer(_ inputs: [[Int]]) throws(LayerError) -> [Int] {
    let image = try inputs.onlyImage()
    return try image.windows(geometry, channels: image.channels).extents
  }
  public func parameters(_ inputs: [[Int]]) -> [LayerParameter] { [] }
  public func buffers(_ inputs: [[Int]]) -> [LayerBuffer] { [] }
  public func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value {
    let input = try inputs.only()
    let (batch, height, width, _) = try context.builder.extents(of: input)
    guard let size = geometry.output(height: height, width: width) else { throw IRError("the stride does not fit the image") }
    let places = try context.builder.patches(input, geometry)
    return try context.builder.image(places, batch: batch, height: size.height, width: size.width)
  }
}

/// An image with channels of zeros added.
public struct PadChannels: Layer {
  public static let spec = MethodSpec(
    "pad_channels", summary: "The image with channels of zeros added up to a number.",
    source: "the shortcut without parameters of He et al. 2016",
    options: [
      OptionSpec("channels", .integer(1...65_536), required: true, "The channels of the result; at least those of the input."),
      OptionSpec(
        "at", .word(["end", "both"]), default: .word("end"), "end: after the input's channels; both: half before and half after."),
    ], positional: 1)
  public static let inputCount = 1
  let channels: Int
  let isCentred: Bool
  public let options: Options
  public init(options: Options) {
    self.options = options
    channels = options.integer("channels") ?? 1
    isCentred = options.word("at") == "both"
  }

  public func infer(_ inputs: [[Int]]) throws(LayerError) -> [Int] {
    let image = try inputs.onlyImage()
    guard image.channels <= channels else {
      throw LayerError("cannot pad \(image.channels) channels to \(channels)", help: "give at least \(image.channels)")
    }
    return [channels, image.height, image.width]
  }
  public func parameters(_ inputs: [[Int]]) -> [LayerParameter] { [] }
  public func buffers(_ inputs: [[Int]]) -> [LayerBuffer] { [] }
  public func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value {
    let input = try inputs.only()
    var shape = context.builder.type(of: input).shape
    guard shape.count == 4, let present = shape[3].value else { throw IRError("pad_channels needs an image") }
    guard present != channels else { return input }
    shape[3] = Dimension(channels)
    let start = isCentred ? (channels - present) / 2 : 0
    return try context.builder.pad(input, starts: [0, 0, 0, Dimension(start)], shape: shape)
  }
}
