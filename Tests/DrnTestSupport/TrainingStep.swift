import DrnIR
import DrnPasses

/// A hand-built training step of a multilayer perceptron, from the builder to optimized IR: the pattern the passes are made for.
public struct TrainingStep {
  /// Of every weight.
  public enum Form: CaseIterable, Sendable { case dense, twoFactors, threeFactors }
  /// Of the update.
  public enum Rule: CaseIterable, Sendable { case momentum, adam }

  private let form: Form
  private let rule: Rule
  private let batch: Int
  private let widths: [Int]
  private let rank: Int?

  /// `widths` are the features, the units of each layer and the classes; `rank` is that of all layers, where `nil` keeps a symbol for each.
  public init(form: Form = .dense, rule: Rule = .momentum, batch: Int = 6, widths: [Int] = [5, 7, 3], rank: Int? = 2) {
    (self.form, self.rule, self.batch, self.widths, self.rank) = (form, rule, batch, widths, rank)
  }

  /// The fast form of `@step` and `@evaluate`, at a rank.
  public func optimized() throws -> Module { try optimize(try module(), roots: ["step", "evaluate"]) }

  /// The concrete or symbolic module with `@loss`, `@step` and `@evaluate`, gradients expanded.
  public func module() throws -> Module {
    var module = Module(name: "mlp")
    var ranks: [Dimension] = []
    for layer in 1..<widths.count {
      let bounds = 1...min(widths[layer - 1], widths[layer])
      ranks.append(rank.map { Dimension($0) } ?? Dimension(module.addSymbol(SymbolInfo(name: "fc\(layer).weight", bounds: bounds))))
    }
    module.set(try network(module, "loss", ranks))
    module.set(try step(module))
    module.set(try network(module, "evaluate", ranks))
    return try expandGradients(module)
  }

  private func weightShapes(_ layer: Int, _ rank: Dimension) -> [(name: String, shape: [Dimension])] {
    let (inputs, outputs) = (Dimension(widths[layer - 1]), Dimension(widths[layer]))
    return switch form {
    case .dense: [("fc\(layer).weight", [inputs, outputs])]
    case .twoFactors: [("fc\(layer).weight.u", [inputs, rank]), ("fc\(layer).weight.v", [rank, outputs])]
    case .threeFactors:
      [("fc\(layer).weight.u", [inputs, rank]), ("fc\(layer).weight.s", [rank, rank]), ("fc\(layer).weight.v", [rank, outputs])]
    }
  }

  private func network(_ module: Module, _ name: String, _ ranks: [Dimension]) throws -> Function {
    var builder = Builder(function: name, in: module)
    let x = builder.argument("features", role: .batch, .f32([Dimension(batch), Dimension(widths[0])]))
    let labels = builder.argument("labels", role: .batch, TensorType(.i32, [Dimension(batch)]))
    var hidden = x
    for layer in 1..<widths.count {
      let factors = weightShapes(layer, ranks[layer - 1]).map { builder.argument($0.name, role: .weight, .f32($0.shape)) }
      let bias = builder.argument("fc\(layer).bias", role: .weight, .f32([Dimension(widths[layer])]))
      let product = factors.count == 1 ? try builder.matmul(hidden, factors[0]) : try builder.product([hidden] + factors)
      hidden = try builder.add(product, try builder.broadcast(bias, to: builder.type(of: product).shape, axes: [1]))
      builder.name(hidden, "fc\(layer)")
      if layer + 1 < widths.count { hidden = try builder.emitOne(.relu, [hidden]) }
    }
    let loss = try builder.emitOne(.softmaxCrossEntropy, [hidden, labels], ["smoothing": .number(0)])
    builder.result("loss", role: .output, loss)
    if name == "evaluate" { builder.result("logits", role: .output, hidden) }
    return builder.function
  }

  private func step(_ module: Module) throws -> Function {
    guard let loss = module.function("loss") else { throw IRError("no loss") }
    var builder = Builder(function: "step", in: module)
    let found = try builder.gradients(of: loss)
    for (name, weight, gradient) in found.weights {
      switch rule {
      case .momentum: try updateByMomentum(&builder, name, weight, gradient, found.rate)
      case .adam: try updateByAdam(&builder, name, weight, gradient, found.rate)
      }
    }
    return builder.function
  }

  private func updateByMomentum(_ b: inout Builder, _ name: String, _ weight: Value, _ gradient: Value, _ rate: Value) throws {
    let momentum = b.argument(name + "/momentum", role: .state, b.type(of: weight))
    let next = try b.add(try b.scale(momentum, by: 0.9), gradient)
    b.result(name, role: .weight, try b.subtract(weight, try b.multiply(next, rate)))
    b.result(name + "/momentum", role: .state, next)
  }

  private func updateByAdam(_ b: inout Builder, _ name: String, _ weight: Value, _ gradient: Value, _ rate: Value) throws {
    let first = b.argument(name + "/first", role: .state, b.type(of: weight))
    let second = b.argument(name + "/second", role: .state, b.type(of: weight))
    let m = try b.add(try b.scale(first, by: 0.9), try b.scale(gradient, by: 0.1))
    let v = try b.add(try b.scale(second, by: 0.999), try b.scale(try b.square(gradient), by: 0.001))
    let step = try b.divide(try b.multiply(m, rate), try b.add(try b.squareRoot(v), try b.constant(1e-8)))
    b.result(name, role: .weight, try b.subtract(weight, step))
    b.result(name + "/first", role: .state, m)
    b.result(name + "/second", role: .state, v)
  }
}

extension Function {
  /// How many operations of an op the function has.
  public func count(_ opcode: Opcode) -> Int { operations.filter { $0.opcode == opcode }.count }
}

extension Builder {
  /// Calls `loss` and takes its gradients by all weights, over arguments that are declared here; the results of `loss` become results.
  public mutating func gradients(
    of loss: Function
  ) throws -> (rate: Value, weights: [(name: String, weight: Value, gradient: Value)]) {
    let operands = loss.arguments.map { argument($0.name, role: $0.role, loss.type(of: $0.value)) }
    let rate = argument("rate", role: .scalar, .scalar)
    let trained = loss.arguments.indices.filter { loss.arguments[$0].role == .weight }
    let values = try emit(.valueAndGradient, operands, ["function": .function(loss.name), "wrt": .integers(trained)])
    for (port, value) in zip(loss.results, values) { result(port.name, role: port.role, value) }
    let gradients = values.dropFirst(loss.results.count)
    return (rate, zip(trained, gradients).map { (loss.arguments[$0].name, operands[$0], $1) })
  }
}
