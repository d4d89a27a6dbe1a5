import DrnIR
import DrnTestSupport
import Testing

@testable import DrnPasses

@Suite("Sums of blocks side by side")
struct JoinBlocksTests {
  /// The ops of a function of three tensors of 2 x 3, after the pass, which keeps what is computed.
  private func joined(_ lines: String, _ type: String = "f32[2, 9]") throws -> [String] {
    let text = """
      module @m {
        func @step(%a: f32[2, 3] {plain "a"}, %b: f32[2, 3] {plain "b"}, %c: f32[2, 3] {plain "c"}, %w: \(type) {plain "w"}) -> (%y {output "y"}) {
        \(lines)
        }
      }
      """
    let module = try readModule(text)
    #expect(verify(module) == [])
    try expectEquivalent(module, joinBlocks)
    return try eliminateDeadCode(joinBlocks(module), roots: ["step"]).function("step")?.operations.map(\.opcode.mnemonic) ?? []
  }

  private func pad(_ name: String, _ value: String, _ starts: String, _ shape: String = "2, 9") -> String {
    "%\(name) = pad %\(value) {shape = <\(shape)>, starts = <\(starts)>} : f32[\(shape)]\n"
  }

  @Test("blocks that fill a tensor become a concatenation, in whatever order they are added")
  func fills() throws {
    let pads = pad("1", "b", "0, 3") + pad("2", "a", "0, 0") + pad("3", "c", "0, 6")
    #expect(try joined(pads + "%4 = add %1, %2 : f32[2, 9]\n %y = add %4, %3 : f32[2, 9]") == ["concatenate"])
    #expect(try joined(pads + "%4 = add %2, %3 : f32[2, 9]\n %y = add %1, %4 : f32[2, 9]") == ["concatenate"])
    #expect(
      try joined(pads + "%4 = add %1, %w : f32[2, 9]\n %5 = add %2, %3 : f32[2, 9]\n %y = add %4, %5 : f32[2, 9]") == [
        "concatenate", "add",
      ])
    let rows = pad("1", "a", "2, 0", "4, 3") + pad("2", "b", "0, 0", "4, 3")
    #expect(try joined(rows + "%y = add %1, %2 : f32[4, 3]", "f32[4, 3]") == ["concatenate"])
  }

  @Test("what overlaps, leaves a gap, lies in a corner or is read elsewhere stays a sum")
  func near() throws {
    let (first, second, third) = (pad("1", "a", "0, 0"), pad("2", "b", "0, 3"), pad("3", "c", "0, 6"))
    #expect(try joined(first + second + "%y = add %1, %2 : f32[2, 9]").filter { $0 == "pad" }.count == 2)
    let overlap = pad("2", "b", "0, 2")
    #expect(
      try joined(first + overlap + third + "%4 = add %1, %2 : f32[2, 9]\n %y = add %4, %3 : f32[2, 9]").filter { $0 == "pad" }.count == 3)
    let corner = pad("1", "a", "0, 0", "4, 6") + pad("2", "b", "2, 3", "4, 6")
    #expect(try joined(corner + "%y = add %1, %2 : f32[4, 6]", "f32[4, 6]").filter { $0 == "pad" }.count == 2)
    let shared = "%4 = add %1, %2 : f32[2, 9]\n %5 = add %4, %3 : f32[2, 9]\n %y = multiply %5, %1 : f32[2, 9]"
    #expect(try joined(first + second + third + shared).filter { $0 == "pad" }.count == 3)
  }

  @Test("two sets of blocks along two axes are two concatenations")
  func twoAxes() throws {
    let columns = pad("1", "a", "0, 0", "2, 6") + pad("2", "b", "0, 3", "2, 6")
    let again = pad("3", "b", "0, 0", "2, 6") + pad("4", "c", "0, 3", "2, 6")
    let sums = "%5 = add %1, %3 : f32[2, 6]\n %6 = add %5, %2 : f32[2, 6]\n %y = add %6, %4 : f32[2, 6]"
    #expect(try joined(columns + again + sums, "f32[2, 6]") == ["concatenate", "concatenate", "add"])
  }
}
