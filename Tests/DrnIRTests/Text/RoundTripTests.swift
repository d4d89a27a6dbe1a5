import DrnIR
import Testing

@Suite("Text form of the IR")
struct RoundTripTests {
  static let sample = """
    module @mlp.phase0 {
      symbol r0 "fc1.weight" in 1...784
      symbol r1 "fc1.weight augmented" in 1...392 = min(2*r0, 392)

      func @body(%x: f32 {plain "x"}, %b: f32 {plain "b"}) -> (%3 {plain "y"}) {
        %2 = add %x, %b : f32
        %3 = relu %2 : f32
      }

      func @step(
          %x: f32[128, 784] {batch "features"},
          %fc1.weight.u: f32[784, r0] {weight "fc1.weight.u"},
          %"a b": f32[r0, 32] {weight "fc1.weight.v"},
          %bias: f32[32] {weight "fc1.bias"}) -> (%loss {output "loss"}) {
        %xU = matmul %x, %fc1.weight.u {transpose_left = false, transpose_right = false} : f32[128, r0]
        %5 = matmul %xU, %"a b", %bias {epilogue = @body, kinds = [2], transpose_left = false, transpose_right = false} : f32[128, 32]
        %xU#1 = multiply %5, %5 : f32[128, 32]
        %loss = sum %xU#1 {axes = [0, 1]} : f32
      }
    }

    """

  @Test("reading and printing gives back the text")
  func textRoundTrip() throws {
    let module = try readModule(Self.sample)
    #expect(print(module) == Self.sample)
    #expect(try readModule(print(module)) == module)
    #expect(verify(module).isEmpty)
  }

  @Test("printing and reading gives back the module, attributes of every kind included")
  func moduleRoundTrip() throws {
    var module = Module(name: "odd \"name\"\n")
    let rank = module.addSymbol(SymbolInfo(name: "w", bounds: 1...9))
    var builder = Builder(function: "initialize", in: module)
    let key = builder.argument("key", role: .key, TensorType(.u64, []))
    let shape = [Dimension(3), Dimension(constant: -2, terms: [.init(symbol: rank, coefficient: 3)])]
    let random = try builder.randomNormal(shape, deviation: 1e-300, stream: "fc1\u{7}\\ü", key: key)
    builder.name(random, "random")
    let moved = try builder.transpose(random)
    builder.name(moved, "random")
    let scaled = try builder.scale(moved, by: -0.0)
    builder.result("w", role: .weight, scaled)
    module.set(builder.function)
    #expect(try readModule(print(module)) == module)
    #expect(print(module).contains("%random#1 = transpose %random : f32[3*r0 - 2, 3]"))
  }

  @Test(
    "attribute values print in spellings of their own",
    arguments: [
      (AttributeValue.integers([]), "[]"), (.booleans([]), "booleans[]"), (.dimensions([]), "<>"), (.number(3), "3.0"), (.integer(3), "3"),
      (.booleans([true]), "[true]"), (.function("f g"), "@\"f g\""), (.number(-.infinity), "-inf"),
    ])
  func spellings(value: AttributeValue, text: String) { #expect(print(value) == text) }

  @Test("numbers without a name count definitions, whatever the value table holds")
  func sparseTable() throws {
    var function = Function(name: "f")
    _ = function.makeValue(.scalar)
    let x = function.addArgument("x", role: .plain, type: .scalar)
    _ = function.makeValue(.scalar)
    let y = function.makeValue(.scalar)
    function.operations.append(Operation(.relu, operands: [x], results: [y]))
    function.addResult("y", role: .output, y)
    var module = Module(name: "m")
    module.set(function)
    let text = print(module)
    #expect(text.contains("%1 = relu %x : f32"))
    #expect(print(try readModule(text)) == text)
  }
}
