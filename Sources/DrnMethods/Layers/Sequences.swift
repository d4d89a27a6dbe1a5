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
    let own = try context.withoutFilling(try inputs.only())
    let whole = try context.builder.reshape(own, to: [context.batch, shape[0], shape[1]].map { Dimension($0) })
    return try context.mean(ofSums: try context.builder.sum(whole, axes: [1]), positions: shape[0])
  }
  public func lengthRule(_ inputs: [[Int]]) -> LengthRule { .reduced }
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
    let isFirst = options.word("position") == "first"
    if !isFirst, let lengths = context.lengths { return try last(try inputs.only(), lengths, shape, &context) }
    let rows = try context.builder.reshape(try inputs.only(), to: [Dimension(context.batch), Dimension(shape[0] * shape[1])])
    let start = isFirst ? 0 : (shape[0] - 1) * shape[1]
    return try context.builder.slice(rows, starts: [0, Dimension(start)], sizes: [Dimension(context.batch), Dimension(shape[1])])
  }
}

/// The places of an image as the positions of a sequence, row by row.
public struct ImageToSequence: Layer {
  public static let spec = MethodSpec(
    "to_sequence", summary: "The places of an image, row by row, as the positions of a sequence, with its channels as their features.")
  public static let inputCount = 1
  public let options: Options
  public init(options: Options) { self.options = options }
  public func infer(_ inputs: [[Int]]) throws(LayerError) -> [Int] {
    let image = try inputs.onlyImage()
    let (positions, overflow) = image.height.multipliedReportingOverflow(by: image.width)
    guard !overflow else { throw LayerError("cannot count the places of shape \(image.extents)") }
    return [positions, image.channels]
  }
  public func parameters(_ inputs: [[Int]]) -> [LayerParameter] { [] }
  public func buffers(_ inputs: [[Int]]) -> [LayerBuffer] { [] }
  public func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value {
    // Channels are last already.
    guard let shape = try? infer(context.inputs) else { throw IRError("to_sequence needs an image") }
    return try context.builder.reshape(try inputs.only(), to: valueShape(of: shape, batch: context.batch))
  }
}

extension SelectPosition {
  public func lengthRule(_ inputs: [[Int]]) -> LengthRule { .reduced }

  /// The last position of each example's own: where the mask is 1, and 0 one further.
  private func last(
    _ sequence: Value, _ lengths: SequenceLengths, _ shape: [Int], _ context: inout LayerContext
  ) throws(IRError) -> Value {
    let (batch, positions) = (Dimension(context.batch), Dimension(shape[0]))
    let mask = try context.builder.reshape(lengths.mask, to: [batch, positions])
    var isLast = mask
    if shape[0] > 1 {
      let later = try context.builder.slice(mask, starts: [0, 1], sizes: [batch, Dimension(shape[0] - 1)])
      isLast = try context.builder.subtract(mask, try context.builder.pad(later, starts: [0, 0], shape: [batch, positions]))
    }
    let rows = try context.builder.reshape(isLast, to: [Dimension(context.batch * shape[0])])
    let extents = context.builder.type(of: sequence).shape
    let chosen = try context.builder.multiply(sequence, try context.builder.broadcast(rows, to: extents, axes: [0]))
    let whole = try context.builder.reshape(chosen, to: [batch, positions, Dimension(shape[1])])
    return try context.builder.sum(whole, axes: [1])
  }
}

extension LayerContext {
  /// The mean over an example's own positions, of their sums [batch, D].
  mutating func mean(ofSums sums: Value, positions: Int) throws(IRError) -> Value {
    guard let lengths else { return try builder.scale(sums, by: 1 / Double(positions)) }
    let shares = try builder.emitOne(.reciprocal, [try ownPositions(lengths, of: positions)])
    return try builder.multiply(sums, try builder.broadcast(shares, to: builder.type(of: sums).shape, axes: [0]))
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
