import DrnIR
import Testing

@Suite("Verifier: functions named by operations")
struct BodyRuleTests {
  /// A map of `@body` over f32[2, 3], where the body is relu unless changed.
  static func module(kinds: [Int] = [0], body change: (inout Function) -> Void = { _ in }) -> Module {
    var body = Function(name: "body")
    let a = body.addArgument("a", role: .plain, type: .scalar)
    let b = body.makeValue(.scalar)
    body.operations.append(Operation(.relu, operands: [a], results: [b]))
    body.addResult("b", role: .plain, b)
    change(&body)
    var function = Function(name: "f")
    let x = function.addArgument("x", role: .plain, type: .f32([2, 3]))
    let y = function.makeValue(.f32([2, 3]))
    function.operations.append(
      Operation(.map, operands: [x], results: [y], attributes: ["body": .function("body"), "kinds": .integers(kinds)]))
    function.addResult("y", role: .plain, y)
    var module = Module(name: "m")
    module.functions = [body, function]
    return module
  }

  static func rules(_ module: Module) -> Set<String> { Set(verify(module).map(\.rule)) }

  @Test("a scalar elementwise body is sound")
  func sound() { #expect(verify(Self.module()).isEmpty) }

  @Test("bodies are scalar, elementwise, with an argument for each element read")
  func bodies() {
    #expect(Self.rules(Self.module { $0.addArgument("c", role: .plain, type: .scalar) }).contains("bodies"))
    #expect(Self.rules(Self.module(kinds: [0, 0])).contains("bodies"))
    #expect(Self.rules(Self.module(kinds: [4])).contains("bodies"))
    #expect(
      Self.rules(
        Self.module { $0.operations[0] = Operation(.sum, operands: [Value(0)], results: [Value(1)], attributes: ["axes": .integers([])]) }
      )
      .contains("bodies"))
    #expect(Self.rules(Self.module { $0.operations[0].opcode = .tanh }).isEmpty)
  }

  @Test("an epilogue of a normalization and a prologue of its gradient are scalar and elementwise too")
  func normalizations() {
    let matrix = TensorType.f32([2, 3])
    let vector = TensorType.f32([3])
    for (opcode, attribute, types) in [
      (Opcode.batchNorm, "epilogue", [matrix, vector, vector]), (.batchNormGradient, "prologue", [matrix, matrix, vector, vector, vector]),
    ] {
      let module = { (kinds: [Int], change: (inout Function) -> Void) in
        var module = Self.module(body: change)
        var function = Function(name: "f")
        let operands = types.enumerated().map { function.addArgument("x\($0)", role: .plain, type: $1) }
        let results = [matrix, vector, vector].map { function.makeValue($0) }
        function.operations.append(
          Operation(
            opcode, operands: operands, results: results,
            attributes: ["epsilon": .number(0), attribute: .function("body"), "kinds": .integers(kinds)]))
        module.functions[1] = function
        return module
      }
      #expect(verify(module([], { _ in })).isEmpty)
      #expect(Self.rules(module([0], { _ in })).contains("bodies"))
      #expect(Self.rules(module([], { $0.addArgument("c", role: .plain, type: .scalar) })).contains("bodies"))
    }
  }

  @Test("called functions exist and do not reach themselves")
  func calls() {
    var module = Self.module()
    module.functions.remove(at: 0)
    #expect(Self.rules(module).contains("calls"))
    var recursive = Self.module()
    recursive.functions[1].operations[0].attributes["body"] = .function("f")
    #expect(Self.rules(recursive).contains("calls"))
    var twice = Self.module()
    twice.functions[1].operations.append(
      Operation(
        .map, operands: [Value(0)], results: [twice.functions[1].makeValue(.f32([2, 3]))],
        attributes: twice.functions[1].operations[0].attributes))
    #expect(Self.rules(twice).isEmpty)
  }
}
