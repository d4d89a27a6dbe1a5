import DrnIR
import DrnPasses

/// A multilayer perceptron with its training step, from the builder to optimized IR.
struct Perceptron {
  enum Form: CaseIterable, Sendable { case dense, twoFactors, threeFactors }
  enum Rule: CaseIterable, Sendable { case momentum, adam }

  var form = Form.dense
  var rule = Rule.momentum
  var batch = 6
  var widths = [5, 7, 3]
  var rank = 2

  /// `@loss`, `@step` and `@evaluate` with gradients expanded, as the reference reads them.
  func expanded() throws -> Module {
    var module = Module(name: "perceptron")
    module.set(try network(module, "loss", isTraining: true))
    module.set(try step(module))
    module.set(try network(module, "evaluate", isTraining: false))
    return try expandGradients(module)
  }

  /// The fast form of `@step` and `@evaluate`.
  func optimized() throws -> Module { try optimize(try expanded(), roots: ["step", "evaluate"]) }

  private func factors(_ layer: Int) -> [(name: String, shape: [Int])] {
    let (inputs, outputs, name) = (widths[layer - 1], widths[layer], "fc\(layer).weight")
    return switch form {
    case .dense: [(name, [inputs, outputs])]
    case .twoFactors: [(name + ".u", [inputs, rank]), (name + ".v", [rank, outputs])]
    case .threeFactors: [(name + ".u", [inputs, rank]), (name + ".s", [rank, rank]), (name + ".v", [rank, outputs])]
    }
  }

  private func network(_ module: Module, _ name: String, isTraining: Bool) throws -> Function {
    var b = Builder(function: name, in: module)
    let labels = b.argument("labels", role: .batch, TensorType(.i32, [Dimension(batch)]))
    var hidden = b.argument("features", role: .batch, .f32([Dimension(batch), Dimension(widths[0])]))
    for layer in 1..<widths.count {
      let weights = factors(layer).map { b.argument($0.name, role: .weight, .f32($0.shape.map { Dimension($0) })) }
      let bias = b.argument("fc\(layer).bias", role: .weight, .f32([Dimension(widths[layer])]))
      let product = weights.count == 1 ? try b.matmul(hidden, weights[0]) : try b.product([hidden] + weights)
      hidden = try b.add(product, try b.broadcast(bias, to: b.type(of: product).shape, axes: [1]))
      if layer + 1 < widths.count { hidden = try b.emitOne(.relu, [hidden]) }
    }
    b.result("loss", role: .output, try b.emitOne(.softmaxCrossEntropy, [hidden, labels], ["smoothing": .number(0)]))
    if !isTraining { b.result("logits", role: .output, hidden) }
    return b.function
  }

  private func step(_ module: Module) throws -> Function {
    guard let loss = module.function("loss") else { throw IRError("no loss") }
    var b = Builder(function: "step", in: module)
    let operands = loss.arguments.map { b.argument($0.name, role: $0.role, loss.type(of: $0.value)) }
    let rate = b.argument("rate", role: .scalar, .scalar)
    let trained = loss.arguments.indices.filter { loss.arguments[$0].role == .weight }
    let values = try b.emit(.valueAndGradient, operands, ["function": .function("loss"), "wrt": .integers(trained)])
    b.result("loss", role: .output, values[0])
    for (index, gradient) in zip(trained, values.dropFirst()) {
      try update(&b, loss.arguments[index].name, operands[index], gradient, rate)
    }
    return b.function
  }

  private func update(_ b: inout Builder, _ name: String, _ weight: Value, _ gradient: Value, _ rate: Value) throws {
    let first = b.argument(name + "/first", role: .state, b.type(of: weight))
    let m = try b.add(try b.scale(first, by: 0.9), gradient)
    var step = m
    if rule == .adam {
      let second = b.argument(name + "/positive", role: .state, b.type(of: weight))
      let v = try b.add(try b.scale(second, by: 0.99), try b.scale(try b.square(gradient), by: 0.01))
      step = try b.divide(m, try b.add(try b.squareRoot(v), try b.constant(1e-4)))
      b.result(name + "/positive", role: .state, v)
    }
    b.result(name, role: .weight, try b.subtract(weight, try b.multiply(step, rate)))
    b.result(name + "/first", role: .state, m)
  }
}
