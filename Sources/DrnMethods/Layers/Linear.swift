import DrnIR

/// y = x W + b for a vector x per example, or for each position of a sequence; W is `inputs` x `outputs`, the transpose of PyTorch's storage.
public struct Linear: Layer {
  public static let spec = MethodSpec(
    "linear",
    summary:
      "y = x W + b with W of inputs x outputs, for each position of a sequence; the initial values follow PyTorch's Linear unless `initial` says otherwise.",
    options: [
      OptionSpec("outputs", .integer(1...1_000_000), required: true, "The length of the result."),
      OptionSpec("bias", .boolean, default: .boolean(true), "Whether b is added."),
      initial,
    ], positional: 1)
  /// How a weight matrix is drawn, of `linear` and `conv2d`.
  static let initial = OptionSpec(
    "initial", .word(["fan_in", "glorot", "glorot_normal", "he"]),
    "`initial` of `train` where that is given, else fan_in: uniform in +-1/sqrt(inputs); glorot: uniform in +-sqrt(6/(inputs + outputs)); glorot_normal: normal of variance "
      + "2/(inputs + outputs); he: normal of variance 2/inputs.")
  public static let inputCount = 1
  let outputs: Int
  let hasBias: Bool
  let initial: String?

  public let options: Options
  public init(options: Options) {
    self.options = options
    outputs = options.integer("outputs") ?? 1
    hasBias = options.boolean("bias") ?? true
    initial = options.word("initial")
  }

  public func infer(_ inputs: [[Int]]) throws(LayerError) -> [Int] {
    try inputs.onlyRows().dropLast() + [outputs]
  }
  public func parameters(_ inputs: [[Int]]) -> [LayerParameter] {
    guard let length = inputs.first?.last else { return [] }
    let weight = Self.weight(WeightShape(inputs: length, outputs: outputs), initial)
    return hasBias
      ? [weight, LayerParameter("bias", .vector(outputs), initializer: Self.biasInitializer(initial, inputs: length))] : [weight]
  }
  public func buffers(_ inputs: [[Int]]) -> [LayerBuffer] { [] }
  public func continuation(_ inputs: [[Int]]) -> LayerContinuation { .positionwise }

  public func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value {
    let product = try context.apply("weight", to: .matrix(try inputs.only()))
    guard hasBias else { return product }
    let bias = try context.tensor("bias")
    let shape = context.builder.type(of: product).shape
    return try context.builder.add(product, try context.builder.broadcast(bias, to: shape, axes: [1]))
  }

  /// The weight of a layer with that `initial`.
  static func weight(_ shape: WeightShape, _ initial: String?) -> LayerParameter {
    LayerParameter("weight", .matrix(shape), initializer: initializer(initial, inputs: shape.inputs), isDefault: initial == nil)
  }
  /// The rule that a word of `initial` names.
  private static func initializer(_ word: String?, inputs: Int) -> Initializer {
    switch word {
    case "glorot": .glorotUniform
    case "glorot_normal": .glorotNormal
    case "he": .heNormal
    case _: .fanInUniform(inputs: inputs)
    }
  }
  /// PyTorch draws the bias like the weight; the other schemes come with a bias of zero (Glorot and Bengio 2010, He et al. 2015).
  static func biasInitializer(_ word: String?, inputs: Int) -> Initializer {
    word == nil || word == "fan_in" ? .fanInUniform(inputs: inputs) : .zeros
  }
}
