import DrnIR

/// Normalizes the features of each example, or of each position of a sequence, to mean 0 and variance 1, then scales and shifts each feature.
public struct LayerNorm: Layer {
  public static let spec = MethodSpec(
    "layer_norm", summary: "Normalizes the features of each example, or of each position of a sequence, then scales and shifts them.",
    source: "Ba, Kiros and Hinton 2016",
    options: [.epsilon(default: 1e-5, "Added to the variance.")])
  public static let inputCount = 1
  let epsilon: Double
  public let options: Options
  public init(options: Options) {
    self.options = options
    epsilon = options.number("epsilon") ?? 1e-5
  }

  public func infer(_ inputs: [[Int]]) throws(LayerError) -> [Int] { try inputs.onlyRows() }
  public func parameters(_ inputs: [[Int]]) -> [LayerParameter] {
    guard let length = inputs.first?.last else { return [] }
    return [
      LayerParameter("weight", .vector(length), initializer: .ones), LayerParameter("bias", .vector(length), initializer: .zeros),
    ]
  }
  public func buffers(_ inputs: [[Int]]) -> [LayerBuffer] { [] }
  public func continuation(_ inputs: [[Int]]) -> LayerContinuation { .positionwise }
  public func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value {
    let operands = [try inputs.only(), try context.tensor("weight"), try context.tensor("bias")]
    let results = try context.builder.emit(.layerNorm, operands, ["epsilon": .number(epsilon)])
    guard let normalized = results.first else { throw IRError("layer_norm has no result") }
    return normalized
  }
}
