/// A graph of ONNX under construction: nodes in the order of execution, and the tensors that are known.
///
/// Source: onnx.proto of ONNX 1.12, IR version 8, operator set 17. The numbers of fields are those of that file.
struct OnnxGraph {
  enum Attribute {
    case integer(Int)
    case number(Float)
    case integers([Int])
  }
  private struct Node {
    let operation: String
    let inputs: [String]
    let output: String
    let attributes: [(String, Attribute)]
  }
  private struct Initializer {
    let name: String
    let shape: [Int]
    let content: Content
  }
  private enum Content: Hashable {
    case floats([Float])
    case integers([Int64])
  }
  /// The type of an input or output; the first extent is the number of examples.
  struct Port {
    enum Element { case float, integer }
    let name: String
    let element: Element
    /// Of one example.
    let shape: [Int]
  }

  private var nodes: [Node] = []
  private var initializers: [Initializer] = []
  private var taken: Set<String>
  private var small: [Small: String] = [:]
  private struct Small: Hashable {
    let shape: [Int]
    let content: Content
  }

  init(reserving names: [String]) { taken = Set(names) }

  /// A name that is not in use yet, near to the one that is wanted.
  private mutating func fresh(_ wanted: String) -> String {
    var name = wanted
    var number = 1
    while !taken.insert(name).inserted {
      name = "\(wanted)_\(number)"
      number += 1
    }
    return name
  }

  /// The output of a new node.
  mutating func node(_ operation: String, _ inputs: [String], _ attributes: [(String, Attribute)] = [], name: String? = nil) -> String {
    let output = fresh(name ?? operation.lowercased())
    nodes.append(Node(operation: operation, inputs: inputs, output: output, attributes: attributes))
    return output
  }

  /// A node whose output has a name of its own.
  mutating func output(_ operation: String, _ inputs: [String], name: String) {
    nodes.append(Node(operation: operation, inputs: inputs, output: name, attributes: []))
  }

  /// Whether a node of one of those operations with so many inputs has that output.
  func isOutput(_ name: String, of operations: [String], inputs count: Int) -> Bool {
    nodes.last { $0.output == name }.map { operations.contains($0.operation) && $0.inputs.count == count } ?? false
  }

  /// Gives the node of that output one input more.
  mutating func append(_ input: String, toProducerOf name: String) {
    guard let index = nodes.lastIndex(where: { $0.output == name }) else { return }
    let node = nodes[index]
    nodes[index] = Node(operation: node.operation, inputs: node.inputs + [input], output: name, attributes: node.attributes)
  }

  /// A named tensor.
  mutating func tensor(_ name: String, _ values: [Float], shape: [Int]) -> String {
    let name = fresh(name)
    initializers.append(Initializer(name: name, shape: shape, content: .floats(values)))
    return name
  }

  /// A tensor without a name of its own, once for equal contents.
  mutating func numbers(_ values: [Float], shape: [Int] = []) -> String { unnamed(.floats(values), shape, "number") }
  mutating func integers(_ values: [Int]) -> String { unnamed(.integers(values.map { Int64($0) }), [values.count], "integers") }
  mutating func integer(_ value: Int) -> String { unnamed(.integers([Int64(value)]), [], "integer") }

  private mutating func unnamed(_ content: Content, _ shape: [Int], _ word: String) -> String {
    let key = Small(shape: shape, content: content)
    if let name = small[key] { return name }
    let name = fresh(word)
    small[key] = name
    initializers.append(Initializer(name: name, shape: shape, content: content))
    return name
  }

  /// Bytes of all tensors.
  var tensorBytes: Int {
    initializers.reduce(0) { sum, tensor in
      switch tensor.content {
      case .floats(let values): sum + 4 * values.count
      case .integers(let values): sum + 8 * values.count
      }
    }
  }

  /// The names of all tensors.
  var tensorNames: [String] { initializers.map(\.name) }

  // MARK: Batch norms

  /// A normalization by running statistics, with its tensors by the names of the network.
  struct Normalization {
    let name: String
    let epsilon: Float
    let weight, bias, mean, variance: [Float]
  }

  /// Makes one `BatchNormalization` of x - mean, times what depends on weights alone, plus bias, so that the file has the tensors of the network.
  /// `outputs` are the differences whose second axis is that of the channels. What is written in another way stays as it is.
  mutating func join(_ normalization: Normalization, among outputs: Set<String>) {
    let names = (mean: "\(normalization.name).running_mean", bias: "\(normalization.name).bias")
    func reader(of output: String, _ operation: String) -> Int? {
      let readers = nodes.indices.filter { nodes[$0].inputs.contains(output) }
      return readers.count == 1 && nodes[readers[0]].operation == operation ? readers[0] : nil
    }
    func other(_ node: Int, than input: String) -> String { nodes[node].inputs.first { $0 != input } ?? input }
    guard
      let difference = nodes.firstIndex(where: { $0.operation == "Sub" && $0.inputs[1] == names.mean && outputs.contains($0.output) }),
      let product = reader(of: nodes[difference].output, "Mul"), let sum = reader(of: nodes[product].output, "Add"),
      other(sum, than: nodes[product].output) == names.bias
    else { return }
    let factor = other(product, than: nodes[difference].output)
    guard initializers.contains(where: { $0.name == factor }) else { return }
    let tensors = [names.mean, names.bias, factor]
    // A tensor that something else reads too stays in its shape.
    guard tensors.allSatisfy({ name in nodes.count { $0.inputs.contains(name) } == 1 }) else { return }
    let (x, output) = (nodes[difference].inputs[0], nodes[sum].output)
    initializers.removeAll { tensors.contains($0.name) }
    taken.subtract(tensors)
    let values = [
      ("\(normalization.name).weight", normalization.weight), (names.bias, normalization.bias), (names.mean, normalization.mean),
      ("\(normalization.name).running_var", normalization.variance),
    ]
    var inputs = [x]
    for (name, numbers) in values { inputs.append(tensor(name, numbers, shape: [numbers.count])) }
    nodes[sum] = Node(
      operation: "BatchNormalization", inputs: inputs, output: output, attributes: [("epsilon", .number(normalization.epsilon))])
    for index in [difference, product].sorted(by: >) { nodes.remove(at: index) }
  }

  // MARK: Encoding

  /// The file: a model with this graph.
  func model(name: String, version: String, input: Port, output: Port, metadata: [(String, String)]) -> [UInt8] {
    var model = ProtobufMessage()
    model.integer(1, 8)
    model.text(2, "drnc")
    model.text(3, version)
    model.message(7) { graph in
      for node in nodes { graph.message(1) { write(node, to: &$0) } }
      graph.text(2, name)
      for tensor in initializers { graph.message(5) { write(tensor, to: &$0) } }
      graph.message(11) { write(input, to: &$0) }
      graph.message(12) { write(output, to: &$0) }
    }
    model.message(8) { set in
      set.text(1, "")
      set.integer(2, 17)
    }
    for (key, value) in metadata {
      model.message(14) { entry in
        entry.text(1, key)
        entry.text(2, value)
      }
    }
    return model.bytes
  }

  private func write(_ node: Node, to message: inout ProtobufMessage) {
    for input in node.inputs { message.text(1, input) }
    message.text(2, node.output)
    message.text(3, node.output)
    message.text(4, node.operation)
    for (name, value) in node.attributes {
      message.message(5) { attribute in
        attribute.text(1, name)
        switch value {
        case .number(let number):
          attribute.number(2, number)
          attribute.integer(20, 1)
        case .integer(let number):
          attribute.integer(3, Int64(number))
          attribute.integer(20, 2)
        case .integers(let numbers):
          for number in numbers { attribute.integer(8, Int64(number)) }
          attribute.integer(20, 7)
        }
      }
    }
  }

  private func write(_ tensor: Initializer, to message: inout ProtobufMessage) {
    for extent in tensor.shape { message.integer(1, Int64(extent)) }
    switch tensor.content {
    case .floats(let values):
      message.integer(2, 1)
      message.text(8, tensor.name)
      message.data(9, littleEndian(values.map(\.bitPattern)))
    case .integers(let values):
      message.integer(2, 7)
      message.text(8, tensor.name)
      message.data(9, littleEndian(values))
    }
  }

  private func littleEndian(_ values: [some FixedWidthInteger]) -> [UInt8] {
    values.map(\.littleEndian).withUnsafeBytes { [UInt8]($0) }
  }

  private func write(_ port: Port, to message: inout ProtobufMessage) {
    message.text(1, port.name)
    message.message(2) { type in
      type.message(1) { tensor in
        switch port.element {
        case .float: tensor.integer(1, 1)
        case .integer: tensor.integer(1, 7)
        }
        tensor.message(2) { shape in
          shape.message(1) { $0.text(2, "batch") }
          for extent in port.shape { shape.message(1) { $0.integer(1, Int64(extent)) } }
        }
      }
    }
  }
}
