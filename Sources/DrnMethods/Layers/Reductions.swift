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
    let shape = try inputs.onlyFeatures()
    if isOverFeatures { return shape.indices.map { $0 == shape.featureAxis ? 1 : shape[$0] } }
    guard shape.count > 1 else { throw LayerError("a vector of shape \(shape) has no positions", help: "write `over: features`") }
    return shape.indices.map { $0 == shape.featureAxis ? shape[$0] : 1 }
  }
  public func parameters(_ inputs: [[Int]]) -> [LayerParameter] { [] }
  public func buffers(_ inputs: [[Int]]) -> [LayerBuffer] { [] }

  public func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value {
    guard let example = context.inputs.first, let result = try? infer(context.inputs) else { throw IRError("nothing to sum") }
    let input = try inputs.only()
    guard !isOverFeatures else { return try overFeatures(input, &context) }
    let extents = batchExtents(of: example, batch: context.batch)
    let axes = Array(1..<(extents.count - 1))
    let apart = try context.builder.reshape(try context.withoutFilling(input), to: extents.map { Dimension($0) })
    let sum = try context.builder.sum(apart, axes: axes)
    let reduced = Self.isMean ? try context.mean(ofSums: sum, positions: axes.reduce(1) { $0 &* extents[$1] }) : sum
    return try context.builder.reshape(reduced, to: valueShape(of: result, batch: context.batch))
  }

  private func overFeatures(_ input: Value, _ context: inout LayerContext) throws(IRError) -> Value {
    let shape = context.builder.type(of: input).shape
    let sum = try context.builder.sum(input, axes: [shape.count - 1])
    let reduced = Self.isMean ? try context.builder.scale(sum, by: 1 / Double(shape.last?.value ?? 1)) : sum
    return try context.builder.reshape(reduced, to: shape.dropLast() + [1])
  }
  public func continuation(_ inputs: [[Int]]) -> LayerContinuation {
    isOverFeatures ? .positionwise : .impossible("needs the whole sequence")
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
