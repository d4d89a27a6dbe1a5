import DrnIR
import DrnTestSupport
import Testing

@testable import DrnPasses

@Suite("Sums of products")
struct JoinProductsTests {
  /// The ops of a function of three pairs of matrices after the pass, which keeps what is computed. `right` are the second operands' sizes.
  private func joined(_ lines: String, rows: Int = 2, sides: (Int, Int) = (5, 7), result: String = "%y") throws -> [String] {
    let pairs = ["a", "b", "c"].map {
      "%\($0): f32[\(rows), \(sides.0)] {plain \"\($0)\"}, %d\($0): f32[\(rows), \(sides.1)] {plain \"d\($0)\"}"
    }
    let text = """
      module @m {
        func @step(\(pairs.joined(separator: ", ")), %w: f32[\(sides.0), \(sides.1)] {plain "w"}) -> (\(result) {output "y"}, %all {output "all"}) {
        \(lines)
        }
      }
      """
    let module = try readModule(text)
    #expect(verify(module) == [])
    try expectEquivalent(module, joinProducts)
    return try eliminateDeadCode(joinProducts(module), roots: ["step"]).function("step")?.operations.map(\.opcode.mnemonic) ?? []
  }

  private func product(_ name: String, _ operand: String, _ sides: String = "5, 7") -> String {
    "%\(name) = matmul %\(operand), %d\(operand) {transpose_left = true, transpose_right = false} : f32[\(sides)]\n"
  }
  private let all = "%all = concatenate %da, %db, %dc {axis = 1} : f32[2, 21]\n"

  @Test("three products whose second factors lie in one concatenation are one product, beside whatever else is added")
  func three() throws {
    let products = product("1", "a") + product("2", "b") + product("3", "c")
    let sum = "%4 = add %1, %2 : f32[5, 7]\n %y = add %4, %3 : f32[5, 7]\n"
    #expect(try joined(products + sum + all) == ["concatenate", "concatenate", "matmul", "concatenate"])
    let more = "%4 = add %1, %w : f32[5, 7]\n %5 = add %2, %3 : f32[5, 7]\n %y = add %4, %5 : f32[5, 7]\n"
    #expect(try joined(products + more + all) == ["concatenate", "concatenate", "matmul", "add", "concatenate"])
  }

  @Test(
    "two products, products read elsewhere, of factors that no concatenation keeps, or of more rows than their result is large stay apart")
  func apart() throws {
    let two = product("1", "a") + product("2", "b") + "%y = add %1, %2 : f32[5, 7]\n"
    #expect(try joined(two + all).filter { $0 == "matmul" }.count == 2)
    let products = product("1", "a") + product("2", "b") + product("3", "c")
    let sum = "%4 = add %1, %2 : f32[5, 7]\n %5 = add %4, %3 : f32[5, 7]\n"
    #expect(try joined(products + sum + "%y = multiply %5, %1 : f32[5, 7]\n" + all).filter { $0 == "matmul" }.count == 3)
    let kept = "%all = concatenate %da, %db {axis = 1} : f32[2, 14]\n"
    #expect(try joined(products + sum + "%y = add %5, %w : f32[5, 7]\n" + kept).filter { $0 == "matmul" }.count == 3)
    let flat = product("1", "a", "5, 1") + product("2", "b", "5, 1") + product("3", "c", "5, 1")
    let narrow = "%4 = add %1, %2 : f32[5, 1]\n %y = add %4, %3 : f32[5, 1]\n %all = concatenate %da, %db, %dc {axis = 1} : f32[2, 3]\n"
    #expect(try joined(flat + narrow, sides: (5, 1)).filter { $0 == "matmul" }.count == 3)
  }
}
