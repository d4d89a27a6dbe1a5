import DrnIR

/// The mean of the positions of a sequence, as a vector.
public struct MeanOverTime: Layer {
  public static let spec = MethodSpec("mean_over_time", summary: "The mean over the positions of a sequence, as a vector.")
  public static let inputCount = 1
  public let options: Options
  public init(options: Options) { self.options = options }
  public func infer(_ inputs: [[Int]]) throws(LayerError) -> [Int] { [try inputs.onlySequence().features] }
  public func parameters(_ inputs: [[Int]]) -> [LayerParameter] { [] }
  public func buffers(_ inputs: [[Int]]) -> [LayerBuffer] { [] }
  public func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value {
    guard let shape = context.inputs.first, shape.count == 2 else { throw IRError("mean_over_time needs a sequence") }
    let whole = try context.builder.reshape(try inputs.only(), to: [context.batch, shape[0], shape[1]].map { Dimension($0) })
    return try context.builder.scale(try context.builder.sum(whole, axes: [1]), by: 1 / Double(shape[0]))
  }
}

/// One position of a sequence, as a vector.
public struct SelectPosition: Layer {
  public static let spec = MethodSpec(
    "select", summary: "One position of a sequence, as a vector.",
    options: [OptionSpec("position", .word(["first", "last"]), default: .word("last"), "Which one.")], positional: 1)
  public static let inputCount = 1
  public let options: Options
  public init(options: Options) { self.options = options }
  public func infer(_ inputs: [[Int]]) throws(LayerError) -> [Int] { [try inputs.onlySequence().features] }
  public func parameters(_ inputs: [[Int]]) -> [LayerParameter] { [] }
  public func buffers(_ inputs: [[Int]]) -> [LayerBuffer] { [] }
  public func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value {
    guard let shape = context.inputs.first, shape.count == 2 else { throw IRError("select needs a sequence") }
    let rows = try context.builder.reshape(try inputs.only(), to: [Dimension(context.batch), Dimension(shape[0] * shape[1])])
    let start = options.word("position") == "first" ? 0 : (shape[0] - 1) * shape[1]
    return try context.builder.slice(rows, starts: [0, Dimension(start)], sizes: [Dimension(context.batch), Dimension(shape[1])])
  }
}

/// A learned vector added to each position: x + P with P of T x D, one of each position for all examples.
public struct Positions: Layer {
  public static let spec = MethodSpec(
    "positions", summary: "Adds to each position of a sequence a learned vector of its own, at first zero.",
    source: "Vaswani et al. 2017, arXiv 1706.03762, section 3.5, the learned form")
  public static let inputCount = 1
  public let options: Options
  public init(options: Options) { self.options = options }
  public func infer(_ inputs: [[Int]]) throws(LayerError) -> [Int] {
    _ = try inputs.onlySequence()
    return try inputs.only()
  }
  public func parameters(_ inputs: [[Int]]) -> [LayerParameter] {
    guard let shape = inputs.first, shape.count == 2 else { return [] }
    return [LayerParameter("weight", .vector(shape[0] &* shape[1]), initializer: .zeros)]
  }
  public func buffers(_ inputs: [[Int]]) -> [LayerBuffer] { [] }
  public func continuation(_ inputs: [[Int]]) -> LayerContinuation { .positionwise }
  public func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value {
    let (input, weight) = (try inputs.only(), try context.tensor("weight"))
    guard let shape = context.inputs.first, shape.count == 2 else { throw IRError("positions needs a sequence") }
    if let continuation = context.continuation {
      let table = try context.builder.reshape(weight, to: shape.map { Dimension($0) })
      return try context.builder.add(input, try context.builder.gatherRows(continuation.positions, table))
    }
    let rows = [Dimension(context.batch), Dimension(shape[0] * shape[1])]
    let sum = try context.builder.add(
      try context.builder.reshape(input, to: rows), try context.builder.broadcast(weight, to: rows, axes: [1]))
    return try context.builder.reshape(sum, to: context.builder.type(of: input).shape)
  }
}
