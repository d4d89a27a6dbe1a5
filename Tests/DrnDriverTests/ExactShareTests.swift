import DrnProgram
import DrnTestSupport
import Testing

@Suite("Exact shares and requirements")
struct ExactShareTests {
  private func program(_ train: String, inputs: Int, _ network: String) -> String {
    """
    data d { source: synthetic(examples: 64, test_examples: 8) point: tensor[\(inputs)] label: class(\(inputs)) last_batch: keep }
    network n(point: tensor[\(inputs)]) -> tensor[\(inputs)] { return point |> \(network) }
    train n on d { length: 2 epochs batch: 64 loss: cross_entropy optimizer: sgd rate: 0.1 \(train) }
    """
  }

  @Test("29 % of 100 is rank 29, alone and in a linear map")
  func ranks() throws {
    let text = program(
      """
      weights a { from epoch 0: factored(rank: linear(29%, 29%) of outputs) }
      weights b { from epoch 0: factored(rank: 29% of outputs) }
      """, inputs: 100, "a: linear(100) |> b: linear(100) |> head: linear(100)")
    let weights = try checkedProgram(text).weights
    #expect(weights.map { $0.spans[0].rankBounds } == [29...29, 29...29, 0...0])
  }

  /// Rank 57 of 200 x 200 has 22,800 of 40,000 numbers, 0.57 of them; 0.57 * 40000 is less than that in double precision.
  @Test(
    "a requirement met exactly holds, and one that asks for less than that does not", arguments: ["final", "maximum", "average", "total"])
  func requirements(aggregate: String) throws {
    func status(_ comparison: String) throws -> Int32 {
      let text = program(
        "require: \(aggregate)(parameters) \(comparison) * dense_cost weights a { from epoch 0: factored(rank: 57) }", inputs: 200,
        "a: linear(200, bias: false)")
      return try Tool.run(["check", "-"], input: text).status
    }
    for comparison in ["<= 0.57", ">= 0.57", "<= 57%", ">= 57/100", "<= 0.5700001", "> 0.5699999"] {
      #expect(try status(comparison) == 0, "\(comparison)")
    }
    for comparison in ["< 0.57", "> 57%", "<= 0.5699999", ">= 0.5700001"] { #expect(try status(comparison) == 1, "\(comparison)") }
  }
}
