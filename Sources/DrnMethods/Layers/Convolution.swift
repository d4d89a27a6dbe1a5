import DrnIR

/// y = x * W + b over an image: each place of the result is a patch of x times W, whose rows are kernel row, kernel column, channel.
public struct Convolution: Layer {
  public static let spec = MethodSpec(
    "conv2d",
    summary: "A convolution of an image, with bias; the initial values follow PyTorch's Conv2d unless `initial` says otherwise.",
    options: [
      OptionSpec("channels", .integer(1...65_536), required: true, "The channels of the result."),
      WindowOptions.kernel("The extents of the kernel: one number, or height and width."),
      WindowOptions.stride(default: .integer(1), "Elements of the input between neighbours of the result."),
      WindowOptions.padding(default: "same"),
      OptionSpec(
        "dilation", .extents(WindowOptions.extents), default: .integer(1), "Elements of the input between neighbours of the kernel."),
      OptionSpec(
        "groups", .integer(1...65_536), default: .integer(1),
        "Parts of the channels that do not see each other; as many as channels make it depthwise."),
      OptionSpec("bias", .boolean, default: .boolean(true), "Whether b is added."),
      Linear.initial,
    ], positional: 1)
  public static let inputCount = 1
  let channels: Int
  let window: WindowOptions
  let groups: Int
  let hasBias: Bool
  let initial: String?

  public let options: Options
  public init(options: Options) { self.init(options: options, window: WindowOptions(options)) }

  init(options: Options, window: WindowOptions) {
    self.options = options
    self.window = window
    channels = options.integer("channels") ?? 1
    groups = options.integer("groups") ?? 1
    hasBias = options.boolean("bias") ?? true
    initial = options.word("initial")
  }

  public func infer(_ inputs: [[Int]]) throws(LayerError) -> [Int] {
    let image = try inputs.onlyImage()
    try window.requireWholePadding()
    for (count, what) in [(image.channels, "channels of its input"), (channels, "channels of its result")] where count % groups != 0 {
      throw LayerError("\(groups) groups do not divide the \(count) \(what)", help: "the number of groups divides both")
    }
    let result = try image.windows(window.geometry(image), channels: channels)
    guard patchLength(image) != nil else { throw LayerError("the patches of an image of shape \(image.extents) are too long") }
    return result.extents
  }

  public func parameters(_ inputs: [[Int]]) -> [LayerParameter] {
    guard let image = inputs.first.flatMap(ImageShape.init), let length = patchLength(image) else { return [] }
    let shape = WeightShape(inputs: length, outputs: channels, convolution: window.geometry(image), groups: groups)
    let weight = Linear.weight(shape, initial)
    guard hasBias else { return [weight] }
    return [weight, LayerParameter("bias", .vector(channels), initializer: Linear.biasInitializer(initial, inputs: length))]
  }
  public func buffers(_ inputs: [[Int]]) -> [LayerBuffer] { [] }

  public func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value {
    let input = try inputs.only()
    let (batch, height, width, _) = try context.builder.extents(of: input)
    let geometry = window.geometry(height: height, width: width)
    guard let size = geometry.output(height: height, width: width) else { throw IRError("the kernel does not fit the image") }
    let places = try context.apply("weight", to: .image(input, geometry))
    let result = try context.builder.image(places, batch: batch, height: size.height, width: size.width)
    guard hasBias else { return result }
    let shape = context.builder.type(of: result).shape
    return try context.builder.add(result, try context.builder.broadcast(try context.tensor("bias"), to: shape, axes: [3]))
  }

  /// Numbers in one patch of a group.
  private func patchLength(_ image: ImageShape) -> Int? {
    let taps = window.kernel.height * window.kernel.width
    let (length, overflow) = taps.multipliedReportingOverflow(by: image.channels / groups)
    return overflow ? nil : length
  }
}
