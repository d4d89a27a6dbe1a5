import DrnIR
import DrnPasses
import DrnTestSupport
import Testing

@Suite("Simplification")
struct SimplifyTests {
  /// `%x`: f32[2, 3], `%s`: f32, `%z`: f32[3, 2]; the result is `%y`.
  static func simplified(_ lines: String) throws -> [String] {
    let text = """
      module @m {
        func @f(%x: f32[2, 3] {plain "x"}, %s: f32 {plain "s"}, %z: f32[3, 2] {plain "z"}) -> (%y {output "y"}) {
        \(lines)
        }
      }
      """
    let module = try readModule(text)
    #expect(verify(module) == [])
    let result = try simplify(module)
    #expect(verify(result) == [])
    return print(result).split(separator: "\n").filter { $0.hasPrefix("    ") }.map { String($0.dropFirst(4)) }
  }

  static let flags = "transpose_left = false, transpose_right = false"

  @Test(
    "neutral operations disappear",
    arguments: [
      "%1 = constant {shape = <>, value = 1.0} : f32\n %y = multiply %x, %1 : f32[2, 3]",
      "%1 = constant {shape = <2, 3>, value = 1.0} : f32[2, 3]\n %y = multiply %1, %x : f32[2, 3]",
      "%1 = constant {shape = <>, value = 0.0} : f32\n %y = add %1, %x : f32[2, 3]",
      "%1 = constant {shape = <>, value = 0.0} : f32\n %y = subtract %x, %1 : f32[2, 3]",
      "%1 = constant {shape = <>, value = 1.0} : f32\n %y = divide %x, %1 : f32[2, 3]",
      "%1 = negate %x : f32[2, 3]\n %y = negate %1 : f32[2, 3]",
      "%1 = transpose %x : f32[3, 2]\n %y = transpose %1 : f32[2, 3]",
      "%1 = reshape %x {shape = <6>} : f32[6]\n %y = reshape %1 {shape = <2, 3>} : f32[2, 3]",
      "%y = broadcast %x {axes = [0, 1], shape = <2, 3>} : f32[2, 3]",
      "%y = slice %x {sizes = <2, 3>, starts = <0, 0>} : f32[2, 3]",
      "%y = pad %x {shape = <2, 3>, starts = <0, 0>} : f32[2, 3]",
      "%y = concatenate %x {axis = 0} : f32[2, 3]",
    ])
  func neutral(lines: String) throws { #expect(try Self.simplified(lines) == []) }

  @Test(
    "near misses stay",
    arguments: [
      "%1 = constant {shape = <>, value = 0.0} : f32\n %y = subtract %1, %x : f32[2, 3]",
      "%1 = constant {shape = <>, value = 1.0} : f32\n %y = divide %1, %x : f32[2, 3]",
      "%1 = constant {shape = <>, value = 0.0} : f32\n %y = multiply %x, %1 : f32[2, 3]",
      "%1 = constant {shape = <2, 3>, value = 1.0} : f32[2, 3]\n %y = multiply %1, %s : f32[2, 3]",
      "%y = slice %x {sizes = <1, 3>, starts = <0, 0>} : f32[1, 3]",
      "%y = pad %x {shape = <3, 3>, starts = <0, 0>} : f32[3, 3]",
      "%1 = constant {shape = <>, value = -1.0} : f32\n %y = logarithm %1 : f32",
      "%1 = constant {shape = <>, value = 0.0} : f32\n %y = greater %x, %1 : f32[2, 3]",
    ])
  func nearMisses(lines: String) throws { #expect(try Self.simplified(lines).count == lines.split(separator: "\n").count) }

  @Test(
    "operations become cheaper ones",
    arguments: [
      // Scale of scale.
      (
        "%1 = constant {shape = <>, value = 2.0} : f32\n %2 = multiply %x, %1 : f32[2, 3]\n"
          + "%3 = constant {shape = <>, value = 4.0} : f32\n %y = multiply %3, %2 : f32[2, 3]",
        ["%3 = constant {shape = <>, value = 8.0} : f32", "%y = multiply %x, %3 : f32[2, 3]"]
      ),
      // A chain of numbers.
      (
        "%1 = constant {shape = <>, value = 2.0} : f32\n %2 = square %1 : f32\n %y = add %2, %1 : f32",
        ["%y = constant {shape = <>, value = 6.0} : f32"]
      ),
      // A repeated scalar is used as the scalar.
      (
        "%1 = broadcast %s {axes = [], shape = <2, 3>} : f32[2, 3]\n %y = multiply %x, %1 : f32[2, 3]", ["%y = multiply %x, %s : f32[2, 3]"]
      ),
      // Transposes become flags.
      (
        "%1 = transpose %x : f32[3, 2]\n %y = matmul %1, %z {transpose_left = false, transpose_right = true} : f32[3, 3]",
        ["%y = matmul %x, %z {transpose_left = true, transpose_right = true} : f32[3, 3]"]
      ),
      (
        "%1 = matmul %x, %z {transpose_left = false, transpose_right = false} : f32[2, 2]\n %y = transpose %1 : f32[2, 2]",
        ["%y = matmul %z, %x {transpose_left = true, transpose_right = true} : f32[2, 2]"]
      ),
      (
        "%1 = transpose %x : f32[3, 2]\n %y = product %x, %1, %x {transposes = [false, false, false]} : f32[2, 3]",
        ["%y = product %x, %x, %x {transposes = [false, true, false]} : f32[2, 3]"]
      ),
      // Reshape of reshape.
      (
        "%1 = reshape %x {shape = <6>} : f32[6]\n %y = reshape %1 {shape = <3, 2>} : f32[3, 2]",
        ["%y = reshape %x {shape = <3, 2>} : f32[3, 2]"]
      ),
      // The mask of a rectified unit comes from its output.
      (
        "%1 = relu %x : f32[2, 3]\n %2 = constant {shape = <>, value = 0.0} : f32\n"
          + "%3 = greater %x, %2 : f32[2, 3]\n %y = add %1, %3 : f32[2, 3]",
        [
          "%3 = relu %x : f32[2, 3]", "%4 = constant {shape = <>, value = 0.0} : f32", "%5 = greater %3, %4 : f32[2, 3]",
          "%y = add %3, %5 : f32[2, 3]",
        ]
      ),
      // Equal operations, also with commuted operands.
      (
        "%1 = add %x, %s : f32[2, 3]\n %2 = add %s, %x : f32[2, 3]\n %y = subtract %1, %2 : f32[2, 3]",
        ["%3 = add %x, %s : f32[2, 3]", "%y = subtract %3, %3 : f32[2, 3]"]
      ),
      // Nothing reads it.
      ("%1 = tanh %x : f32[2, 3]\n %y = negate %x : f32[2, 3]", ["%y = negate %x : f32[2, 3]"]),
    ])
  func cheaper(lines: String, expected: [String]) throws { #expect(try Self.simplified(lines) == expected) }

  @Test("a product that others read is not transposed into a second one")
  func sharedProduct() throws {
    let lines = try Self.simplified(
      "%1 = matmul %x, %z {\(Self.flags)} : f32[2, 2]\n %2 = transpose %1 : f32[2, 2]\n %y = add %1, %2 : f32[2, 2]")
    #expect(lines.filter { $0.contains("matmul") }.count == 1)
  }

  @Test("differences of operands are not merged")
  func notCommutative() throws {
    let lines = try Self.simplified("%1 = subtract %x, %s : f32[2, 3]\n %2 = subtract %s, %x : f32[2, 3]\n %y = add %1, %2 : f32[2, 3]")
    #expect(lines.count == 3)
  }

  @Test("functions that no root needs are dropped, bodies that a root names are kept")
  func functions() throws {
    let module = try TrainingStep(form: .twoFactors).module()
    #expect(try eliminateDeadCode(module, roots: ["step"]).functions.map(\.name) == ["step"])
    #expect(try eliminateDeadCode(module, roots: ["loss"]).functions.map(\.name) == ["loss"])
    #expect(throws: IRError("@mlp has no function @none")) { try eliminateDeadCode(module, roots: ["loss", "none"]) }
    let fused = try fuse(module)
    let kept = try eliminateDeadCode(fused, roots: ["loss"])
    #expect(kept.functions.count > 1 && kept.functions.count < fused.functions.count)
    #expect(verify(kept) == [])
  }
}
