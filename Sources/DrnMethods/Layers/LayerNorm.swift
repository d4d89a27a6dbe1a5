import DrnIR

/// Normalizes the features of each example, of each position of a sequence, or the channels of each pixel of an image, to mean 0 and variance 1,
/// then scales and shifts each feature.
public struct LayerNorm: Layer {
  public static let spec = MethodSpec(
    "layer_norm",
    summary:
      "Normalizes the features of each example, of each position of a sequence, or the channels of each pixel of an image, then scales and "
      + "shifts them.",
    source: "Ba, Kiros and Hinton 2016",
    options: [.epsilon(default: 1e-5, "Added to the variance.")])
  public static let inputCount = 1
  let epsilon: Double
  public let options: Options
  public init(options: Options) {
    self.options = options
    epsilon = options.number("epsilon") ?? 1e-5
  }

  public func infer(_ inputs: [[Int]]) throws(LayerError) -> [Int] { try inputs.onlyFeatures() }
  public func parameters(_ inputs: [[Int]]) -> [LayerParameter] {
    guard let length = inputs.first?.features else { return [] }
    return [
      LayerParameter("weight", .vector(length), initializer: .ones), LayerParameter("bias", .vector(length), initializer: .zeros),
    ]
  }
  public func buffers(_ inputs: [[Int]]) -> [LayerBuffer] { [] }
  public func continuation(_ inputs: [[Int]]) -> LayerContinuation { .positionwise }
  public func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value {
    let input = try inputs.only()
    let operands = [try context.builder.rows(of: input), try context.tensor("weight"), try context.tensor("bias")]
    let results = try context.builder.emit(.layerNorm, operands, ["epsilon": .number(epsilon)])
    guard let normalized = results.first else { throw IRError("layer_norm has no result") }
    return try context.builder.whole(normalized, like: input)
  }
}
