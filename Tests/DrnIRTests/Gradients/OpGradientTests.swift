import DrnIR
import DrnReference
import DrnTestSupport
import Testing

@Suite("Gradient rules of single ops")
struct OpGradientTests {
  @Test("The rule agrees with central differences", arguments: Opcode.allCases)
  func agreesWithDifferences(opcode: Opcode) throws {
    // The rule of `narrow` is not the derivative of a staircase: `narrowed` holds it.
    guard case .rule = opcode.spec.gradient, opcode != .narrow else { return }
    for sample in OpSample.samples(of: opcode) { try check(opcode, sample) }
  }

  @Test("A product of what is narrowed has the gradients of products of what was rounded, in single precision")
  func narrowed() throws {
    var builder = Builder(function: "f", in: Module(name: "m"))
    let shapes = [[3, 4], [4, 5], [3, 5]]
    let values = shapes.enumerated().map { builder.argument("x\($0)", role: .plain, .f32($1.map { Dimension($0) })) }
    let product = try builder.matmul(try builder.narrow(values[0]), try builder.narrow(values[1]))
    let loss = try builder.sumAll(try builder.multiply(product, values[2]))
    let gradients = try pullBack(of: [loss], cotangents: [try builder.constant(1)], wrt: Array(values.prefix(2)), in: &builder, from: 0)
    #expect(gradients.map { builder.type(of: $0) } == shapes.prefix(2).map { .f32($0.map { Dimension($0) }) })
    for (index, gradient) in gradients.enumerated() { builder.result("d\(index)", role: .output, gradient) }
    var random = SplitMix64(seed: 7)
    var arguments: [String: ReferenceTensor] = [:]
    for (index, shape) in shapes.enumerated() { arguments["x\(index)"] = random.tensor(shape) }
    let results = try evaluate(function: builder.function, module: Module(name: "m"), arguments: arguments)
    let (x, w, dy) = (try #require(arguments["x0"]), try #require(arguments["x1"]), try #require(arguments["x2"]))
    for row in 0..<3 {
      for column in 0..<4 {
        let expected = (0..<5).reduce(0.0) { $0 + nearestHalf(dy.values[row * 5 + $1]) * nearestHalf(w.values[column * 5 + $1]) }
        #expect(abs((results["d0"]?.values[row * 4 + column] ?? .nan) - expected) < 1e-12)
      }
    }
    for row in 0..<4 {
      for column in 0..<5 {
        let expected = (0..<3).reduce(0.0) { $0 + nearestHalf(x.values[$1 * 4 + row]) * nearestHalf(dy.values[$1 * 5 + column]) }
        #expect(abs((results["d1"]?.values[row * 5 + column] ?? .nan) - expected) < 1e-12)
      }
    }
  }

  @Test(
    "the nearest bfloat16, of two the even one",
    arguments: [
      (1.0, 1.0), (1.00390625, 1.0), (1.01171875, 1.015625), (-1.005, -1.0078125), (0.0, 0.0), (3.0e38, 3.00405e38), (3.4e38, .infinity),
      (1.0e-40, 9.1835e-41), (.infinity, .infinity),
    ]) func nearest(given: Double, expected: Double)
  {
    let found = nearestHalf(given)
    #expect(found == expected || abs(found - expected) < 1e-3 * abs(expected))
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
