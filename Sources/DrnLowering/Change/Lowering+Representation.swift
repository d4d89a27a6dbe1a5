import DrnIR
import DrnMethods
import DrnProgram

extension Lowering {
  /// The function `represent`: from dense matrices, arguments `dense/fc1.weight` of shape inputs x outputs, to the parameters that stand for
  /// them in phase 0. Only for the weights of those indices; symbols are those of phase 0.
  ///
  /// Exact where the form can hold the matrix, else its best approximation (Eckart and Young 1936); an adapter starts around it.
  public func representationModule(weights: [Int]) throws(IRError) -> PhaseModule {
    let layout = try layout(0)
    var module = layout.module(named: "representation")
    var builder = Builder(function: FunctionName.represent, in: module)
    let key = builder.argument(PortName.key, role: .key, StepLowering.keyType)
    for index in weights {
      guard layout.weights.indices.contains(index) else { throw IRError("the program has no weight \(index)") }
      try represent(layout.weights[index], key, in: &builder)
    }
    module.set(builder.function)
    return PhaseModule(module: module, symbols: layout.symbols)
  }

  private func represent(_ weight: WeightForm, _ key: Value, in builder: inout Builder) throws(IRError) {
    let shape = weight.plan.shape
    let type = TensorType.f32([Dimension(shape.inputs), Dimension(shape.outputs)])
    let dense = builder.argument(PortName.dense(weight.plan.name), role: .plain, type)
    let values = try weight.form.represent(dense, shape: shape, rank: weight.rank, name: weight.plan.name, key: key, in: &builder)
    for (tensor, value) in zip(weight.parameters, values) { builder.result(tensor.name, role: tensor.role, value) }
  }
}
