import DrnDiagnostics
import DrnProgram
import DrnSema
import Testing

@Suite("Precision of products") struct PrecisionTests {
  private func precisions(_ text: String) throws -> [String: ProductPrecision] {
    let checked = Checked(text)
    let weights = try #require(checked.program, "\(checked.codes)").weights
    return Dictionary(weights.map { ($0.path, $0.precision) }) { first, _ in first }
  }

  @Test("`train` says it for every matrix, a clause for its own")
  func scope() throws {
    #expect(try precisions(program()) == ["fc1": .single, "fc2": .single])
    #expect(try precisions(program(train: "precision: bfloat16")) == ["fc1": .bfloat16, "fc2": .bfloat16])
    #expect(
      try precisions(program(train: "precision: bfloat16\n    weights fc2 { precision: single }")) == ["fc1": .bfloat16, "fc2": .single])
    #expect(try precisions(program(train: "weights fc1 { precision: bfloat16 }")) == ["fc1": .bfloat16, "fc2": .single])
  }

  private static let convolution = "return image |> c1: conv2d(4, kernel: 3) |> relu |> flatten |> head: linear(10)"

  @Test("a convolution stays single, and a precision for convolutions alone is an error")
  func convolutions() throws {
    #expect(try precisions(program(network: Self.convolution, train: "precision: bfloat16")) == ["c1": .single, "head": .bfloat16])
    let checked = Checked(program(network: Self.convolution, train: "weights c1 { precision: bfloat16 }"))
    #expect(checked.codes == ["DRN0228"])
    #expect(checked.text(.unreadEntry).contains("convolutions multiply single precision"))
  }

  @Test("two clauses for one weight, and another word, are errors")
  func wrong() {
    let twice = "weights fc1 { precision: bfloat16 }\n    weights ** { precision: single }"
    #expect(Checked(program(train: twice)).text(.claimedTwice).contains("given a precision by two clauses"))
    #expect(Checked(program(train: "precision: half")).result.programs.isEmpty)
  }
}
