import DrnIR

/// The sum or the mean over one axis, which stays with the size 1, so that the result meets its input in arithmetic.
protocol ReducingLayer: Layer {
  /// Whether the sum is divided by the number of what is summed.
  static var isMean: Bool { get }
}

extension ReducingLayer {
  public static var inputCount: Int { 1 }
  static var over: OptionSpec {
    OptionSpec(
      "over", .word(["features", "positions"]), required: true,
      "features: those of a vector, of each position, or the channels at each place of an image; positions: those of a sequence, or the "
        + "places of an image.")
  }
  private var isOverFeatures: Bool { options.word("over") != "positions" }

  public func infer(_ inputs: [[Int]]) throws(LayerError) -> [Int] {
    let shape = try inputs.only()
    guard (1...3).contains(shape.count) else {
      throw LayerError("expects a vector, a sequence or an image, but its input has shape \(shape)")
    }
    if isOverFeatures { return shape.indices.map { $0 == shape.featureAxis ? 1 : shape[$0] } }
    guard shape.count > 1 else { throw LayerError("a vector of shape \(shape) has no positions", help: "write `over: features`") }
    return shape.indices.map { $0 == shape.featureAxis ? shape[$0] : 1 }
  }
  public func parameters(_ inputs: [[Int]]) -> [LayerParameter] { [] }
  public func buffers(_ inputs: [[Int]]) -> [LayerBuffer] { [] }

  public func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value {
    guard let example = context.inputs.first, let result = try? infer(context.inputs) else { throw IRError("nothing to sum") }
    let extents = batchExtents(of: example, batch: context.batch)
    let axes = isOverFeatures ? [extents.count - 1] : Array(1..<(extents.count - 1))
    let own = isOverFeatures ? try inputs.only() : try context.withoutFilling(try inputs.only())
    let sum = try context.builder.sum(try context.builder.reshape(own, to: extents.map { Dimension($0) }), axes: axes)
    let count = axes.reduce(1) { $0 &* extents[$1] }
    let reduced =
      !Self.isMean
      ? sum
      : isOverFeatures
        ? try context.builder.scale(sum, by: 1 / Double(count)) : try context.mean(ofSums: sum, positions: count)
    return try context.builder.reshape(reduced, to: valueShape(of: result, batch: context.batch))
  }
  public func lengthRule(_ inputs: [[Int]]) -> LengthRule { isOverFeatures ? .apart : .reduced }
}

/// The sum over the features or the positions.
public struct SumOver: ReducingLayer {
  public static let spec = MethodSpec(
    "sum", summary: "The sum over the features or the positions, an axis that stays with the size 1.", options: [over])
  static let isMean = false
  public let options: Options
  public init(options: Options) { self.options = options }
}

/// The mean over the features or the positions.
public struct MeanOver: ReducingLayer {
  public static let spec = MethodSpec(
    "mean", summary: "The mean over the features or the positions, an axis that stays with the size 1.", options: [over])
  static let isMean = true
  public let options: Options
  public init(options: Options) { self.options = options }
}
