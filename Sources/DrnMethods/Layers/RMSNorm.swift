import DrnIR

/// Divides the features of each example, of each position of a sequence, or the channels of each pixel of an image, by their root mean square,
/// then scales each feature.
public struct RMSNorm: Layer {
  public static let spec = MethodSpec(
    "rms_norm",
    summary:
      "Divides the features of each example, of each position of a sequence, or the channels of each pixel of an image, by their root mean "
      + "square, then scales each.",
    source: "Zhang and Sennrich 2019, arXiv 1910.07467", options: [.epsilon(default: 1e-6, "Added to the mean square.")])
  public static let inputCount = 1
  let epsilon: Double
  public let options: Options
  public init(options: Options) {
    self.options = options
    epsilon = options.number("epsilon") ?? 1e-6
  }

  public func infer(_ inputs: [[Int]]) throws(LayerError) -> [Int] { try inputs.onlyFeatures() }
  public func parameters(_ inputs: [[Int]]) -> [LayerParameter] {
    inputs.first?.features.map { [LayerParameter("weight", .vector($0), initializer: .ones)] } ?? []
  }
  public func buffers(_ inputs: [[Int]]) -> [LayerBuffer] { [] }
  public func continuation(_ inputs: [[Int]]) -> LayerContinuation { .positionwise }
  public func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value {
    let (whole, weight) = (try inputs.only(), try context.tensor("weight"))
    let input = try context.builder.rows(of: whole)
    let shape = context.builder.type(of: input).shape
    guard shape.count == 2, let features = shape[1].value else { throw IRError("rms_norm needs a matrix") }
    let sums = try context.builder.sum(try context.builder.square(input), axes: [1])
    let means = try context.builder.add(try context.builder.scale(sums, by: 1 / Double(features)), try context.builder.constant(epsilon))
    let factors = try context.builder.reciprocal(try context.builder.squareRoot(means))
    let normalized = try context.builder.multiply(input, try context.builder.broadcast(factors, to: shape, axes: [0]))
    let scaled = try context.builder.multiply(normalized, try context.builder.broadcast(weight, to: shape, axes: [1]))
    return try context.builder.whole(scaled, like: whole)
  }
}
