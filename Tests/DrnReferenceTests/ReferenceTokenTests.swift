import DrnIR
import DrnReference
import DrnTestSupport
import Testing

@Suite("Rows chosen by tokens")
struct TokenTests {
  private let tokens = ReferenceTensor(shape: [5], values: [2, 0, -1, 2, 3])

  private func result(_ opcode: Opcode, _ matrices: [ReferenceTensor], _ attributes: Attributes = [:]) throws -> ReferenceTensor {
    var sample = OpSample("", matrices, attributes)
    sample.insert(tokens, TensorType(.i32, [5]), at: 0)
    return try evaluateOp(opcode, sample)[0]
  }

  @Test("a token outside has a row of zeros, and its row goes nowhere")
  func values() throws {
    let oneHot = try result(.oneHot, [], ["classes": .integer(3)])
    #expect(oneHot == matrix([[0, 0, 1], [1, 0, 0], [0, 0, 0], [0, 0, 1], [0, 0, 0]]))
    let table = matrix([[1, 2], [3, 4], [5, 6]])
    #expect(try result(.gatherRows, [table]) == matrix([[5, 6], [1, 2], [0, 0], [5, 6], [0, 0]]))
    let rows = matrix([[1, 2], [3, 4], [5, 6], [7, 8], [9, 10]])
    #expect(try result(.scatterRows, [rows], ["rows": .integer(3)]) == matrix([[3, 4], [0, 0], [8, 10]]))
  }

  @Test("what does not fit is refused")
  func refusals() throws {
    var b = Builder(function: "f", in: Module(name: "tokens"))
    let tokens = b.argument("tokens", role: .batch, TensorType(.i32, [4]))
    let square = b.argument("square", role: .batch, TensorType(.i32, [2, 2]))
    let x = b.argument("x", role: .batch, .f32([5, 2]))
    #expect(throws: IRError("one_hot: attribute classes is 0 where at least 1 is needed")) { _ = try b.oneHot(tokens, classes: 0) }
    #expect(throws: IRError("one_hot: operand 0 is i32[2, 2] where a vector of i32 is needed as tokens")) {
      _ = try b.oneHot(square, classes: 2)
    }
    #expect(throws: IRError("scatter_rows: operand 1 is f32[5, 2] where a row for each of 4 tokens is needed")) {
      _ = try b.scatterRows(tokens, x, rows: 3)
    }
    #expect(throws: IRError.self) { _ = try b.scatterRows(tokens, x, rows: -1) }
  }
}
