import DrnIR
import DrnMethods

/// A loss that a program writes as a block of two tensors, the network's outputs and what they should be: the mean of what the block returns over all its
/// elements. Classes are given to it as vectors with a 1 in the place of the class.
public struct WrittenLoss: LossFunction {
  /// The block's name.
  public let name: String
  /// The constants that it is called with, by parameter, as a program writes them.
  public let constants: [(name: String, text: String)]
  /// Its operations on one example: the input is the outputs, and the first node the labels.
  public let network: Network
  public let takesClasses: Bool

  public init(name: String, constants: [(name: String, text: String)], network: Network, takesClasses: Bool) {
    self.name = name
    self.constants = constants
    self.network = network
    self.takesClasses = takesClasses
  }

  public var callText: String {
    constants.isEmpty ? name : "\(name)(\(constants.map { "\($0.name): \($0.text)" }.joined(separator: ", ")))"
  }

  public var definition: String {
    let steps = network.nodes.dropFirst().map { node in
      "\(node.savedName) = \(node.layer.callText) of \(node.inputs.map(network.name(of:)).joined(separator: ", "))"
    }
    return "\(callText): \(steps.joined(separator: "; ")); \(network.name(of: network.output))"
  }

  public func emit(outputs: Value, labels: Value, in builder: inout Builder) throws(IRError) -> Value {
    let shape = builder.type(of: outputs).shape
    guard let rows = shape.first?.value, let classes = shape.last?.value else { throw IRError("the outputs have no known size") }
    let targets = takesClasses ? try builder.oneHot(labels, classes: classes) : labels
    let batch = rows / max(1, network.inputShape.count == 2 ? network.inputShape[0] : 1)
    var results: [Value] = []
    for (index, node) in network.nodes.enumerated() {
      var inputs: [Value] = []
      for source in node.inputs { inputs.append(try value(of: source, outputs, results)) }
      var context = LayerContext(
        builder: builder, mode: .train, batch: batch, inputs: node.inputShapes, layer: "\(name).\(node.savedName)", key: nil,
        tensors: index == 0 ? [LossLabels.tensor: targets] : [:]
      ) { (_, matrix: String, _) throws(IRError) -> Value in throw IRError("a loss has no weight \(matrix)") }
      context.builder.location = node.span
      results.append(try node.layer.emit(inputs, in: &context))
      builder = context.builder
    }
    builder.location = nil
    let terms = try value(of: network.output, outputs, results)
    guard let count = builder.type(of: terms).elementCount, count > 0 else { throw IRError("the loss has no known size") }
    return try builder.divide(try builder.sumAll(terms), try builder.constant(Double(count)))
  }

  private func value(of source: Network.Source, _ outputs: Value, _ results: [Value]) throws(IRError) -> Value {
    switch source {
    case .input: return outputs
    case .node(let index) where results.indices.contains(index): return results[index]
    case .node, .weight: throw IRError("a loss uses what it does not have")
    }
  }
}

/// The first node of a written loss: what the outputs should be.
public struct LossLabels: Layer {
  public static let spec = MethodSpec("labels", summary: "What the outputs of a network should be.")
  public static let inputCount = 0
  static let tensor = "labels"
  public let options: Options
  public init(options: Options) { self.options = options }
  public func infer(_ inputs: [[Int]]) throws(LayerError) -> [Int] { throw LayerError("has the shape of the outputs") }
  public func parameters(_ inputs: [[Int]]) -> [LayerParameter] { [] }
  public func buffers(_ inputs: [[Int]]) -> [LayerBuffer] { [] }
  public func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value { try context.tensor(Self.tensor) }
}
