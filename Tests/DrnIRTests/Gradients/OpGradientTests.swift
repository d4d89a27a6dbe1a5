import DrnIR
import DrnReference
import DrnTestSupport
import Testing

@Suite("Gradient rules of single ops")
struct OpGradientTests {
  @Test("The rule agrees with central differences", arguments: Opcode.allCases)
  func agreesWithDifferences(opcode: Opcode) throws {
    guard case .rule = opcode.spec.gradient else { return }
    for sample in OpSample.samples(of: opcode) { try check(opcode, sample) }
  }

  @Test("An op with a zero gradient gives zeros", arguments: Opcode.allCases)
  func zeroGradients(opcode: Opcode) throws {
    guard case .zero = opcode.spec.gradient else { return }
    for sample in OpSample.samples(of: opcode) where !sample.differentiable.isEmpty {
      let (function, module, arguments) = try contraction(opcode, sample)
      let results = try evaluate(function: function, module: module, arguments: arguments)
      for index in sample.differentiable { #expect(results["d\(index)"]?.values.allSatisfy { $0 == 0 } == true) }
    }
  }

  @Test("Differentiating through an op without a gradient is an error that says why", arguments: Opcode.allCases)
  func undefinedGradients(opcode: Opcode) throws {
    guard case .undefined(let reason) = opcode.spec.gradient else { return }
    for sample in OpSample.samples(of: opcode) {
      let error = #expect(throws: IRError.self) { _ = try contraction(opcode, sample) }
      #expect(error?.message.contains(reason) == true)
    }
  }

  private func check(_ opcode: Opcode, _ sample: OpSample) throws {
    let (function, module, arguments) = try contraction(opcode, sample)
    let results = try evaluate(function: function, module: module, arguments: arguments)
    for index in sample.differentiable {
      let gradient = try #require(results["d\(index)"])
      try GradientCheck.expect(gradient, of: "x\(index)", in: arguments, "\(opcode.mnemonic), \(sample.label)") { moved in
        let loss = try evaluate(function: function, module: module, arguments: moved)["loss"]
        return try #require(loss).values[0]
      }
    }
  }

  /// The first result of the op, contracted with fixed random numbers to a loss, and the gradients of the loss. Normalizations may not be
  /// differentiated through their other results, the statistics.
  private func contraction(_ opcode: Opcode, _ sample: OpSample) throws -> (Function, Module, [String: ReferenceTensor]) {
    let module = try sampleModule()
    var builder = Builder(function: "contraction", in: module)
    var arguments: [String: ReferenceTensor] = [:]
    var operands: [Value] = []
    for (index, (tensor, type)) in zip(sample.operands, sample.types).enumerated() {
      operands.append(builder.argument("x\(index)", role: .plain, type))
      arguments["x\(index)"] = tensor
    }
    let output = try builder.emit(opcode, operands, sample.attributes)[0]
    var random = SplitMix64(seed: 3)
    arguments["cotangent"] = random.tensor(builder.type(of: output).extents ?? [])
    let cotangent = builder.argument("cotangent", role: .plain, builder.type(of: output))
    builder.result("loss", role: .output, try builder.sumAll(try builder.multiply(output, cotangent)))
    let wrt = sample.differentiable.map { operands[$0] }
    let gradients = try pullBack(of: [output], cotangents: [cotangent], wrt: wrt, in: &builder, from: 0)
    for (index, gradient) in zip(sample.differentiable, gradients) { builder.result("d\(index)", role: .output, gradient) }
    return (builder.function, module, arguments)
  }
}
