import DrnIR
import DrnLowering
import DrnProgram
import DrnTrain

/// From the function `forward` to a graph of ONNX in which the number of examples is free.
///
/// The function is made for a number of examples that divides no extent of the network, so that an extent is of the batch where that number
/// divides it. Images are kept channels first throughout.
struct OnnxTranslator {
  let function: Function
  let batch: Int
  private let uses: [Value: Int]
  var graph: OnnxGraph
  private var values: [Value: HeldValue] = [:]
  /// What has been written of a known tensor, by name and arrangement.
  private var written: [String: String] = [:]
  private var examples: String?
  /// Differences whose second axis in the graph is that of the features.
  var differences: Set<String> = []

  static let input = "features"
  static let output = "outputs"

  /// Translates all of it; `known` are the values that no example has a part in.
  init(_ function: Function, batch: Int, known: KnownPart, network: Network, preparation: InputPreparation?) throws(ExportError) {
    (self.function, self.batch) = (function, batch)
    var uses: [Value: Int] = [:]
    for value in function.operations.flatMap(\.operands) + function.results.map(\.value) { uses[value, default: 0] += 1 }
    self.uses = uses
    graph = OnnxGraph(reserving: [Self.input, Self.output])
    for (value, tensor) in known.tensors { values[value] = .known(tensor) }
    for port in function.arguments where port.name == PortName.features {
      let name = input(network, preparation)
      values[port.value] = .computed(computed(name, port.value))
    }
    for operation in function.operations where !operation.results.allSatisfy(known.values.contains) {
      hint = operation.results.first.flatMap { function.values[Int($0.index)].name }
      try translate(operation)
    }
    guard let result = function.results.first else { throw ExportError(.defect, "forward has no result") }
    try finish(result.value, network)
  }

  /// What the output of the operation at hand is to be called.
  var hint: String?

  /// The raw input, prepared and in the shape of the function's argument.
  private mutating func input(_ network: Network, _ preparation: InputPreparation?) -> String {
    var name = Self.input
    if let fill = preparation?.fill {
      name = graph.node("Where", [graph.node("IsNaN", [name]), graph.numbers(fill, shape: network.inputShape), name])
    }
    if let scaling = preparation?.scaling {
      name = graph.node("Sub", [name, graph.tensor("prepare.mean", scaling.mean, shape: scaling.shape)])
      name = graph.node("Mul", [name, graph.tensor("prepare.inverse_deviation", scaling.factor, shape: scaling.shape)])
      if let offset = scaling.offset { name = graph.node("Add", [name, graph.tensor("prepare.offset", offset, shape: scaling.shape)]) }
    }
    switch network.inputElement {
    case .token: return graph.node("Reshape", [name, graph.integers([-1])])
    case .number:
      return network.inputShape.count == 2 ? graph.node("Reshape", [name, graph.integers([-1, network.inputShape[1]])]) : name
    }
  }

  private mutating func finish(_ value: Value, _ network: Network) throws(ExportError) {
    let held = try held(value)
    let (example, shape) = (network.outputShape, shape(of: value))
    var name: String
    if example.count == 3 {
      name = try image(held, shape)
    } else {
      name = try whole(held, shape)
      if example.count == 2 { name = graph.node("Reshape", [name, graph.integers([-1] + example)]) }
    }
    graph.output("Identity", [name], name: Self.output)
  }

  // MARK: Values

  func shape(of value: Value) -> [Int] { function.type(of: value).extents ?? [] }
  func isOfBatch(_ extent: Int) -> Bool { extent > 0 && extent.isMultiple(of: batch) }

  func held(_ value: Value) throws(ExportError) -> HeldValue {
    guard let held = values[value] else { throw ExportError(.defect, "a value of forward is read that has no place in the graph") }
    return held
  }

  mutating func set(_ value: Value, to held: HeldValue) { values[value] = held }

  /// A tensor of the value's shape.
  func computed(_ name: String, _ value: Value, _ order: AxisOrder = .asUsed, from operand: ComputedTensor? = nil) -> ComputedTensor {
    ComputedTensor(
      name: name, shape: shape(of: value), order: order, isSole: (operand?.isSole ?? true) && uses[value] == 1)
  }

  /// The value computed by a node.
  mutating func set(_ value: Value, _ name: String, _ order: AxisOrder = .asUsed) {
    values[value] = .computed(computed(name, value, order))
  }

  /// A shape as `Reshape` takes it, -1 for the extent of the batch.
  func extents(_ shape: [Int]) throws(ExportError) -> [Int] {
    guard shape.filter(isOfBatch).count <= 1 else {
      throw ExportError(.refused, "a tensor has two axes of examples, which ONNX cannot be told")
    }
    return shape.map { isOfBatch($0) ? -1 : $0 }
  }

  mutating func reshaped(_ name: String, to shape: [Int], hint: String? = nil) throws(ExportError) -> String {
    graph.node("Reshape", [name, graph.integers(try extents(shape))], name: hint)
  }

  // MARK: Arrangements

  /// The arrangement of a known tensor in the graph.
  enum Arrangement: Hashable {
    case asUsed
    case stored
    case shaped([Int])
    /// Outputs x channels x kernel, from rows by kernel row, kernel column and channel.
    case kernel(height: Int, width: Int)
  }

  /// The first arrangement of a tensor has its name, others have it with a number.
  mutating func write(_ tensor: KnownTensor, _ arrangement: Arrangement = .asUsed) -> String {
    if tensor.name.isEmpty, tensor.shape.isEmpty { return graph.numbers(tensor.values) }
    let (shape, values) = arranged(tensor, arrangement)
    let key = "\(tensor.identity) \(shape) \(isMoved(tensor, arrangement))"
    if let name = written[key] { return name }
    let name = graph.tensor(tensor.name, values, shape: shape)
    written[key] = name
    return name
  }

  /// Whether the elements are in another order than in use.
  private func isMoved(_ tensor: KnownTensor, _ arrangement: Arrangement) -> Bool {
    switch arrangement {
    case .asUsed, .shaped: false
    case .kernel: true
    case .stored: tensor.layout.map { $0.isTurned || $0.kernel != nil } ?? false
    }
  }

  private func arranged(_ tensor: KnownTensor, _ arrangement: Arrangement) -> (shape: [Int], values: [Float]) {
    switch arrangement {
    case .asUsed: return (tensor.shape, tensor.values)
    case .shaped(let shape): return (shape, tensor.values)
    case .stored: return tensor.layout.map { ($0.storedShape, $0.stored(tensor.values)) } ?? (tensor.shape, tensor.values)
    case .kernel(let height, let width):
      let (rows, outputs, taps) = (tensor.shape.first ?? 0, tensor.shape.last ?? 0, max(1, height * width))
      let channels = rows / taps
      var values: [Float] = []
      values.reserveCapacity(tensor.values.count)
      for output in 0..<outputs {
        for channel in 0..<channels {
          for tap in 0..<taps { values.append(tensor.values[(tap * channels + channel) * outputs + output]) }
        }
      }
      return ([outputs, channels, height, width], values)
    }
  }

  /// The value in its shape, with its axes as the function has them.
  mutating func whole(_ held: HeldValue, _ shape: [Int]) throws(ExportError) -> String {
    switch held {
    case .known(let tensor): return write(tensor)
    case .spread: return graph.node("Expand", [try operand(held, shape, .asUsed), try wholeShape(shape)])
    case .computed(let tensor):
      guard case .channelsFirst = tensor.order else { return tensor.name }
      let moved = graph.node("Transpose", [tensor.name], [("perm", .integers([0, 2, 3, 1]))])
      return tensor.shape.count == 2 ? try reshaped(moved, to: tensor.shape) : moved
    }
  }

  /// A shape as a tensor, in which the number of examples is that of the input.
  private mutating func wholeShape(_ shape: [Int]) throws(ExportError) -> String {
    guard let axis = try extents(shape).firstIndex(of: -1) else { return graph.integers(shape) }
    let count: String
    if let examples {
      count = examples
    } else {
      count = graph.node("Slice", [graph.node("Shape", [Self.input]), graph.integers([0]), graph.integers([1])], name: "batch_count")
      examples = count
    }
    let share = shape[axis] / batch
    let extent = share == 1 ? count : graph.node("Mul", [count, graph.integers([share])])
    let parts = [Array(shape[..<axis]), Array(shape[(axis + 1)...])]
    var inputs = [extent]
    if !parts[0].isEmpty { inputs.insert(graph.integers(parts[0]), at: 0) }
    if !parts[1].isEmpty { inputs.append(graph.integers(parts[1])) }
    return inputs.count == 1 ? extent : graph.node("Concat", inputs, [("axis", .integer(0))])
  }

  /// An image [B, H, W, C] as [B, C, H, W].
  mutating func image(_ held: HeldValue, _ shape: [Int]) throws(ExportError) -> String {
    if case .computed(let tensor) = held, case .channelsFirst = tensor.order { return tensor.name }
    guard shape.count == 4 else { throw ExportError(.defect, "an image of \(shape.count) axes") }
    return graph.node("Transpose", [try whole(held, shape)], [("perm", .integers([0, 3, 1, 2]))])
  }

  /// The value as an operand of an elementwise operation whose result has that shape and order; axes over which it repeats may be 1.
  mutating func operand(_ held: HeldValue, _ shape: [Int], _ order: AxisOrder) throws(ExportError) -> String {
    switch held {
    case .known(let tensor): return tensor.shape.isEmpty || order == .asUsed ? write(tensor) : try moved(held, tensor.shape, order)
    case .computed(let tensor):
      return tensor.shape.isEmpty || tensor.order == order ? tensor.name : try moved(held, tensor.shape, order)
    case .spread(let tensor):
      let target = spreadShape(tensor, order)
      switch tensor.source {
      case .known(let source):
        if source.shape.isEmpty { return write(source) }
        return order == .asUsed && tensor.axes == [tensor.shape.count - 1] ? write(source) : write(source, .shaped(target))
      case .computed(let source):
        if source.shape.isEmpty { return source.name }
        return try reshaped(try whole(.computed(source), source.shape), to: target)
      }
    }
  }

  private mutating func moved(_ held: HeldValue, _ shape: [Int], _ order: AxisOrder) throws(ExportError) -> String {
    guard case .channelsFirst(let height, let width) = order else { return try whole(held, shape) }
    if shape.count == 4 { return try image(held, shape) }
    let rows = try whole(held, shape)
    let pixels = try reshaped(rows, to: [batch, height, width, shape.last ?? 1])
    return graph.node("Transpose", [pixels], [("perm", .integers([0, 3, 1, 2]))])
  }

  /// The shape of the source with an extent of 1 on the axes over which it repeats.
  private func spreadShape(_ tensor: SpreadTensor, _ order: AxisOrder) -> [Int] {
    let kept = tensor.shape.indices.map { tensor.axes.contains($0) ? tensor.shape[$0] : 1 }
    guard case .channelsFirst(let height, let width) = order else { return kept }
    if kept.count == 4 { return [kept[0], kept[3], kept[1], kept[2]] }
    return kept.first == 1 ? [1, kept.last ?? 1, 1, 1] : [batch, kept.last ?? 1, height, width]
  }
}
