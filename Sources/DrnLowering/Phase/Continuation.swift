import DrnIR
import DrnMethods
import DrnProgram

extension Lowering {
  /// Functions that take further positions of one sequence: for each of `counts` one that takes so many at a time. Between calls the state
  /// ports hold what the layers keep of the positions before, zeros at the start of a sequence. Weights go in by the names of what is
  /// trained, also where their averages are evaluated.
  ///
  /// Throws where a layer cannot take positions one after the other.
  public func continuationModule(_ phase: Int, counts: [Int]) throws(IRError) -> PhaseModule {
    let layout = try layout(phase)
    var module = layout.module(named: "continuation\(phase)")
    for count in counts { module.set(try continuationFunction(layout, count, in: module)) }
    return PhaseModule(module: module, symbols: layout.symbols)
  }

  private func continuationFunction(_ layout: PhaseLayout, _ count: Int, in module: Module) throws(IRError) -> Function {
    var builder = Builder(function: FunctionName.continuation(of: count), in: module)
    var tensors: [String: Value] = [:]
    for tensor in layout.parameters + layout.buffers {
      tensors[tensor.name] = builder.argument(tensor.name, role: tensor.role, .f32(tensor.shape))
    }
    for (name, shape) in program.network.keptTensors {
      tensors[name] = builder.argument(name, role: .state, .f32(shape.map { Dimension($0) }))
    }
    let numbers = TensorType(.i32, [Dimension(count)])
    let tokens = builder.argument(PortName.tokens(count), role: .batch, numbers)
    let positions = builder.argument(PortName.positions(count), role: .batch, numbers)
    let network = NetworkEmission(
      layout: layout, mode: .evaluate, batch: 1, tensors: tensors, key: nil, lengths: nil, streamSuffix: "", continued: (positions, count))
    let outcome = try network.emit(tokens, in: &builder)
    builder.result(PortName.logits(count), role: .output, outcome.output)
    for (name, value) in outcome.kept { builder.result(name, role: .state, value) }
    return builder.function
  }
}

extension Network {
  /// What its layers keep of a sequence, by the names of ports, with the shapes.
  public var keptTensors: [(name: String, shape: [Int])] {
    nodes.flatMap { node -> [(name: String, shape: [Int])] in
      guard case .keeping(let tensors) = node.layer.continuation(node.inputShapes) else { return [] }
      return tensors.map { (PortName.kept($0.name, by: node.savedName), $0.shape) }
    }
  }
}
