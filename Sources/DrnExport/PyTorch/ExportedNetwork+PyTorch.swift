import DrnCompiler
import DrnMethods
import DrnProgram
import DrnTensorFile
import DrnTrain

extension ExportedNetwork {
  /// The network as a module of PyTorch in a file of that name, its layers by their names in the source.
  public func pytorch(named file: String) throws(ExportError) -> PyTorchModule {
    var writer = PyTorchWriter(network: self, file: PyTorchModule.stem(of: file))
    let source = try writer.source()
    return PyTorchModule(source: source, weights: TensorFile(tensors: pytorchTensors(writer.preparationName), metadata: metadata))
  }

  /// The state of the module: tensors as files keep them, but of an embedding, whose rows PyTorch has by token.
  private func pytorchTensors(_ preparationName: String) -> [NamedTensor] {
    let embeddings = Set(program.weights.filter { network.nodes[$0.node].layer is any TokenLayer }.map(\.name))
    let held = tensors.map { tensor in
      embeddings.contains(tensor.name) ? NamedTensor(name: tensor.name, shape: tensor.tensor.shape, floats: tensor.values) : tensor.stored
    }
    return held
      + (preparation?.buffers(network.inputShape) ?? []).map { buffer in
        NamedTensor(name: "\(preparationName).\(buffer.name)", shape: buffer.shape, floats: buffer.values)
      }
  }
}

extension InputPreparation {
  /// The numbers of a module that prepares.
  fileprivate func buffers(_ shape: [Int]) -> [(name: String, shape: [Int], values: [Float])] {
    var buffers: [(String, [Int], [Float])] = []
    if let fill { buffers.append(("fill", shape, fill)) }
    if let scaling {
      buffers += [("mean", scaling.shape, scaling.mean), ("inverse_deviation", scaling.shape, scaling.factor)]
      if let offset = scaling.offset { buffers.append(("offset", scaling.shape, offset)) }
    }
    return buffers
  }
}

/// Writes the source of a module.
private struct PyTorchWriter {
  let network: ExportedNetwork
  /// The name of the file without its suffix.
  let file: String
  private var parts: Set<PyTorchPart> = []
  /// The attribute that prepares values, a name that no layer has.
  let preparationName: String

  init(network: ExportedNetwork, file: String) {
    (self.network, self.file) = (network, file)
    let taken = Set(network.network.nodes.map { Self.segments($0.savedName)[0] })
    var name = "prepare"
    while taken.contains(name) { name += "_" }
    preparationName = name
  }

  private static func segments(_ name: String) -> [String] { name.split(separator: ".", omittingEmptySubsequences: false).map(String.init) }

  mutating func source() throws(ExportError) -> String {
    let nodes = network.network.nodes
    var tree = ModuleTree()
    var lines: [String] = []
    var names: [String] = []
    var used: Set<String> = ["x", "self"]
    let consumers = consumers()
    for (index, node) in nodes.enumerated() {
      let inputs = node.inputs.map { expression(of: $0, names) }
      let layer = try layer(node, index, inputs)
      parts.formUnion(layer.parts)
      if let constructor = layer.constructor { tree.add(Self.segments(node.savedName), constructor) }
      names.append(resultName(index, node, consumers, &used))
      // A layer without effect when evaluating, such as a projection of one input, still has its line.
      if names[index] != layer.expression { lines.append("\(names[index]) = \(layer.expression)") }
    }
    return text(tree, lines + ["return \(expression(of: network.network.output, names))"])
  }

  /// A source as Python names it; a weight as inputs x outputs.
  private func expression(of source: Network.Source, _ names: [String]) -> String {
    switch source {
    case .input: return inputName
    case .node(let index): return names[index]
    case .weight(let index):
      let node = network.network.nodes[index]
      let weight = ModuleTree.access(Self.segments(node.savedName)) + ".weight"
      let isFactored = network.tensors.contains { $0.name.hasPrefix("\(node.savedName).weight.") }
      if isFactored { return "(\(weight).u @ \(weight).v)" }
      return type(of: node.layer).takesTokens ? weight : "\(weight).T"
    }
  }

  /// What the input is called once it is prepared.
  private var inputName: String { "features" }

  /// The nodes that read each node; the result of the network counts as one past the last.
  private func consumers() -> [[Int]] {
    let nodes = network.network.nodes
    var consumers = [[Int]](repeating: [], count: nodes.count)
    for (index, node) in nodes.enumerated() {
      for case .node(let source) in node.inputs where consumers.indices.contains(source) { consumers[source].append(index) }
    }
    if case .node(let index) = network.network.output { consumers[index].append(nodes.count) }
    return consumers
  }

  /// `x` where the next node alone reads the result, else a name after the layer.
  private func resultName(_ index: Int, _ node: Network.Node, _ consumers: [[Int]], _ used: inout Set<String>) -> String {
    guard Set(consumers[index]) != [index + 1] else { return "x" }
    let letters = node.path.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }
    let name = "x_" + String(letters)
    var unique = name
    var number = 1
    while !used.insert(unique).inserted {
      number += 1
      unique = "\(name)_\(number)"
    }
    return unique
  }

  private func layer(_ node: Network.Node, _ index: Int, _ inputs: [String]) throws(ExportError) -> PyTorchLayer {
    let prefix = node.savedName + "."
    var tensors: [String: DeployedTensor] = [:]
    for tensor in network.tensors where tensor.name.hasPrefix(prefix) { tensors[String(tensor.name.dropFirst(prefix.count))] = tensor }
    let weights = network.program.weights.filter { $0.node == index }
    let shapes = Dictionary(weights.map { ($0.tensor, $0.shape) }) { first, _ in first }
    let module = ModuleTree.access(Self.segments(node.savedName))
    return try PyTorchLayerWriter(node: node, tensors: tensors, shapes: shapes, inputs: inputs, module: module).layer()
  }

  // MARK: Text

  private func text(_ tree: ModuleTree, _ forward: [String]) -> String {
    let (weights, name) = (network.weights, className)
    var needed = parts
    if tree.hasGroups { needed.insert(.layers) }
    while true {
      let all = needed.union(needed.flatMap(\.needs))
      guard all != needed else { break }
      needed = all
    }
    let isToken = network.network.inputElement == .token
    let shape = (["examples"] + network.network.inputShape.map(String.init)).joined(separator: ", ")
    let kind = isToken ? "whole numbers" : network.preparation?.isEmpty ?? true ? "numbers" : "numbers as the data source has them"
    var blocks = [
      """
      \"""The network `\(network.network.name)` with the weights of phase \(weights.phase) after step \(weights.step).

          model = load()             # with the weights beside this file
          outputs = model(features)  # \(kind), (\(shape))

      Written by drnc; a module of PyTorch 2.4 or later.
      \"""
      from pathlib import Path

      import torch
      import torch.nn.functional as F
      from torch import nn
      """
    ]
    blocks += PyTorchPart.allCases.filter(needed.contains).map(\.text)
    let preparation = preparationLines
    if let preparation { blocks.append(preparation.definition) }
    var initial = tree.lines
    if let preparation { initial.insert("self.\(preparationName) = \(preparation.constructor)", at: 0) }
    var body = ["class \(name)(nn.Module):", "    def __init__(self):", "        super().__init__()"] + initial.map { "        \($0)" }
    body += ["", "    def forward(self, features):"]
    if preparation != nil { body.append("        features = self.\(preparationName)(features)") }
    body += forward.map { "        \($0)" }
    blocks.append(body.joined(separator: "\n"))
    blocks.append(
      """
      def load(path=None):
          \"""The network as it is evaluated, with the weights of a file.\"""
          from safetensors.torch import load_file

          model = \(name)()
          model.load_state_dict(load_file(path or Path(__file__).with_suffix(".safetensors")))
          return model.eval()
      """)
    return blocks.joined(separator: "\n\n\n") + "\n"
  }

  /// The network's name as that of a class.
  private var className: String {
    let words = network.network.name.split { !$0.isASCII || !($0.isLetter || $0.isNumber) }
    let name = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    let taken = [
      "Layers", "Factors", "FactorizedLinear", "FactorizedEmbedding", "PaddedConv2d", "FactorizedConv2d", "Positions", "LSTM", "GRU",
      "Preparation", "Path", "F",
    ]
    return name.first?.isLetter ?? false
      ? (taken.contains(name) || ModuleTree.keywords.contains(name) ? name + "Network" : name) : "Network" + name
  }

  private var preparationLines: (definition: String, constructor: String)? {
    guard let preparation = network.preparation, !preparation.isEmpty else { return nil }
    let buffers = preparation.buffers(network.network.inputShape)
    var lines: [String] = []
    if preparation.fill != nil { lines.append("x = torch.where(x.isnan(), self.fill, x)") }
    if let scaling = preparation.scaling {
      lines.append("x = (x - self.mean) * self.inverse_deviation" + (scaling.offset == nil ? "" : " + self.offset"))
    }
    let definition = """
      class Preparation(nn.Module):
          \"""From the values of the data source to those that the network takes.\"""

          def __init__(self, **shapes):
              super().__init__()
              for name, shape in shapes.items():
                  self.register_buffer(name, torch.empty(shape))

          def forward(self, x):
      \(lines.map { "        \($0)" }.joined(separator: "\n"))
              return x
      """
    let shapes = buffers.map { buffer in
      "\(buffer.name)=(\(buffer.shape.map(String.init).joined(separator: ", "))\(buffer.shape.count == 1 ? "," : ""))"
    }
    return (definition, "Preparation(\(shapes.joined(separator: ", ")))")
  }
}

/// Modules by the parts of their names.
private struct ModuleTree {
  private indirect enum Entry {
    case module(String)
    case group(ModuleTree)
  }
  private var names: [String] = []
  private var entries: [String: Entry] = [:]

  mutating func add(_ path: [String], _ constructor: String) {
    guard let first = path.first else { return }
    if entries[first] == nil { names.append(first) }
    guard path.count > 1 else { return entries[first] = .module(constructor) }
    var inner = ModuleTree()
    if case .group(let known)? = entries[first] { inner = known }
    inner.add(Array(path.dropFirst()), constructor)
    entries[first] = .group(inner)
  }

  var hasGroups: Bool { entries.values.contains { if case .group = $0 { true } else { false } } }

  /// Assignments to `self`.
  var lines: [String] {
    names.flatMap { name -> [String] in
      let target = Self.access([name])
      switch entries[name] {
      case .module(let constructor)?: return ["\(target) = \(constructor)"]
      case .group(let tree)?: return tree.nested(after: "\(target) = Layers(", close: ")")
      case nil: return []
      }
    }
  }

  private func nested(after start: String, close: String) -> [String] {
    var lines = [start + "{"]
    for name in names {
      switch entries[name] {
      case .module(let constructor)?: lines.append("    \"\(name)\": \(constructor),")
      case .group(let tree)?: lines += tree.nested(after: "\"\(name)\": Layers(", close: "),").map { "    \($0)" }
      case nil: break
      }
    }
    return lines + ["}" + close]
  }

  /// How a module is reached: an attribute where the name can be one.
  static func access(_ path: [String]) -> String {
    guard let first = path.first else { return "self" }
    let isPlain = first.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") } && first.first?.isNumber == false
    let start = isPlain && !keywords.contains(first) && !attributes.contains(first) ? "self.\(first)" : "self._modules[\"\(first)\"]"
    return start + path.dropFirst().map { "[\"\($0)\"]" }.joined()
  }

  static let keywords: Set = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else", "except",
    "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try",
    "while", "with", "yield",
  ]
  /// What `nn.Module` has of its own.
  private static let attributes: Set = [
    "add_module", "apply", "bfloat16", "buffers", "call_super_init", "children", "compile", "cpu", "cuda", "double", "dump_patches", "eval",
    "extra_repr", "features", "float", "forward", "get_buffer", "get_extra_state", "get_parameter", "get_submodule", "half", "ipu",
    "load_state_dict", "modules", "mtia", "named_buffers", "named_children", "named_modules", "named_parameters", "parameters",
    "register_backward_hook", "register_buffer", "register_forward_hook", "register_forward_pre_hook", "register_full_backward_hook",
    "register_full_backward_pre_hook", "register_load_state_dict_post_hook", "register_load_state_dict_pre_hook", "register_module",
    "register_parameter", "register_state_dict_post_hook", "register_state_dict_pre_hook", "requires_grad_", "set_extra_state",
    "set_submodule", "share_memory", "state_dict", "to", "to_empty", "train", "training", "type", "xpu", "zero_grad",
  ]
}
