import DrnIR
import DrnReference
import DrnTestSupport
import Testing

@Suite("Pulling gradients back")
struct PullBackTests {
  @Test("The pull-back of W = U V is M V^T and U^T M, at symbolic rank")
  func twoFactors() throws {
    var builder = Builder(function: "f", in: Module(name: "m"))
    let rank = Dimension(Symbol(0))
    let u = builder.argument("u", role: .weight, .f32([5, rank]))
    let v = builder.argument("v", role: .weight, .f32([rank, 7]))
    let m = builder.argument("m", role: .plain, .f32([5, 7]))
    let w = try builder.matmul(u, v)
    let gradients = try pullBack(of: [w], cotangents: [m], wrt: [u, v], in: &builder, from: 0)
    let operations = builder.function.operations
    #expect(operations.count == 3)
    #expect(operations.map(\.results) == [[w], [gradients[0]], [gradients[1]]])
    #expect(operations[1].operands == [m, v] && operations[1].attributes.boolean("transpose_right") == true)
    #expect(operations[2].operands == [u, m] && operations[2].attributes.boolean("transpose_left") == true)
    #expect(builder.type(of: gradients[0]) == .f32([5, rank]))
  }

  @Test("The pull-back of a three-factor product is one product per factor")
  func threeFactors() throws {
    var builder = Builder(function: "f", in: Module(name: "m"))
    let rank = Dimension(Symbol(0))
    let u = builder.argument("u", role: .weight, .f32([5, rank]))
    let s = builder.argument("s", role: .weight, .f32([rank, rank]))
    let v = builder.argument("v", role: .weight, .f32([7, rank]))
    let m = builder.argument("m", role: .plain, .f32([5, 7]))
    let w = try builder.product([u, s, v], transposes: [false, false, true])
    let gradients = try pullBack(of: [w], cotangents: [m], wrt: [u, s, v], in: &builder, from: 0)
    let operations = builder.function.operations
    #expect(operations.map(\.opcode) == [.product, .product, .product, .product])
    // dS = U^T M V: the transpose of the stored V^T enters untransposed.
    #expect(operations[2].operands == [u, m, v])
    #expect(operations[2].attributes.booleans("transposes") == [true, false, false])
    #expect(gradients.map { builder.type(of: $0) } == [u, s, v].map { builder.type(of: $0) })
  }

  @Test("Contributions of several uses are added, and only operations after the start count")
  func sums() throws {
    var builder = Builder(function: "f", in: Module(name: "m"))
    let x = builder.argument("x", role: .plain, .f32([3]))
    let y = try builder.square(x)
    let start = builder.function.operations.count
    let z = try builder.add(try builder.multiply(y, x), y)
    let ones = try builder.constant(1, shape: [3])
    let gradients = try pullBack(of: [z], cotangents: [ones], wrt: [x, y], in: &builder, from: start)
    for (name, value) in zip(["dx", "dy"], gradients) { builder.result(name, role: .output, value) }
    let results = try evaluate(
      function: builder.function, module: builder.module, arguments: ["x": ReferenceTensor(shape: [3], values: [1, 2, -3])])
    // z = y x + y with y held apart from x: dz/dx = y, dz/dy = x + 1.
    #expect(results["dx"]?.values == [1, 4, 9])
    #expect(results["dy"]?.values == [2, 3, -2])
  }

  @Test("Several outputs, one given as both output and argument")
  func outputs() throws {
    var builder = Builder(function: "f", in: Module(name: "m"))
    let x = builder.argument("x", role: .plain, .scalar)
    let y = try builder.square(x)
    let one = try builder.constant(1)
    let two = try builder.constant(2)
    let gradient = try pullBack(of: [y, x, y], cotangents: [one, two, one], wrt: [x], in: &builder, from: 0)[0]
    builder.result("dx", role: .output, gradient)
    let results = try evaluate(function: builder.function, module: builder.module, arguments: ["x": ReferenceTensor(3)])
    #expect(results["dx"]?.values == [14])
  }

  @Test("A value the outputs do not depend on has a zero of its own shape")
  func independent() throws {
    var builder = Builder(function: "f", in: Module(name: "m"))
    let rank = Dimension(Symbol(0))
    let x = builder.argument("x", role: .plain, .f32([rank, 2]))
    let y = builder.argument("y", role: .plain, .scalar)
    let one = try builder.constant(1)
    let gradient = try pullBack(of: [try builder.square(y)], cotangents: [one], wrt: [x], in: &builder, from: 0)[0]
    #expect(builder.type(of: gradient) == .f32([rank, 2]))
    #expect(builder.function.operations.last?.attributes.number("value") == 0)
  }

  @Test("An op without a gradient is no error where nothing is differentiated through it")
  func undefinedBeside() throws {
    var builder = Builder(function: "f", in: Module(name: "m"))
    let x = builder.argument("x", role: .plain, .f32([3, 2]))
    let basis = try builder.orthonormalize(x)
    let y = builder.argument("y", role: .plain, .f32([3, 2]))
    let z = try builder.multiply(basis, y)
    let one = try builder.constant(1, shape: [3, 2])
    #expect(try pullBack(of: [z], cotangents: [one], wrt: [y], in: &builder, from: 0).count == 1)
    #expect(throws: IRError.self) { try pullBack(of: [z], cotangents: [one], wrt: [x], in: &builder, from: 0) }
  }

  @Test("A cotangent of another shape is an error that gives both")
  func wrongCotangent() throws {
    var builder = Builder(function: "f", in: Module(name: "m"))
    let x = builder.argument("x", role: .plain, .f32([3]))
    let one = try builder.constant(1)
    let error = #expect(throws: IRError.self) { try pullBack(of: [x], cotangents: [one], wrt: [x], in: &builder, from: 0) }
    #expect(error?.message.contains("f32[]") == true && error?.message.contains("f32[3]") == true)
  }

  @Test("Inlining needs arguments of the function's types")
  func inlining() throws {
    let module = try sampleModule()
    let loss = try #require(module.function("loss"))
    var builder = Builder(function: "f", in: module)
    let x = builder.argument("x", role: .plain, .f32([3, 2]))
    let error = #expect(throws: IRError.self) { try inline(callee: loss, arguments: [x], into: &builder) }
    #expect(error?.message.contains("f32[3, 2]") == true && error?.message.contains("f32[2, 3]") == true)
    #expect(throws: IRError.self) { try inline(callee: loss, arguments: [], into: &builder) }
  }
}
