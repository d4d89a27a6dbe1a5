import DrnCompiler
import DrnIR
import DrnKernels
import DrnLowering
import DrnMethods
import DrnPasses
import DrnProgram

/// What one layer costs in one phase.
public struct LayerCost: Sendable, Hashable {
  /// Numbers held while training: trained and frozen.
  public let parameters: Int
  /// Numbers the optimizer moves.
  public let trainableParameters: Int
  /// Multiply-adds of matrix products per example, forward.
  public let forwardOperations: Int
}

extension PhaseCompiler {
  /// The cost of a layer alone at the given ranks: parameters as the report of the whole phase counts them, and the matrix products of the
  /// layer's own IR. Nothing is planned and no kernel is prepared.
  public func layerCost(node: Int, phase: Int, ranks: [Int]) throws(IRError) -> LayerCost {
    let own = program.weights.indices.filter { program.weights[$0].node == node }
    var (trainable, frozen) = (0, 0)
    for index in own {
      let cost = weightCost(index, phase: phase, ranks: ranks)
      (trainable, frozen) = (trainable &+ cost.trainable, frozen &+ cost.frozen)
    }
    let layer = program.network.nodes[node]
    for parameter in layer.parameters {
      guard case .vector(let count) = parameter.kind else { continue }
      let isTrained = program.phases[phase].trainable.contains("\(layer.savedName).\(parameter.name)")
      (trainable, frozen) = isTrained ? (trainable &+ count, frozen) : (trainable, frozen &+ count)
    }
    return LayerCost(
      parameters: trainable &+ frozen, trainableParameters: trainable,
      forwardOperations: own.isEmpty && !layer.inputs.contains(where: \.isWeight)
        ? 0 : try forwardOperations(node: node, phase: phase, ranks: ranks))
  }

  /// Numbers of one weight in the form of a phase.
  func weightCost(_ index: Int, phase: Int, ranks: [Int]) -> (trainable: Int, frozen: Int) {
    let weight = program.weights[index]
    let current = program.phases[phase]
    let isTrained = current.trainable.contains(weight.name)
    var (trainable, frozen) = (0, 0)
    let (form, update) = (program.form(of: index, phase: phase, ranks: ranks), current.update(of: weight.name))
    for parameter in form.parameters(weight.shape, rank: Dimension(ranks[index])) {
      let count = parameter.shape.reduce(1) { $0 &* $1.constant }
      if isTrained && update.moves(parameter, of: form) { trainable &+= count } else { frozen &+= count }
    }
    return (trainable, frozen)
  }

  private func forwardOperations(node: Int, phase: Int, ranks: [Int]) throws(IRError) -> Int {
    var module = Module(name: "layer")
    var builder = Builder(function: "evaluate", in: module)
    let layer = program.network.nodes[node]
    var inputs: [Value] = []
    for (index, shape) in layer.inputShapes.enumerated() {
      if case .weight(let owner) = layer.inputs[index] {
        guard let matrix = matrixArguments(node: owner, phase: phase, ranks: ranks, in: &builder).values.first else {
          throw IRError("no weight of node \(owner)")
        }
        inputs.append(try matrix.form.reconstruct(matrix.values, shape: matrix.shape, rank: matrix.rank, in: &builder))
        continue
      }
      let isTokens = program.network.inputElement == .token && layer.inputs[index] == .input
      let type =
        isTokens
        ? TensorType(.i32, [Dimension(evaluationBatch &* shape.reduce(1, &*))]) : .f32(valueShape(of: shape, batch: evaluationBatch))
      inputs.append(builder.argument("input\(index)", role: .batch, type))
    }
    let matrices = matrixArguments(node: node, phase: phase, ranks: ranks, in: &builder)
    let tensors = vectorArguments(layer, in: &builder)
    var context = LayerContext(
      builder: builder, mode: .evaluate, batch: evaluationBatch, inputs: layer.inputShapes, layer: layer.savedName, key: nil,
      tensors: tensors
    ) {
      (builder: inout Builder, name: String, input: WeightInput) throws(IRError) -> Value in
      guard let matrix = matrices[name] else { throw IRError("no matrix \(name)") }
      return try matrix.form.apply(input, parameters: matrix.values, shape: matrix.shape, rank: matrix.rank, in: &builder)
    }
    let result = try layer.layer.emit(inputs, in: &context)
    context.builder.result("result", role: .output, result)
    module.set(context.builder.function)
    let optimized = try optimize(module, roots: ["evaluate"])
    return multiplyAdds(optimized, "evaluate") / max(1, evaluationBatch)
  }

  private func matrixArguments(node: Int, phase: Int, ranks: [Int], in builder: inout Builder) -> [String: LayerMatrix] {
    var matrices: [String: LayerMatrix] = [:]
    for (index, weight) in program.weights.enumerated() where weight.node == node {
      let form = program.form(of: index, phase: phase, ranks: ranks)
      let rank = Dimension(ranks[index])
      let values = form.parameters(weight.shape, rank: rank).map { parameter in
        builder.argument("\(weight.name).\(parameter.name)", role: .weight, .f32(parameter.shape))
      }
      matrices[weight.tensor] = LayerMatrix(form: form, values: values, shape: weight.shape, rank: rank)
    }
    return matrices
  }

  private func vectorArguments(_ node: Network.Node, in builder: inout Builder) -> [String: Value] {
    var tensors: [String: Value] = [:]
    for parameter in node.parameters {
      guard case .vector(let count) = parameter.kind else { continue }
      tensors[parameter.name] = builder.argument(parameter.name, role: .weight, .f32([Dimension(count)]))
    }
    for buffer in node.buffers {
      tensors[buffer.name] = builder.argument(buffer.name, role: .buffer, .f32([Dimension(buffer.size)]))
    }
    return tensors
  }
}

/// A matrix of a layer as arguments of the layer's function.
private struct LayerMatrix: Sendable {
  let form: any Parameterization
  let values: [Value]
  let shape: WeightShape
  let rank: Dimension
}
