import DrnIR
import DrnKernels
import Testing

@Suite("Functions that are fused into an operation are priced")
struct FusedPriceTests {
  /// `@f`, one product of 64 x 32 x 48 or one map of as many elements, which applies `function` to each element.
  private func module(_ function: Opcode, isProduct: Bool) throws -> Module {
    var module = Module(name: "fused")
    var body = Builder(function: "body", in: module)
    let element = body.argument("x", role: .plain, .scalar)
    body.result("y", role: .plain, try body.emitOne(function, [element]))
    module.set(body.function)
    var b = Builder(function: "f", in: module)
    let x = b.argument("x", role: .batch, .f32([64, isProduct ? 32 : 48]))
    if isProduct {
      let w = b.argument("w", role: .weight, .f32([32, 48]))
      let attributes: Attributes = [
        "transpose_left": .boolean(false), "transpose_right": .boolean(false), "epilogue": .function("body"), "kinds": .integers([]),
      ]
      b.result("y", role: .output, try b.emitOne(.matmul, [x, w], attributes))
    } else {
      b.result("y", role: .output, try b.emitOne(.map, [x], ["body": .function("body"), "kinds": .integers([0])]))
    }
    module.set(b.function)
    return module
  }

  @Test("a product or a map with GELU costs as much more as GELU takes, one with a sign not", arguments: [true, false])
  func gelu(isProduct: Bool) throws {
    let machine = MachineModel(rates: MachineRates(product: 1e9, cache: 1e9, bandwidth: 1e9), start: 0, threads: 1)
    let plain = machine.milliseconds(of: "f", in: try module(.negate, isProduct: isProduct))
    let with = machine.milliseconds(of: "f", in: try module(.gelu, isProduct: isProduct))
    // 70 multiply-adds an element of 64 x 48, two operations each, at 1e9 operations a second; a product runs at nine tenths of that.
    let expected = 2 * 70 * 64 * 48 / 1e9 * 1e3 / (isProduct ? 0.9 : 1)
    #expect(abs(with - plain - expected) < 1e-9)
    #expect(plain > 0)
  }
}
