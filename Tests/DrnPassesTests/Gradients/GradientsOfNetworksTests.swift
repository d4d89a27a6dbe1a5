import DrnIR
import DrnPasses
import DrnReference
import DrnTestSupport
import Testing

@Suite("Gradients of whole networks")
struct GradientsOfNetworksTests {
  /// How a weight is built from its factors.
  enum Form: String, CaseIterable, Sendable { case dense, twoFactors, threeFactors }

  @Test("The gradient pass agrees with central differences of the loss", arguments: Form.allCases, [false, true])
  func agrees(form: Form, isNormalized: Bool) throws {
    let (module, names) = try network(form, isNormalized: isNormalized)
    let expanded = try expandGradients(module)
    let step = try #require(expanded.function("step"))
    #expect(!step.operations.contains { $0.opcode == .valueAndGradient })
    let loss = try #require(expanded.function("loss"))
    let arguments = step.sampleArguments(seed: 11, classes: 3)
    let results = try evaluate(function: step, module: expanded, arguments: arguments)
    let direct = try evaluate(function: loss, module: expanded, arguments: arguments)["loss"]
    #expect(results["loss"] == direct)
    for name in names {
      let gradient = try #require(results["d_\(name)"])
      try GradientCheck.expect(gradient, of: name, in: arguments, "\(form)") { moved in
        let value = try evaluate(function: loss, module: expanded, arguments: moved)["loss"]
        return try #require(value).values[0]
      }
    }
  }

  /// features [6, 4] -> weight [4, 5] + bias, gelu, (layer norm, dropout) -> dense [5, 3] -> cross entropy with smoothing.
  private func network(_ form: Form, isNormalized: Bool) throws -> (Module, [String]) {
    var module = Module(name: "network")
    var b = Builder(function: "loss", in: module)
    let factors = form.shapes.enumerated().map { b.argument("w\($0)", role: .weight, .f32($1)) }
    let bias = b.argument("bias", role: .weight, .f32([5]))
    let scale = b.argument("scale", role: .weight, .f32([5]))
    let head = b.argument("head", role: .weight, .f32([5, 3]))
    let features = b.argument("features", role: .batch, .f32([6, 4]))
    let labels = b.argument("labels", role: .batch, TensorType(.i32, [6]))
    let key = b.argument("key", role: .key, TensorType(.u64, []))
    let product = factors.count == 1 ? try b.matmul(features, factors[0]) : try b.product([features] + factors)
    var hidden = try b.emitOne(.gelu, [try b.add(product, try b.broadcast(bias, to: [6, 5], axes: [1]))])
    if isNormalized {
      hidden = try b.emit(.layerNorm, [hidden, scale, bias], ["epsilon": .number(1e-5)])[0]
      hidden = try b.emitOne(.dropout, [hidden, key], ["rate": .number(0.3), "stream": .string("drop")])
    }
    let logits = try b.matmul(hidden, head)
    b.result("loss", role: .output, try b.emitOne(.softmaxCrossEntropy, [logits, labels], ["smoothing": .number(0.1)]))
    b.result("logits", role: .output, logits)
    module.set(b.function)
    module.set(try step(of: b.function, in: module))
    return (module, b.function.arguments.filter { $0.role == .weight }.map(\.name))
  }

  private func step(of loss: Function, in module: Module) throws -> Function {
    var b = Builder(function: "step", in: module)
    let operands = loss.arguments.map { b.argument($0.name, role: $0.role, loss.type(of: $0.value)) }
    let weights = loss.arguments.indices.filter { loss.arguments[$0].role == .weight }
    let results = try b.emit(.valueAndGradient, operands, ["function": .function("loss"), "wrt": .integers(weights)])
    b.result("loss", role: .output, results[0])
    for (index, value) in zip(weights, results.dropFirst(loss.results.count)) {
      b.result("d_\(loss.arguments[index].name)", role: .output, value)
    }
    return b.function
  }
}

extension GradientsOfNetworksTests.Form {
  var shapes: [[Dimension]] {
    switch self {
    case .dense: [[4, 5]]
    case .twoFactors: [[4, 2], [2, 5]]
    case .threeFactors: [[4, 2], [2, 2], [2, 5]]
    }
  }
}
