import DrnData
import DrnIR
import DrnKernels
import DrnMethods
import DrnPasses
import DrnProgram

/// The products of one layer's weight in a training step: forward, by the weight's parameters and, where the step needs it, by the input.
struct LayerProducts: Hashable {
  let shape: WeightShape
  /// Per example; of an image channels first.
  let input: [Int]
  let output: [Int]
  let batch: Int
  let precision: ProductPrecision
  /// Whether a weight before this one needs the gradient by the input.
  let hasInputGradient: Bool

  init(_ weight: WeightPlan, _ program: CheckedProgram) {
    let node = program.network.nodes[weight.node]
    shape = weight.shape
    if shape.convolution == nil {
      // A row for each position, whatever the layer makes of its input.
      let positions = node.shape.count == 2 ? [node.shape.positions] : []
      (input, output) = (positions + [shape.inputs], positions + [shape.outputs])
    } else {
      (input, output) = (Self.image(node.inputShapes.first ?? []), Self.image(node.shape))
    }
    batch = program.batches.whole.size
    precision = weight.precision
    hasInputGradient = node.inputs.contains { program.network.hasWeights($0) }
  }

  /// A sequence is convolved as an image of one row.
  private static func image(_ shape: [Int]) -> [Int] { shape.count == 2 ? [shape[1], 1, shape[0]] : shape }

  /// Seconds of them in a form, compiled as in a step, by the model of a machine.
  func seconds(_ form: any Parameterization, rank: Int, _ machine: MachineModel) throws(IRError) -> Double {
    let module = try optimize(try expandGradients(try module(form, rank: Dimension(rank))), roots: ["step"])
    return machine.milliseconds(of: "step", in: module) / 1e3
  }

  /// A step whose results are the layer's and its gradients; the loss itself is left out.
  private func module(_ form: any Parameterization, rank: Dimension) throws(IRError) -> Module {
    var module = Module(name: "layer")
    module.set(try loss(form, rank, in: module))
    var builder = Builder(function: "step", in: module)
    let operands = arguments(form, rank, in: &builder)
    let wrt = operands.indices.dropLast().dropFirst(hasInputGradient ? 0 : 1)
    let results = try builder.emit(.valueAndGradient, operands, ["function": .function("loss"), "wrt": .integers(Array(wrt))])
    for (index, result) in results.dropFirst().enumerated() { builder.result("result\(index)", role: .output, result) }
    module.set(builder.function)
    return module
  }

  /// The input, the weight's parameters, then the gradient by the result.
  private func arguments(_ form: any Parameterization, _ rank: Dimension, in builder: inout Builder) -> [Value] {
    let input = builder.argument("input", role: .batch, .f32(rows(self.input)))
    let parameters = form.parameters(shape, rank: rank).enumerated().map { index, parameter in
      builder.argument("parameter\(index)", role: .weight, .f32(parameter.shape))
    }
    return [input] + parameters + [builder.argument("upstream", role: .batch, .f32(rows(output)))]
  }

  /// The scalar whose gradient by the layer's result is `upstream`, and that result.
  private func loss(_ form: any Parameterization, _ rank: Dimension, in module: Module) throws(IRError) -> Function {
    var builder = Builder(function: "loss", in: module)
    let operands = arguments(form, rank, in: &builder)
    let input = shape.convolution.map { WeightInput.image(operands[0], $0) } ?? .matrix(operands[0])
    let places = try form.apply(
      input, parameters: Array(operands.dropFirst().dropLast()), shape: shape, rank: rank, precision: precision, in: &builder)
    let result = try builder.reshape(places, to: rows(output))
    let product = try builder.multiply(result, operands[operands.count - 1])
    builder.result("loss", role: .output, try builder.sumAll(product))
    builder.result("result", role: .output, result)
    return builder.function
  }

  /// A batch of them, as it lies between layers.
  private func rows(_ extents: [Int]) -> [Dimension] { valueShape(of: extents, batch: batch) }
}

extension Network {
  /// Whether a source depends on a weight.
  fileprivate func hasWeights(_ source: Source) -> Bool {
    var pending = [source]
    var seen: Set<Int> = []
    while let next = pending.popLast() {
      switch next {
      case .input: continue
      case .weight: return true
      case .node(let index):
        guard seen.insert(index).inserted else { continue }
        if !nodes[index].parameters.isEmpty { return true }
        pending += nodes[index].inputs
      }
    }
    return false
  }
}
