import DrnIR

/// Normalizes each feature of a vector, or of the positions of a sequence, or each channel of an image, over the batch while training and by running statistics when
/// evaluating, then scales and shifts it.
///
/// The conventions are PyTorch's: the batch is normalized by its biased variance, the running variance averages the unbiased one, and
/// `momentum` is the share of the new batch.
public struct BatchNorm: Layer {
  public static let spec = MethodSpec(
    "batch_norm",
    summary:
      "Normalizes each feature, or channel of an image, over the batch and the positions of a sequence, or by running statistics when evaluating, then scales and "
      + "shifts it.",
    source: "Ioffe and Szegedy 2015",
    options: [
      OptionSpec("momentum", .number(0...1), default: .decimal(0.1), "The share of the newest batch in the running statistics."),
      .epsilon(default: 1e-5, "Added to the variance."),
      OptionSpec("scale", .word(["ones", "zeros"]), default: .word("ones"), "The initial scale."),
    ])
  public static let inputCount = 1
  let momentum: Double
  /// Added to the variance.
  public let epsilon: Double
  let startsAtZero: Bool

  public let options: Options
  public init(options: Options) {
    self.options = options
    momentum = options.number("momentum") ?? 0.1
    epsilon = options.number("epsilon") ?? 1e-5
    startsAtZero = options.word("scale") == "zeros"
  }

  public func infer(_ inputs: [[Int]]) throws(LayerError) -> [Int] { try inputs.onlyFeatures() }
  public func parameters(_ inputs: [[Int]]) -> [LayerParameter] {
    guard let length = inputs.first?.features else { return [] }
    return [
      LayerParameter("weight", .vector(length), initializer: startsAtZero ? .zeros : .ones),
      LayerParameter("bias", .vector(length), initializer: .zeros),
    ]
  }
  public func continuation(_ inputs: [[Int]]) -> LayerContinuation { .positionwise }
  public func buffers(_ inputs: [[Int]]) -> [LayerBuffer] {
    guard let length = inputs.first?.features else { return [] }
    return [
      LayerBuffer("running_mean", size: length, initial: 0, momentum: momentum),
      LayerBuffer("running_var", size: length, initial: 1, momentum: momentum),
    ]
  }
  public func lengthRule(_ inputs: [[Int]]) -> LengthRule { .masked }
  public func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value {
    let input = try inputs.only()
    switch context.mode {
    case .train:
      if let lengths = context.lengths { return try emitTraining(input, lengths, &context) }
      return try emitTraining(input, &context)
    case .evaluate: return try emitEvaluation(input, &context)
    }
  }

  private func emitTraining(_ input: Value, _ context: inout LayerContext) throws(IRError) -> Value {
    let operands = [input, try context.tensor("weight"), try context.tensor("bias")]
    let results = try context.builder.emit(.batchNorm, operands, ["epsilon": .number(epsilon)])
    guard results.count == 3 else { throw IRError("batch_norm has \(results.count) results") }
    // One value has no unbiased variance; its running variance then averages the biased one, zero.
    let count = context.builder.type(of: input).shape.dropLast().reduce(1.0) { $0 * Double($1.value ?? 1) }
    let unbiased = try context.builder.scale(results[2], by: count > 1 ? count / (count - 1) : 1)
    try average("running_mean", results[1], &context)
    try average("running_var", unbiased, &context)
    return results[0]
  }

  /// Mean and variance of the examples' own positions.
  private func emitTraining(
    _ input: Value, _ lengths: SequenceLengths, _ context: inout LayerContext
  ) throws(IRError) -> Value {
    let shape = context.builder.type(of: input).shape
    let features = [shape.count - 1]
    let count = try context.builder.sumAll(lengths.mask)
    let share = try context.builder.emitOne(.reciprocal, [count])
    let mean = try context.builder.multiply(try context.builder.sum(try context.withoutFilling(input), axes: [0]), share)
    let centred = try context.withoutFilling(
      try context.builder.subtract(input, try context.builder.broadcast(mean, to: shape, axes: features)))
    let squares = try context.builder.sum(try context.builder.square(centred), axes: [0])
    let variance = try context.builder.multiply(squares, share)
    // Of one value the unbiased variance is taken as the biased one, zero.
    let rest = try context.builder.maximum(
      try context.builder.subtract(count, try context.builder.constant(1)), try context.builder.constant(1))
    try average("running_mean", mean, &context)
    try average("running_var", try context.builder.divide(squares, rest), &context)
    return try normalized(input, mean, variance, &context)
  }

  private func average(_ name: String, _ new: Value, _ context: inout LayerContext) throws(IRError) {
    let old = try context.builder.scale(try context.tensor(name), by: 1 - momentum)
    context.setBuffer(name, to: try context.builder.add(old, try context.builder.scale(new, by: momentum)))
  }

  private func emitEvaluation(_ input: Value, _ context: inout LayerContext) throws(IRError) -> Value {
    try normalized(input, try context.tensor("running_mean"), try context.tensor("running_var"), &context)
  }

  private func normalized(
    _ input: Value, _ mean: Value, _ variance: Value, _ context: inout LayerContext
  ) throws(IRError) -> Value {
    let (weight, bias) = (try context.tensor("weight"), try context.tensor("bias"))
    let shape = context.builder.type(of: input).shape
    let deviation = try context.builder.squareRoot(try context.builder.add(variance, try context.builder.constant(epsilon)))
    let factor = try context.builder.divide(weight, deviation)
    let features = [shape.count - 1]
    let centred = try context.builder.subtract(input, try context.builder.broadcast(mean, to: shape, axes: features))
    let scaled = try context.builder.multiply(centred, try context.builder.broadcast(factor, to: shape, axes: features))
    return try context.builder.add(scaled, try context.builder.broadcast(bias, to: shape, axes: features))
  }
}
