import DrnIR
import DrnMethods
import DrnProgram

extension Lowering {
  /// Draws every weight densely from the stream of its name, then gives it its first form; vectors from the streams of theirs.
  func initializeFunction(_ layout: PhaseLayout, in module: Module) throws(IRError) -> Function {
    var builder = Builder(function: FunctionName.initialize, in: module)
    let key = builder.argument(PortName.key, role: .key, StepLowering.keyType)
    for (index, node) in program.network.nodes.enumerated() {
      for parameter in node.parameters {
        switch parameter.kind {
        case .matrix: try initialize(try layout.weight(parameter.name, ofNode: index), key, in: &builder)
        case .vector(let length):
          let name = "\(node.savedName).\(parameter.name)"
          let draw = InitialDraw(parameter.initializer, inputs: length, outputs: length, shape: [length], stream: name)
          let role = layout.parameters.first { $0.name == name }?.role ?? .frozen
          builder.result(name, role: role, try draw.emit(key, in: &builder))
        }
      }
    }
    return builder.function
  }

  private func initialize(_ weight: WeightForm, _ key: Value, in builder: inout Builder) throws(IRError) {
    let shape = weight.plan.shape
    let draw = InitialDraw(
      weight.plan.initializer, inputs: shape.inputs, outputs: shape.outputs * shape.kernelArea, shape: [shape.inputs, shape.outputs],
      stream: weight.plan.name)
    let dense = try draw.emit(key, in: &builder)
    let values = try weight.form.initialize(
      dense: dense, shape: shape, rank: weight.rank, name: weight.plan.name, key: key, in: &builder)
    for (tensor, value) in zip(weight.parameters, values) { builder.result(tensor.name, role: tensor.role, value) }
  }
}

/// The dense draw of one tensor.
struct InitialDraw {
  let initializer: Initializer
  /// Numbers that one output is computed from, and numbers of the result that one input reaches.
  let inputs: Int
  let outputs: Int
  let shape: [Dimension]
  let stream: String

  init(_ initializer: Initializer, inputs: Int, outputs: Int, shape: [Int], stream: String) {
    self.initializer = initializer
    self.inputs = inputs
    self.outputs = outputs
    self.shape = shape.map { Dimension($0) }
    self.stream = stream
  }

  func emit(_ key: Value, in builder: inout Builder) throws(IRError) -> Value {
    let sum = Double(max(1, inputs)) + Double(max(1, outputs))
    switch initializer {
    case .zeros: return try builder.constant(0, shape: shape)
    case .ones: return try builder.constant(1, shape: shape)
    case .glorotUniform: return try builder.randomUniform(shape, limit: (6 / sum).squareRoot(), stream: stream, key: key)
    case .glorotNormal: return try builder.randomNormal(shape, deviation: (2 / sum).squareRoot(), stream: stream, key: key)
    case .heNormal: return try builder.randomNormal(shape, deviation: (2 / Double(max(1, inputs))).squareRoot(), stream: stream, key: key)
    case .fanInUniform(let inputs):
      return try builder.randomUniform(shape, limit: 1 / Double(max(1, inputs)).squareRoot(), stream: stream, key: key)
    case .normal(let deviation): return try builder.randomNormal(shape, deviation: deviation, stream: stream, key: key)
    }
  }
}
