import DrnIR

/// A layer whose input is tokens.
public protocol TokenLayer: Layer {
  /// How many tokens it knows.
  var vocabulary: Int { get }
}

/// A row of a matrix for each token: one-hot rows times W, W of vocabulary x width, so that every form applies to it.
public struct Embedding: TokenLayer {
  public static let spec = MethodSpec(
    "embedding", summary: "A learned vector for each token, the row of W of its number; W is vocabulary x width.",
    options: [
      OptionSpec("vocabulary", .integer(1...10_000_000), required: true, "How many tokens there are."),
      OptionSpec("width", .integer(1...1_000_000), required: true, "The features of a position."),
      OptionSpec(
        "deviation", .number(0...1000), default: .decimal(1), "The standard deviation of the normal draw of W; 1 is PyTorch's Embedding."),
    ], positional: 2)
  public static let inputCount = 1
  public static let takesTokens = true
  public let vocabulary: Int
  let width: Int
  public let options: Options
  public init(options: Options) {
    self.options = options
    vocabulary = options.integer("vocabulary") ?? 1
    width = options.integer("width") ?? 1
  }

  public func infer(_ inputs: [[Int]]) throws(LayerError) -> [Int] {
    let shape = try inputs.only()
    guard shape.count == 1 else { throw LayerError("expects tokens, but its input has shape \(shape)") }
    return [shape[0], width]
  }
  public func parameters(_ inputs: [[Int]]) -> [LayerParameter] {
    let initializer = Initializer.normal(deviation: options.number("deviation") ?? 1)
    return [
      LayerParameter("weight", .matrix(WeightShape(inputs: vocabulary, outputs: width)), initializer: initializer, isDefault: false)
    ]
  }
  public func buffers(_ inputs: [[Int]]) -> [LayerBuffer] { [] }
  public func continuation(_ inputs: [[Int]]) -> LayerContinuation { .positionwise }
  public func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value {
    let rows = try context.builder.oneHot(try inputs.only(), classes: vocabulary)
    return try context.apply("weight", to: .matrix(rows))
  }
}
