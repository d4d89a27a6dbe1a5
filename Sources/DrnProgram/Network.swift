import DrnMethods
import DrnSource

/// What an example consists of; the raw value is the word of its type.
public enum InputElement: String, Hashable, Sendable {
  case number = "tensor"
  /// Whole numbers from 0 on that stand for characters, bytes or words.
  case token = "tokens"

  /// The type of an example of that shape, as a program writes it.
  public func type(_ shape: [Int]) -> String { rawValue + shapeText(shape) }
  /// An example of that shape in a message: the sizes, and the type where they are not of numbers.
  public func text(_ shape: [Int]) -> String { self == .number ? shapeText(shape) : type(shape) }
}

/// A network as a list of operations in order of execution, each on results of earlier ones.
public struct Network: Sendable {
  /// Where a tensor comes from.
  public enum Source: Hashable, Sendable {
    /// The network's input, per example.
    case input
    /// The result of the node of that index.
    case node(Int)
    /// The matrix of the one weight of the node of that index, inputs x outputs, whatever form it is in.
    case weight(ofNode: Int)
    /// Whether it is the weight of another node.
    public var isWeight: Bool { if case .weight = self { true } else { false } }
  }
  /// One call of a layer.
  public struct Node: Sendable {
    /// The path by which selectors and saved files name it: `stage2[0].conv1`; unlabelled layers without parameters have one too.
    public let path: String
    /// The path as saved: `stage2.0.conv1`.
    public let savedName: String
    /// The layer with its options.
    public let layer: any Layer
    /// Its operands; the input or earlier nodes.
    public let inputs: [Source]
    /// The shapes of the operands, per example.
    public let inputShapes: [[Int]]
    /// Per example.
    public let shape: [Int]
    /// The layer's tensors, and its running statistics.
    public let parameters: [LayerParameter]
    public let buffers: [LayerBuffer]
    /// The call in the source.
    public package(set) var span: Span
    public init(
      path: String, savedName: String, layer: any Layer, inputs: [Source], inputShapes: [[Int]], shape: [Int], span: Span
    ) {
      self.path = path
      self.savedName = savedName
      self.layer = layer
      self.inputs = inputs
      self.inputShapes = inputShapes
      self.shape = shape
      parameters = layer.parameters(inputShapes)
      buffers = layer.buffers(inputShapes)
      self.span = span
    }

    /// The shape of the weight that other layers may share: that of the layer's one matrix, where it is none of a convolution.
    public var tiedShape: WeightShape? {
      let shapes = parameters.compactMap { if case .matrix(let shape) = $0.kind { shape } else { nil } }
      return shapes.count == 1 && shapes[0].convolution == nil ? shapes[0] : nil
    }
  }
  /// What a source is called in texts: by the saved name of its layer.
  public func name(of source: Source) -> String {
    switch source {
    case .input: "input"
    case .node(let index): nodes.indices.contains(index) ? nodes[index].savedName : "?"
    case .weight(let index): nodes.indices.contains(index) ? "weight of \(nodes[index].savedName)" : "?"
    }
  }

  /// The word after `network`.
  public let name: String
  /// The shape of one example, channels before height and width.
  public let inputShape: [Int]
  /// What it consists of.
  public let inputElement: InputElement
  /// In order of execution.
  public package(set) var nodes: [Node]
  /// What the network returns.
  public let output: Source
  /// The shape of one result.
  public let outputShape: [Int]
  public init(
    name: String, inputShape: [Int], inputElement: InputElement = .number, nodes: [Node], output: Source, outputShape: [Int]
  ) {
    self.name = name
    self.inputShape = inputShape
    self.inputElement = inputElement
    self.nodes = nodes
    self.output = output
    self.outputShape = outputShape
  }
  /// The shape of a source, per example.
  public func shape(of source: Source) -> [Int] { nodes.shape(of: source, input: inputShape) }

  /// The saved names of all parameters of a layer.
  public func parameterNames(of index: Int) -> [String] {
    let node = nodes[index]
    return (node.parameters.map(\.name) + node.buffers.map(\.name)).map { "\(node.savedName).\($0)" }
  }

  /// The type of an example, as a program writes it.
  public var inputType: String { inputElement.type(inputShape) }

  /// How many places one example's result of a layer has: of an image its pixels, of a sequence its positions, else 1.
  public func places(ofNode index: Int) -> Int {
    let shape = nodes[index].shape
    return shape.count == 3 ? max(1, shape[1] &* shape[2]) : max(1, shape.positions)
  }

  /// Of each node whether its result is a sequence with the positions of the input, so that an example's length holds for it, and whether such a
  /// sequence goes into it.
  public var lengthsCarried: [(into: Bool, outOf: Bool)] {
    var carried: [(into: Bool, outOf: Bool)] = []
    for node in nodes {
      let isReached = node.inputs.contains { source in
        switch source {
        case .input: inputElement == .token || inputShape.count == 2
        case .node(let index): carried.indices.contains(index) && carried[index].outOf
        case .weight: false
        }
      }
      let rule = node.layer.lengthRule(node.inputShapes)
      carried.append((isReached, isReached && (rule == .apart || rule == .masked)))
    }
    return carried
  }

  /// Whether a layer keeps running statistics.
  public func isNormalization(_ index: Int) -> Bool { !nodes[index].buffers.isEmpty }
}

extension [Network.Node] {
  /// The shape of a source, per example but for a weight; empty where there is no such node.
  package func shape(of source: Network.Source, input: [Int]) -> [Int] {
    switch source {
    case .input: input
    case .node(let index): indices.contains(index) ? self[index].shape : []
    case .weight(let index): indices.contains(index) ? self[index].tiedShape.map { [$0.inputs, $0.outputs] } ?? [] : []
    }
  }
}
