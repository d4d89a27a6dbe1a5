import DrnIR

/// A convolution of a sequence along its positions: that of an image of one row.
public struct Convolution1D: Layer {
  public static let spec = MethodSpec(
    "conv1d",
    summary:
      "A convolution along the positions of a sequence, with bias; the initial values follow PyTorch's Conv1d unless `initial` says otherwise.",
    options: [
      OptionSpec("channels", .integer(1...65_536), required: true, "The features of a position of the result."),
      OptionSpec("kernel", .integer(WindowOptions.extents), required: true, "The positions that one of the result sees."),
      OptionSpec(
        "stride", .integer(WindowOptions.extents), default: .integer(1), "Positions of the input between neighbours of the result."),
      WindowOptions.padding(default: "same"),
      OptionSpec(
        "dilation", .integer(WindowOptions.extents), default: .integer(1), "Positions of the input between neighbours of the kernel."),
      OptionSpec(
        "groups", .integer(1...65_536), default: .integer(1),
        "Parts of the features that do not see each other; as many as features make it depthwise."),
      OptionSpec("bias", .boolean, default: .boolean(true), "Whether b is added."),
      Linear.initial,
    ], positional: 1)
  public static let inputCount = 1
  private let convolution: Convolution

  public let options: Options
  public init(options: Options) {
    self.options = options
    convolution = Convolution(options: options, window: WindowOptions(ofRow: options))
  }

  public func infer(_ inputs: [[Int]]) throws(LayerError) -> [Int] {
    let (positions, features) = try inputs.onlySequence()
    let image = try convolution.infer([[features, 1, positions]])
    return [image[2], image[0]]
  }
  public func parameters(_ inputs: [[Int]]) -> [LayerParameter] { convolution.parameters(inputs.map(Self.row)) }
  public func buffers(_ inputs: [[Int]]) -> [LayerBuffer] { [] }
  public func continuation(_ inputs: [[Int]]) -> LayerContinuation {
    // With one tap and as many positions as before there is nothing around them.
    let isPositionwise = convolution.window.kernel == .one && (try? infer(inputs))?.positions == inputs.first?.positions
    return isPositionwise ? .positionwise : .impossible("sees positions that are still to come")
  }

  /// Positions behind the last one are zeros to a convolution, and so is filling.
  public func lengthRule(_ inputs: [[Int]]) -> LengthRule {
    (try? infer(inputs))?.first == inputs.first?.first
      ? .masked : .refused("has another number of positions than its input, so that it is not known which are an example's own")
  }

  public func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value {
    guard let shape = context.inputs.first, shape.count == 2 else { throw IRError("conv1d needs a sequence") }
    let taken = Self.row([context.positions, shape[1]])
    let row = try context.builder.reshape(
      try context.withoutFilling(try inputs.only()), to: valueShape(of: taken, batch: context.batch))
    let image = try convolution.emit([row], in: &context)
    let extents = context.builder.type(of: image).shape
    guard extents.count == 4, let positions = extents[2].value else { throw IRError("conv1d has no image") }
    return try context.builder.reshape(image, to: [Dimension(context.batch * positions), extents[3]])
  }

  /// A sequence as an image of one row.
  private static func row(_ shape: [Int]) -> [Int] { shape.count == 2 ? [shape[1], 1, shape[0]] : shape }
}
