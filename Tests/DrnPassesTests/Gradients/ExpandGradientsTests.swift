import DrnIR
import DrnPasses
import DrnReference
import Testing

@Suite("Expanding value_and_gradient")
struct ExpandGradientsTests {
  private func module(_ build: (inout Builder) throws -> Value, arguments: Int) throws -> Module {
    var module = Module(name: "m")
    var loss = Builder(function: "f", in: module)
    for index in 0..<arguments { _ = loss.argument("x\(index)", role: .weight, .scalar) }
    loss.result("loss", role: .output, try build(&loss))
    module.set(loss.function)
    return module
  }

  @Test("A value passed twice has the gradient of each operand apart")
  func sharedOperand() throws {
    // f(x0, x1) = x0^2 x1, called with x0 = x1 = 3: 2 x0 x1 = 18 and x0^2 = 9.
    var module = try module({ b in try b.multiply(try b.square(Value(0)), Value(1)) }, arguments: 2)
    var step = Builder(function: "step", in: module)
    let x = step.argument("x", role: .weight, .scalar)
    let results = try step.emit(.valueAndGradient, [x, x], ["function": .function("f"), "wrt": .integers([1, 0])])
    for (name, value) in zip(["loss", "d1", "d0"], results) { step.result(name, role: .output, value) }
    module.set(step.function)
    let expanded = try expandGradients(module)
    let found = try evaluate(function: try #require(expanded.function("step")), module: expanded, arguments: ["x": ReferenceTensor(3)])
    #expect(found.mapValues(\.values) == ["loss": [27], "d1": [9], "d0": [18]])
  }

  @Test("Operations around the call, ports and other functions stay as they are")
  func surroundings() throws {
    var module = try module({ b in try b.square(Value(0)) }, arguments: 1)
    var step = Builder(function: "step", in: module)
    let x = step.argument("w", role: .weight, .scalar)
    let doubled = try step.add(x, x)
    let results = try step.emit(.valueAndGradient, [doubled], ["function": .function("f"), "wrt": .integers([0])])
    step.result("w", role: .weight, try step.subtract(x, results[1]))
    module.set(step.function)
    let expanded = try expandGradients(module)
    let function = try #require(expanded.function("step"))
    #expect(expanded.function("f") == module.function("f"))
    #expect(function.arguments.map(\.name) == ["w"] && function.results.map(\.role) == [.weight])
    #expect(function.operations.first?.opcode == .add && function.operations.last?.opcode == .subtract)
    // w - df/dx at x = 2 w, f = x^2: 5 - 20.
    let found = try evaluate(function: function, module: expanded, arguments: ["w": ReferenceTensor(5)])
    #expect(found["w"]?.values == [-15])
  }

  @Test("A module without the op comes back unchanged, and expansion is idempotent")
  func idempotent() throws {
    var module = try module({ b in try b.square(Value(0)) }, arguments: 1)
    #expect(try expandGradients(module) == module)
    var step = Builder(function: "step", in: module)
    let x = step.argument("w", role: .weight, .scalar)
    let results = try step.emit(.valueAndGradient, [x], ["function": .function("f"), "wrt": .integers([0])])
    step.result("dw", role: .output, results[1])
    module.set(step.function)
    let once = try expandGradients(module)
    #expect(try expandGradients(once) == once)
  }

  @Test("A function that takes gradients itself is not differentiated")
  func nested() throws {
    var module = try module({ b in try b.square(Value(0)) }, arguments: 1)
    for (name, callee) in [("g", "f"), ("step", "g")] {
      var caller = Builder(function: name, in: module)
      let x = caller.argument("w", role: .weight, .scalar)
      let results = try caller.emit(.valueAndGradient, [x], ["function": .function(callee), "wrt": .integers([0])])
      caller.result("out", role: .output, results[0])
      module.set(caller.function)
    }
    let error = #expect(throws: IRError.self) { try expandGradients(module) }
    #expect(error?.message.contains("@g") == true)
  }

  @Test("A rank symbol goes through unchanged")
  func symbolic() throws {
    var module = Module(name: "m")
    let rank = Dimension(module.addSymbol(SymbolInfo(name: "fc.weight", bounds: 1...8)))
    var loss = Builder(function: "f", in: module)
    let u = loss.argument("u", role: .weight, .f32([4, rank]))
    let v = loss.argument("v", role: .weight, .f32([rank, 5]))
    loss.result("loss", role: .output, try loss.sumAll(try loss.square(try loss.matmul(u, v))))
    module.set(loss.function)
    var step = Builder(function: "step", in: module)
    let operands = loss.function.arguments.map { step.argument($0.name, role: .weight, loss.type(of: $0.value)) }
    let results = try step.emit(.valueAndGradient, operands, ["function": .function("f"), "wrt": .integers([0, 1])])
    for (name, value) in zip(["loss", "du", "dv"], results) { step.result(name, role: .output, value) }
    module.set(step.function)
    let function = try #require(try expandGradients(module).function("step"))
    #expect(function.results.map { function.type(of: $0.value) } == [.scalar, .f32([4, rank]), .f32([rank, 5])])
  }
}
