import DrnIR
import DrnPasses
import Testing

@Suite("Chains of products in half width") struct HalfChainTests {
  /// `f(x, w, c, p)`: x W in half width, then, by `tail`, what follows; ordered.
  private func ordered(state: Bool = false, _ tail: (inout Builder, _ product: Value, _ c: Value) throws -> Value) throws -> Function {
    var module = Module(name: "m")
    var b = Builder(function: "f", in: module)
    let x = b.argument("x", role: .batch, .f32([40, 30]))
    let w = b.argument("w", role: .weight, .f32([30, 20]))
    let c = b.argument("c", role: state ? .state : .weight, .f32([20, 10]))
    let product = try b.matmul(try b.narrow(x), try b.narrow(w))
    b.result("y", role: .output, try tail(&b, product, c))
    module.set(b.function)
    return try #require(try chooseContractionOrder(module).function("f"))
  }

  private func narrowed(_ function: Function) -> Set<String> {
    let values = function.operations.filter { $0.opcode == .narrow }.flatMap(\.operands)
    return Set(values.map { value in function.arguments.first { $0.value == value }?.name ?? "a product" })
  }

  @Test("a product written in single precision stays so behind one in half width")
  func apart() throws {
    let function = try ordered { b, product, c in try b.matmul(product, c) }
    #expect(narrowed(function) == ["x", "w"])
    let last = try #require(function.operations.last)
    #expect(last.opcode == .matmul && last.operands.allSatisfy { function.type(of: $0).element == .f32 })
  }

  @Test("optimizer state takes part in a gradient of such products, in one chain")
  func state() throws {
    let function = try ordered(state: true) { b, product, c in try b.matmul(product, c) }
    #expect(narrowed(function).isSuperset(of: ["x", "w", "c"]))
  }

  @Test("between the factors of one weight what is multiplied is narrowed too, and each value once")
  func factors() throws {
    var module = Module(name: "m")
    var b = Builder(function: "f", in: module)
    let x = b.argument("x", role: .batch, .f32([40, 30]))
    let (u, v) = (b.argument("u", role: .weight, .f32([30, 3])), b.argument("v", role: .weight, .f32([3, 20])))
    b.productElement = .bf16
    b.result("y", role: .output, try b.product([x, u, v]))
    module.set(b.function)
    let function = try #require(try chooseContractionOrder(module).function("f"))
    #expect(narrowed(function) == ["x", "u", "v", "a product"])
    for operation in function.operations where operation.opcode == .matmul {
      #expect(operation.operands.allSatisfy { function.type(of: $0).element == .bf16 })
    }
    #expect(function.operations.count { $0.opcode == .narrow } == 4)
  }
}
