import DrnIR
import Testing

@Suite("Verifier")
struct VerifierTests {
  /// y = relu(x) on f32[2, 3], sound by itself; each test breaks or nearly breaks it.
  static func module(_ change: (inout Function) -> Void = { _ in }, name: String = "f") -> Module {
    var function = Function(name: name)
    let x = function.addArgument("x", role: .weight, type: .f32([2, 3]))
    let y = function.makeValue(.f32([2, 3]))
    function.operations.append(Operation(.relu, operands: [x], results: [y]))
    function.addResult("y", role: .output, y)
    change(&function)
    var module = Module(name: "m")
    module.functions.append(function)
    return module
  }

  static func rules(_ module: Module) -> [String] { verify(module).map(\.rule) }

  @Test("a sound module has no finding")
  func sound() { #expect(verify(Self.module()).isEmpty) }

  @Test("values in range")
  func inRange() {
    let broken = Self.module { $0.operations[0].operands = [Value(7)] }
    #expect(Self.rules(broken) == ["values-in-range", "defined-before-use"])
    #expect(verify(broken).first?.description == "@f, operation 0: relu: there is no value 7 [values-in-range]")
    #expect(Self.rules(Self.module { $0.results[0].value = Value(-1) }).contains("values-in-range"))
    #expect(Self.rules(Self.module { $0.operations[0].operands = [Value(0)] }).isEmpty)
  }

  @Test("values are defined once")
  func once() {
    #expect(Self.rules(Self.module { $0.operations.append($0.operations[0]) }) == ["defined-once"])
    let again = Self.module {
      let z = $0.makeValue(.f32([2, 3]))
      $0.operations.append(Operation(.relu, operands: $0.operations[0].operands, results: [z]))
    }
    #expect(Self.rules(again).isEmpty)
  }

  @Test("values are defined before use")
  func beforeUse() {
    #expect(Self.rules(Self.module { $0.operations[0].operands = [Value(1)] }) == ["defined-before-use"])
    #expect(Self.rules(Self.module { $0.operations = [] }) == ["defined-before-use"])
    #expect(Self.rules(Self.module { $0.results = [] }).isEmpty)
  }

  @Test("operand counts")
  func arity() {
    #expect(Self.rules(Self.module { $0.operations[0].operands.append(Value(0)) }) == ["arity"])
    #expect(
      Self.rules(
        Self.module {
          $0.operations[0] = Operation(.add, operands: [Value(0), Value(0)], results: [Value(1)])
        }
      ).isEmpty)
  }

  @Test("attributes known, present, of their kind")
  func attributes() {
    let sum = { (attributes: Attributes) in
      Self.module {
        let z = $0.makeValue(.f32([3]))
        $0.operations.append(Operation(.sum, operands: [Value(0)], results: [z], attributes: attributes))
      }
    }
    #expect(Self.rules(sum([:])) == ["attributes"])
    #expect(Self.rules(sum(["axes": .boolean(true)])) == ["attributes"])
    #expect(Self.rules(sum(["axes": .integers([0]), "speed": .integer(1)])) == ["attributes"])
    #expect(Self.rules(sum(["axes": .integers([0])])).isEmpty)
  }

  @Test("result types are inferred")
  func inferred() {
    #expect(Self.rules(Self.module { $0.values[1].type = .f32([3, 2]) }) == ["inferred-types"])
    #expect(
      Self.rules(
        Self.module {
          $0.values[0].type = .f32([3, 2]); $0.values[1].type = .f32([3, 2])
        }
      ).isEmpty)
  }

  @Test("extents can be counted")
  func extents() {
    let vast = TensorType.f32([Dimension(Int.max), 3])
    #expect(
      Self.rules(
        Self.module {
          $0.values[0].type = vast; $0.values[1].type = vast
        }
      ).contains("extents"))
    #expect(
      Self.rules(
        Self.module {
          $0.values[0].type = .f32([0, 3]); $0.values[1].type = .f32([0, 3])
        }
      ).contains("extents") == false)
  }

  @Test("arguments, and results, have different names")
  func ports() {
    #expect(Self.rules(Self.module { $0.addArgument("x", role: .batch, type: .scalar) }) == ["ports"])
    #expect(Self.rules(Self.module { $0.addResult("y", role: .output, Value(1)) }) == ["ports"])
    #expect(Self.rules(Self.module { $0.addResult("z", role: .output, Value(1)) }).isEmpty)
  }

  @Test("a replacement has the type and role of what it replaces, but not in transitions")
  func donation() {
    let replace = { (role: Role, name: String) in
      Self.module(
        {
          $0.values[0].type = .f32([6])
          $0.operations[0] = Operation(
            .constant, operands: [], results: [Value(1)],
            attributes: [
              "shape": .dimensions([2, 3]), "value": .number(1),
            ])
          $0.results[0] = Port(name: "x", role: role, value: Value(1))
        }, name: name)
    }
    #expect(Self.rules(replace(.weight, "step")) == ["donation"])
    #expect(Self.rules(replace(.weight, "transition_fc1")).isEmpty)
    let same = { (role: Role) in Self.module { $0.results[0] = Port(name: "x", role: role, value: Value(1)) } }
    #expect(Self.rules(same(.state)) == ["donation"])
    #expect(Self.rules(same(.weight)).isEmpty)
  }

  @Test("frozen arguments are not replaced")
  func frozen() {
    let freeze = { (name: String) in
      Self.module {
        $0.arguments[0].role = .frozen; $0.results[0] = Port(name: name, role: .frozen, value: Value(1))
      }
    }
    #expect(Self.rules(freeze("x")) == ["frozen"])
    #expect(Self.rules(freeze("y")).isEmpty)
  }

  @Test("rank symbols are declared, above 0, and computed from earlier ones")
  func symbols() {
    let shape: [Dimension] = [Dimension(Symbol(0)), 3]
    var module = Self.module {
      $0.values[0].type = .f32(shape); $0.values[1].type = .f32(shape)
    }
    #expect(Set(Self.rules(module)) == ["symbols"])
    module.symbols = [SymbolInfo(name: "w", bounds: 0...3)]
    #expect(Self.rules(module) == ["symbols"])
    module.symbols = [SymbolInfo(name: "w", bounds: 1...3)]
    #expect(Self.rules(module).isEmpty)
    let definition = { SymbolDefinition(value: Dimension(Symbol($0)) * 2, limit: 3) }
    module.symbols.append(SymbolInfo(name: "w2", bounds: 1...3, definition: definition(1)))
    #expect(Self.rules(module) == ["symbols"])
    module.symbols[1] = SymbolInfo(name: "w2", bounds: 1...3, definition: definition(0))
    #expect(Self.rules(module).isEmpty)
  }

  @Test("functions have different names")
  func functions() {
    var module = Self.module()
    module.functions.append(module.functions[0])
    #expect(Self.rules(module) == ["unique-functions"])
    module.functions[1].name = "g"
    #expect(Self.rules(module).isEmpty)
  }

  @Test("every rule has an id of its own and a summary")
  func listed() {
    #expect(Set(verifierRules.map(\.id)).count == verifierRules.count)
    #expect(verifierRules.allSatisfy { $0.summary.hasSuffix(".") })
  }
}
