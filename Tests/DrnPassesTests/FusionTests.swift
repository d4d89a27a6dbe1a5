import DrnIR
import DrnPasses
import DrnTestSupport
import Testing

@Suite("Fusion")
struct FusionTests {
  static func step(_ form: TrainingStep.Form, _ rule: TrainingStep.Rule = .momentum, widths: [Int] = [784, 1024, 10], rank: Int = 8) throws
    -> Function
  {
    let module = try TrainingStep(form: form, rule: rule, batch: 128, widths: widths, rank: rank).module()
    return try #require(try optimize(module, roots: ["step"]).function("step"))
  }

  @Test(
    "a dense step is one matmul per layer and pass, with bias, activation, mask and update inside", arguments: TrainingStep.Rule.allCases)
  func dense(rule: TrainingStep.Rule) throws {
    let function = try Self.step(.dense, rule)
    // Forward 2, gradient of the hidden layer 1, updates 2.
    #expect(function.count(.matmul) == 5)
    #expect(function.operations.allSatisfy { $0.opcode != .matmul || $0.attributes.function("epilogue") != nil })
    // The updates of the two biases.
    #expect(function.count(.map) == 2)
    #expect(function.operations.allSatisfy { !$0.opcode.isElementwise })
    #expect(function.count(.broadcast) == 0)
    // Loss and its gradient, two sums for the biases, and the seed of the gradient.
    #expect(function.operations.count == 5 + 2 + 2 + 2 + 1)
  }

  @Test(
    "a factored step has plain matmuls only between its factors",
    arguments: [(TrainingStep.Form.twoFactors, 11, 4), (.threeFactors, 17, 10)])
  func factored(form: TrainingStep.Form, matmuls: Int, plain: Int) throws {
    let function = try Self.step(form, widths: [784, 1024, 512], rank: 8)
    // Two factors, for each layer: x U and (x U) V, dy V^T, the gradients of U and V; and dx of the second layer. The first and third of
    // them end in a rank and are read by other products.
    #expect(function.count(.matmul) == matmuls)
    #expect(function.operations.filter { $0.opcode == .matmul && $0.attributes["epilogue"] == nil }.count == plain)
    #expect(function.operations.allSatisfy { !$0.opcode.isElementwise })
  }

  @Test("the text of a fused step reads like the method")
  func text() throws {
    let module = try TrainingStep(form: .twoFactors, batch: 128, widths: [784, 1024, 10], rank: 8).module()
    let text = print(try optimize(module, roots: ["step"]))
    for line in [
      "%featuresU = matmul %features, %fc1.weight.u {transpose_left = false, transpose_right = false} : f32[128, 8]",
      "= matmul %featuresU, %fc1.weight.v, %fc1.bias {epilogue = @map0, kinds = [2], transpose_left = false, transpose_right = false}",
      "%fc1.weight.u/momentum#1, %fc1.weight.u#1 = matmul %features, ",
      "%new_weight = subtract %weight, ",
    ] { #expect(text.contains(line), "\(line)") }
  }

  static func fused(_ lines: String, results: String) throws -> Module {
    let module = try readModule(
      """
      module @m {
        func @f(
            %x: f32[4, 3] {plain "x"}, %w: f32[3, 5] {plain "w"}, %r: f32[5] {plain "r"}, %c: f32[4] {plain "c"},
            %s: f32 {plain "s"}) -> (\(results)) {
          \(lines)
        }
      }
      """)
    let fused = try fuse(module)
    #expect(verify(fused) == [])
    try expectEquivalent(module, function: "f", fuse)
    return fused
  }

  static let product = "%p = matmul %x, %w {transpose_left = false, transpose_right = false} : f32[4, 5]\n"

  @Test("rows, columns, scalars and numbers are read in place")
  func kinds() throws {
    let module = try Self.fused(
      """
      \(Self.product) %b = broadcast %r {axes = [1], shape = <4, 5>} : f32[4, 5]
      %d = broadcast %c {axes = [0], shape = <4, 5>} : f32[4, 5]
      %e = add %p, %b : f32[4, 5]
      %g = multiply %e, %d : f32[4, 5]
      %h = subtract %g, %s : f32[4, 5]
      %n = constant {shape = <>, value = 3.0} : f32
      %y = maximum %h, %n : f32[4, 5]
      """, results: "%y {output \"y\"}")
    let function = try #require(module.function("f"))
    #expect(function.operations.map(\.opcode) == [.matmul])
    #expect(function.operations[0].attributes.integers("kinds") == [2, 3, 1])
  }

  @Test("a product that someone else reads keeps its matmul plain")
  func sharedProduct() throws {
    let module = try Self.fused(
      Self.product + "%y = relu %p : f32[4, 5]\n %z = sum %p {axes = [0]} : f32[5]", results: "%y {output \"y\"}, %z {output \"z\"}")
    #expect(module.function("f")?.operations.map(\.opcode) == [.matmul, .relu, .sum])
    let result = try Self.fused(Self.product + "%y = relu %p : f32[4, 5]", results: "%y {output \"y\"}, %p {output \"p\"}")
    #expect(result.function("f")?.operations.map(\.opcode) == [.matmul, .relu])
  }

  @Test("a product of the matrix that is replaced stays apart from the replacement; one of another matrix does not")
  func ownFactor() throws {
    let opcodes = { (factor: String) in
      let module = try readModule(
        """
        module @m {
          func @f(%w: f32[3, 3] {weight "w"}, %v: f32[3, 3] {weight "v"}) -> (%2 {weight "w"}) {
            %1 = matmul %v, \(factor) {transpose_left = false, transpose_right = false} : f32[3, 3]
            %2 = subtract %w, %1 : f32[3, 3]
          }
        }
        """)
      return try fuse(module).function("f")?.operations.map(\.opcode)
    }
    #expect(try opcodes("%w") == [.matmul, .subtract])
    #expect(try opcodes("%v") == [.matmul])
  }

  @Test("with U V formed, one factor's update waits for the other's gradient and every replacement is in place")
  func crossedUpdates() throws {
    let module = try TrainingStep(form: .twoFactors, batch: 8192, widths: [784, 1024], rank: 784).module()
    let function = try #require(try optimize(module, roots: ["step"]).function("step"))
    // U V; forward; x^T dy; the gradients of U and V, one of them with its update. The other update and the bias's are maps.
    #expect(function.count(.matmul) == 5 && function.count(.map) == 2)
    for name in ["fc1.weight.u", "fc1.weight.v", "fc1.weight.u/momentum", "fc1.weight.v/momentum", "fc1.bias"] {
      #expect(try ScheduleTests.isInPlace(function, name), "\(name)")
    }
  }

  @Test("a chain around another operation is not one group, although both ends have one shape")
  func cycle() throws {
    let module = try Self.fused(
      """
      %a = relu %x : f32[4, 3]
      %b = negate %a : f32[4, 3]
      %m = sum %b {axes = [0, 1]} : f32
      %d = subtract %b, %m : f32[4, 3]
      %y = tanh %d : f32[4, 3]
      """, results: "%y {output \"y\"}")
    #expect(module.function("f")?.operations.map(\.opcode) == [.map, .sum, .map])
  }

  @Test("intermediate values that are needed outside are results of the map")
  func manyResults() throws {
    let module = try Self.fused(
      """
      %a = relu %x : f32[4, 3]
      %b = square %a : f32[4, 3]
      %y = add %b, %s : f32[4, 3]
      %z = sum %a {axes = [0]} : f32[3]
      """, results: "%y {output \"y\"}, %z {output \"z\"}")
    #expect(module.function("f")?.operations.map(\.results.count) == [2, 1])
  }

  @Test("equal bodies are shared; a lone operation and scalar arithmetic stay as they are")
  func shared() throws {
    let module = try Self.fused(
      """
      %a = relu %x : f32[4, 3]
      %b = multiply %a, %s : f32[4, 3]
      %d = relu %w : f32[3, 5]
      %e = multiply %d, %s : f32[3, 5]
      %g = tanh %r : f32[5]
      %h = square %s : f32
      %i = negate %h : f32
      """, results: "%b {output \"b\"}, %e {output \"e\"}, %g {output \"g\"}, %i {output \"i\"}")
    #expect(module.functions.map(\.name) == ["f", "map0"])
    #expect(module.function("f")?.operations.map(\.opcode) == [.map, .map, .tanh, .square, .negate])
  }

  @Test("names of bodies avoid functions that exist")
  func names() throws {
    var module = try TrainingStep().module()
    var taken = Function(name: "map0")
    taken.addResult("y", role: .plain, taken.addArgument("x", role: .plain, type: .scalar))
    module.set(taken)
    let fused = try fuse(module)
    #expect(verify(fused) == [])
    #expect(fused.function("map0") == taken && fused.function("map1") != nil)
  }
}
