import DrnIR
import DrnPlan
import Testing

/// Modules whose plans are known.
enum PlanSamples {
  /// `f`: a chain of elementwise operations on one batch argument.
  static func chain(_ length: Int, shape: [Dimension]) throws -> Module {
    var b = Builder(function: "f", in: Module(name: "chain"))
    var value = b.argument("x", role: .batch, .f32(shape))
    for _ in 0..<length { value = try b.emitOne(.tanh, [value]) }
    b.result("y", role: .output, value)
    return module(b.function)
  }

  /// `f` replaces `w` and then reads the old `w` again.
  static func lateRead() throws -> Module {
    var b = Builder(function: "f", in: Module(name: "late"))
    let w = b.argument("w", role: .weight, .f32([8, 8]))
    let next = try b.emitOne(.tanh, [w])
    b.result("w", role: .weight, next)
    b.result("sum", role: .output, try b.sumAll(try b.add(w, next)))
    return module(b.function)
  }

  /// `f` returns its two arguments exchanged.
  static func exchange() -> Module {
    var function = Function(name: "f")
    let a = function.addArgument("a", role: .weight, type: .f32([3, 5]))
    let b = function.addArgument("b", role: .weight, type: .f32([3, 5]))
    function.addResult("a", role: .weight, b)
    function.addResult("b", role: .weight, a)
    return module(function)
  }

  static func module(_ functions: Function...) -> Module {
    var module = Module(name: "sample")
    for function in functions { module.set(function) }
    return module
  }
}

@Suite("Memory plans")
struct PlanTests {
  @Test("matrices are pitched, vectors, columns and tensors of three axes are tight")
  func layouts() throws {
    func pitch(_ shape: [Dimension]) throws -> Int { try #require(Layout(.f32(shape), pitch: alignedPitch)).pitch }
    #expect(try pitch([4, 17]) == 32)
    #expect(try pitch([4, 16]) == 16)
    #expect(try pitch([4, 1024]) == 1040)
    #expect(try pitch([4, 1020]) == 1040)
    #expect(try pitch([4, 1040]) == 1040)
    #expect(try pitch([4, 1]) == 1)
    #expect(try pitch([17]) == 17)
    #expect(try pitch([2, 3, 17]) == 17)
    #expect(try #require(Layout(.f32([4, 17]), pitch: alignedPitch)).bytes == 4 * 32 * 4)
    #expect(Layout(.f32([Dimension(1 << 40), Dimension(1 << 40)]), pitch: alignedPitch) == nil)
    #expect(Layout(.f32([-1]), pitch: alignedPitch) == nil)
  }

  @Test("a chain of elementwise operations takes one buffer")
  func elementwiseChain() throws {
    let module = try PlanSamples.chain(6, shape: [4, 16])
    let plan = try planSegment(module, functions: ["f"])
    #expect(plan.temporaryBytes == 4 * 16 * 4)
    #expect(checkPlan(plan, module) == [])
  }

  @Test("functions share one temporary region, weights and inputs by name")
  func sharing() throws {
    var first = try #require(try PlanSamples.chain(3, shape: [4, 16]).function("f"))
    var second = try #require(try PlanSamples.chain(3, shape: [4, 16]).function("f"))
    first.name = "step"
    second.name = "evaluate"
    let module = PlanSamples.module(first, second)
    let both = try planSegment(module, functions: ["step", "evaluate"])
    let one = try planSegment(module, functions: ["step"])
    #expect(both.totalBytes == one.totalBytes)
    #expect(both.slots.map(\.name) == ["x", "y"])
    #expect(checkPlan(both, module) == [])
  }

  @Test("an argument that is read after its replacement is replaced by a copy at the end")
  func lateRead() throws {
    let module = try PlanSamples.lateRead()
    let plan = try planSegment(module, functions: ["f"])
    #expect(plan.functions[0].moves.count == 1)
    #expect(checkPlan(plan, module) == [])
  }

  @Test("exchanged arguments are saved before they are overwritten")
  func exchange() throws {
    let module = PlanSamples.exchange()
    let plan = try planSegment(module, functions: ["f"])
    #expect(plan.functions[0].moves.count == 4)
    #expect(checkPlan(plan, module) == [])
  }

  @Test("a result over an operand that a matrix product reads is not written in place")
  func productIsNotInPlace() throws {
    var b = Builder(function: "f", in: Module(name: "product"))
    let w = b.argument("w", role: .weight, .f32([8, 8]))
    b.result("w", role: .weight, try b.matmul(w, w))
    let module = PlanSamples.module(b.function)
    let plan = try planSegment(module, functions: ["f"])
    #expect(plan.functions[0].moves.count == 1)
    #expect(plan.temporaryBytes == 8 * 16 * 4)
    #expect(checkPlan(plan, module) == [])
  }

  @Test("sizes are reported by role")
  func sizes() throws {
    var function = Function(name: "f")
    function.addArgument("w", role: .weight, type: .f32([4, 16]))
    function.addArgument("w/momentum", role: .state, type: .f32([4, 17]))
    function.addArgument("x", role: .batch, type: .f32([10]))
    function.addArgument("key", role: .key, type: TensorType(.u64, []))
    let plan = try planSegment(PlanSamples.module(function), functions: ["f"])
    #expect(plan.persistentBytes(.weight) == 256)
    #expect(plan.persistentBytes(.state) == 512)
    #expect(plan.persistentBytes == 768)
    #expect(plan.inputBytes == 48)
    #expect(plan.totalBytes == 256 + 512 + 64 + 64)
  }

  @Test("work space lives with its operation only")
  func scratch() throws {
    let module = try PlanSamples.chain(3, shape: [4, 16])
    let plan = try planSegment(module, functions: ["f"], scratch: { _, _ in 1000 })
    #expect(plan.scratchBytes == 1000)
    #expect(plan.temporaryBytes == 256 + 1024)
    #expect(checkPlan(plan, module) == [])
  }

  @Test("modules that cannot be planned are refused")
  func refusals() throws {
    let module = try PlanSamples.chain(1, shape: [4])
    #expect(throws: PlanError.unknownFunction("g")) { _ = try planSegment(module, functions: ["g"]) }
    var symbolic = Module(name: "symbolic")
    let rank = symbolic.addSymbol(SymbolInfo(name: "r", bounds: 1...4))
    var function = Function(name: "f")
    function.addArgument("x", role: .batch, type: .f32([Dimension(rank)]))
    symbolic.set(function)
    #expect(throws: PlanError.symbolicShape(function: "f", value: "x")) { _ = try planSegment(symbolic, functions: ["f"]) }
    var other = Function(name: "g")
    other.addArgument("x", role: .batch, type: .f32([5]))
    let conflict = PlanSamples.module(try #require(module.function("f")), other)
    #expect(throws: PlanError.conflictingPort(name: "x", first: "f32[4]", second: "f32[5]")) {
      _ = try planSegment(conflict, functions: ["f", "g"])
    }
    var large = Function(name: "f")
    large.addArgument("x", role: .batch, type: .f32([Dimension(1 << 60)]))
    large.addArgument("y", role: .batch, type: .f32([Dimension(1 << 60)]))
    #expect(throws: PlanError.self) { _ = try planSegment(PlanSamples.module(large), functions: ["f"]) }
  }

  @Test("the text names every slot, value and copy")
  func text() throws {
    let module = try PlanSamples.lateRead()
    let text = try planSegment(module, functions: ["f"]).text(of: module)
    #expect(
      text == """
        arena 1600 bytes, aligned to 64
          weight 512
          inputs 0, outputs 4, temporaries 1024 (work space at most 0)
        slots
          0..<512 persistent w weight f32[8, 8] pitch 16
          512..<516 output sum output f32[]
        @f
          576..<1088 %1 tanh f32[8, 8] pitch 16 lives 0...4
          1088..<1600 %2 add f32[8, 8] pitch 16 lives 1...2
          512..<516 %3 sum f32[] lives 2...4 in sum
          0..<512 copied from 576

        """)
  }
}
