import DrnIR
import DrnMethods
import DrnProgram

/// Emits the network's layers on a batch.
struct NetworkEmission {
  let layout: PhaseLayout
  let mode: LayerContext.Mode
  /// Examples of the batch.
  let batch: Int
  /// Every parameter and buffer by name.
  let tensors: [String: Value]
  let key: Value?
  /// How long the examples are; `nil` where every position is their own.
  let lengths: SequenceLengths?
  /// Appended to the names of random streams, to tell parts of one step apart.
  let streamSuffix: String
  /// Where further positions of one sequence are taken: their numbers, and how many; the layers keep what `tensors` has under `PortName.kept`.
  var continued: (positions: Value, count: Int)?

  /// What running the network gives.
  struct Outcome {
    let output: Value
    /// By buffer name; buffers no layer set are absent.
    let newBuffers: [String: Value]
    /// What layers keep of a sequence that is continued, by the names of ports.
    var kept: [(name: String, value: Value)] = []
  }

  func emit(_ features: Value, in builder: inout Builder) throws(IRError) -> Outcome {
    let network = layout.program.network
    var results: [Value] = []
    var newBuffers: [String: Value] = [:]
    var kept: [(name: String, value: Value)] = []
    // An image comes from the loader channels first, as the language shows it; layers work on channels last.
    let features = network.inputShape.count == 3 ? try builder.channelsLast(features) : features
    let carried = lengths == nil ? [] : network.lengthsCarried
    for (index, node) in network.nodes.enumerated() {
      var inputs: [Value] = []
      for source in node.inputs { inputs.append(try value(of: source, features, results, in: &builder)) }
      var context = try makeContext(index, node, carried.isEmpty || !carried[index].into ? nil : lengths, builder)
      context.builder.location = node.span
      let result = try node.layer.emit(inputs, in: &context)
      builder = context.builder
      builder.name(result, node.path)
      results.append(result)
      for (name, value) in (context.continuation?.kept ?? [:]).sorted(by: { $0.key < $1.key }) {
        kept.append((PortName.kept(name, by: node.savedName), value))
      }
      for (name, value) in context.newBuffers { newBuffers["\(node.savedName).\(name)"] = value }
    }
    builder.location = nil
    return Outcome(output: try value(of: network.output, features, results, in: &builder), newBuffers: newBuffers, kept: kept)
  }

  private func value(
    of source: Network.Source, _ features: Value, _ results: [Value], in builder: inout Builder
  ) throws(IRError) -> Value {
    switch source {
    case .input: return features
    case .node(let index):
      guard results.indices.contains(index) else { throw IRError("node \(index) is used before it is computed") }
      return results[index]
    case .weight(let index):
      let node = layout.program.network.nodes[index]
      guard let parameter = node.parameters.first(where: { if case .matrix = $0.kind { true } else { false } }) else {
        throw IRError("node \(index) has no weight")
      }
      let weight = try layout.weight(parameter.name, ofNode: index)
      return try weight.form.reconstruct(try values(of: weight), shape: weight.plan.shape, rank: weight.rank, in: &builder)
    }
  }

  private func makeContext(
    _ index: Int, _ node: Network.Node, _ lengths: SequenceLengths?, _ builder: Builder
  ) throws(IRError) -> LayerContext {
    var vectors: [String: Value] = [:]
    var matrices: [String: AppliedWeight] = [:]
    for parameter in node.parameters {
      switch parameter.kind {
      case .vector: vectors[parameter.name] = try tensor("\(node.savedName).\(parameter.name)")
      case .matrix:
        let weight = try layout.weight(parameter.name, ofNode: index)
        matrices[parameter.name] = AppliedWeight(weight: weight, values: try values(of: weight))
      }
    }
    for buffer in node.buffers { vectors[buffer.name] = try tensor("\(node.savedName).\(buffer.name)") }
    let layer = node.savedName + streamSuffix
    var context = LayerContext(
      builder: builder, mode: mode(of: index, node), batch: batch, inputs: node.inputShapes, lengths: lengths, layer: layer, key: key,
      tensors: vectors
    ) {
      [matrices] (builder: inout Builder, name: String, input: WeightInput) throws(IRError) -> Value in
      guard let matrix = matrices[name] else { throw IRError("layer \(layer) has no matrix \(name)") }
      return try matrix.apply(input, in: &builder)
    }
    context.continuation = try continuation(of: node)
    return context
  }

  private func continuation(of node: Network.Node) throws(IRError) -> ContinuedSequence? {
    guard let continued else { return nil }
    var kept: [String: Value] = [:]
    switch node.layer.continuation(node.inputShapes) {
    case .positionwise: break
    case .keeping(let tensors): for kind in tensors { kept[kind.name] = try tensor(PortName.kept(kind.name, by: node.savedName)) }
    case .impossible(let reason): throw IRError("`\(node.path)` \(reason)", location: node.span)
    }
    return ContinuedSequence(count: continued.count, positions: continued.positions, kept: kept)
  }

  /// A normalization that is not trained and keeps its statistics works as in evaluation.
  private func mode(of index: Int, _ node: Network.Node) -> LayerContext.Mode {
    let network = layout.program.network
    guard mode == .train, layout.phase.statistics == .running, network.isNormalization(index) else { return mode }
    return layout.phase.trainable.isDisjoint(with: network.parameterNames(of: index)) ? .evaluate : mode
  }

  private func tensor(_ name: String) throws(IRError) -> Value {
    guard let value = tensors[name] else { throw IRError("no tensor \(name)") }
    return value
  }
  private func values(of weight: WeightForm) throws(IRError) -> [Value] {
    var values: [Value] = []
    for parameter in weight.parameters { values.append(try tensor(parameter.name)) }
    return values
  }
}

/// A weight with the values of its parameters.
private struct AppliedWeight: Sendable {
  let weight: WeightForm
  let values: [Value]
  func apply(_ input: WeightInput, in builder: inout Builder) throws(IRError) -> Value {
    try weight.form.apply(
      input, parameters: values, shape: weight.plan.shape, rank: weight.rank, precision: weight.plan.precision, in: &builder)
  }
}
