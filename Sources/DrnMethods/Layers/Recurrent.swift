import DrnIR

/// A layer that passes over a sequence position by position, with a state of `hidden` features that begins at zero: unrolled.
///
/// All positions are projected by one product; each step has one product with the recurrent matrix. Both matrices may have any form.
protocol RecurrentLayer: Layer {
  /// How many blocks of `hidden` features a projection has.
  static var gates: Int { get }
  var hidden: Int { get }
  /// A cell: the state after a position and what the next one takes along, from the projections of the position and of the state, and what
  /// the last one gave along.
  func step(
    _ input: Value, _ recurrent: Value, state: Value, cell: Value, in context: inout LayerContext
  ) throws(IRError) -> (state: Value, cell: Value)
}

extension RecurrentLayer {
  public static var inputCount: Int { 1 }
  static func options(_ what: String) -> [OptionSpec] {
    [OptionSpec("hidden", .integer(1...65_536), required: true, "The features of \(what), and of a position of the result.")]
  }

  public func infer(_ inputs: [[Int]]) throws(LayerError) -> [Int] {
    let positions = try inputs.onlySequence().positions
    guard positions <= Self.mostPositions else {
      throw LayerError(
        "is unrolled over at most \(Self.mostPositions) positions, but its input has \(positions)",
        help: "shorten the sequence before it, for instance by `conv1d` with a stride")
    }
    return [positions, hidden]
  }
  /// A step has some 50 operations for each, and the plan of its memory takes time quadratic in their number.
  static var mostPositions: Int { 1024 }
  public func buffers(_ inputs: [[Int]]) -> [LayerBuffer] { [] }
  public func continuation(_ inputs: [[Int]]) -> LayerContinuation {
    .keeping([KeptTensor("state", [1, hidden]), KeptTensor("cell", [1, hidden])])
  }

  /// The two matrices, drawn like PyTorch's: uniform in +-1/sqrt(hidden).
  func matrices(_ inputs: [[Int]]) -> [LayerParameter] {
    guard let features = inputs.first?.last else { return [] }
    let draw = Initializer.fanInUniform(inputs: hidden)
    return [("weight", features), ("recurrent", hidden)].map { name, count in
      LayerParameter(name, .matrix(WeightShape(inputs: count, outputs: Self.gates * hidden)), initializer: draw)
    }
  }

  public func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value {
    let (batch, width, positions) = (context.batch, Self.gates * hidden, context.positions)
    let projected = try context.apply("weight", to: .matrix(try inputs.only()))
    let bias = try context.builder.broadcast(try context.tensor("bias"), to: context.builder.type(of: projected).shape, axes: [1])
    let rows = try context.builder.reshape(
      try context.builder.add(projected, bias), to: [Dimension(batch), Dimension(positions * width)])
    var (state, cell) = try start(in: &context)
    var states: [Value] = []
    for position in 0..<positions {
      let input = try context.builder.slice(
        rows, starts: [0, Dimension(position * width)], sizes: [Dimension(batch), Dimension(width)])
      let recurrent = try context.apply("recurrent", to: .matrix(state))
      (state, cell) = try step(input, recurrent, state: state, cell: cell, in: &context)
      states.append(state)
    }
    context.continuation?.kept = ["state": state, "cell": cell]
    let joined = states.count == 1 ? state : try context.builder.concatenate(states, axis: 1)
    return try context.builder.reshape(joined, to: [Dimension(batch * positions), Dimension(hidden)])
  }

  /// What the layer kept of the positions before; zeros where there are none.
  private func start(in context: inout LayerContext) throws(IRError) -> (state: Value, cell: Value) {
    if let continuation = context.continuation { return (try continuation.value("state"), try continuation.value("cell")) }
    let zeros = try context.builder.constant(0, shape: [Dimension(context.batch), Dimension(hidden)])
    return (zeros, zeros)
  }

  /// Block number `index` of a projection.
  func gate(_ projection: Value, _ index: Int, in context: inout LayerContext) throws(IRError) -> Value {
    try context.builder.slice(
      projection, starts: [0, Dimension(index * hidden)], sizes: [Dimension(context.batch), Dimension(hidden)])
  }
}

/// A long short-term memory: i, f and o are sigmoids and g a tangent of x W + h R + b, the cell f c + i g, the state o tanh(c). The blocks of the
/// matrices are i, f, g, o, as PyTorch's, whose second bias is left out: it adds nothing to the first.
public struct LongShortTermMemory: RecurrentLayer {
  public static let spec = MethodSpec(
    "lstm", summary: "A long short-term memory over the positions of a sequence: its state at each.",
    source: "Hochreiter and Schmidhuber 1997, with the forget gate of Gers, Schmidhuber and Cummins 2000",
    options: Self.options("the state"),
    positional: 1)
  static let gates = 4
  let hidden: Int
  public let options: Options
  public init(options: Options) {
    self.options = options
    hidden = options.integer("hidden") ?? 1
  }

  public func parameters(_ inputs: [[Int]]) -> [LayerParameter] {
    matrices(inputs) + [LayerParameter("bias", .vector(4 * hidden), initializer: .fanInUniform(inputs: hidden))]
  }

  func step(
    _ input: Value, _ recurrent: Value, state: Value, cell: Value, in context: inout LayerContext
  ) throws(IRError) -> (state: Value, cell: Value) {
    let sums = try context.builder.add(input, recurrent)
    let entering = try context.builder.emitOne(.sigmoid, [try gate(sums, 0, in: &context)])
    let kept = try context.builder.emitOne(.sigmoid, [try gate(sums, 1, in: &context)])
    let new = try context.builder.emitOne(.tanh, [try gate(sums, 2, in: &context)])
    let leaving = try context.builder.emitOne(.sigmoid, [try gate(sums, 3, in: &context)])
    let next = try context.builder.add(try context.builder.multiply(kept, cell), try context.builder.multiply(entering, new))
    return (try context.builder.multiply(leaving, try context.builder.emitOne(.tanh, [next])), next)
  }
}

/// A gated recurrent unit: r and z are sigmoids of x W + h R + b, n the tangent of x W_n + b_n + r (h R_n + c), the state (1 - z) n + z h. The
/// blocks of the matrices are r, z, n, as PyTorch's, of whose second bias only the part in n remains: the others add nothing to the first.
public struct GatedRecurrentUnit: RecurrentLayer {
  public static let spec = MethodSpec(
    "gru", summary: "A gated recurrent unit over the positions of a sequence: its state at each.",
    source: "Cho et al. 2014, arXiv 1406.1078",
    options: Self.options("the state"), positional: 1)
  static let gates = 3
  let hidden: Int
  public let options: Options
  public init(options: Options) {
    self.options = options
    hidden = options.integer("hidden") ?? 1
  }

  public func parameters(_ inputs: [[Int]]) -> [LayerParameter] {
    let draw = Initializer.fanInUniform(inputs: hidden)
    return matrices(inputs)
      + [
        LayerParameter("bias", .vector(3 * hidden), initializer: draw),
        LayerParameter("recurrent_bias", .vector(hidden), initializer: draw),
      ]
  }

  func step(
    _ input: Value, _ recurrent: Value, state: Value, cell: Value, in context: inout LayerContext
  ) throws(IRError) -> (state: Value, cell: Value) {
    func sigmoid(_ index: Int, _ context: inout LayerContext) throws(IRError) -> Value {
      let sum = try context.builder.add(try gate(input, index, in: &context), try gate(recurrent, index, in: &context))
      return try context.builder.emitOne(.sigmoid, [sum])
    }
    let (reset, kept) = (try sigmoid(0, &context), try sigmoid(1, &context))
    let own = try gate(recurrent, 2, in: &context)
    let shape = context.builder.type(of: own).shape
    let biased = try context.builder.add(own, try context.builder.broadcast(try context.tensor("recurrent_bias"), to: shape, axes: [1]))
    let sum = try context.builder.add(try gate(input, 2, in: &context), try context.builder.multiply(reset, biased))
    let new = try context.builder.emitOne(.tanh, [sum])
    // (1 - z) n + z h
    let next = try context.builder.add(new, try context.builder.multiply(kept, try context.builder.subtract(state, new)))
    return (next, next)
  }
}
