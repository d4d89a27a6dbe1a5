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
  public func shape(of source: Source) -> [Int] {
    switch source {
    case .input: inputShape
    case .node(let index): nodes[index].shape
    }
  }

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

  /// Whether a layer keeps running statistics.
  public func isNormalization(_ index: Int) -> Bool { !nodes[index].buffers.isEmpty }
}
