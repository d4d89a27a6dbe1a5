import DrnCompiler
import DrnPlan
import DrnTestSupport
import Testing

@testable import DrnAnalysis

@Suite("Costs of products in bfloat16") struct NominalPrecisionTests {
  private func compiler(_ precision: String) throws -> PhaseCompiler {
    let text = trainSource(
      """
      length: 2 epochs  \(plainSettings)  state: carry  \(precision)
      weights fc1 { from epoch 0: dense  from epoch 1: adapter(rank: 2) }
      """, network: "return x |> fc1: linear(64) |> relu |> fc2: linear(64) |> relu |> head: linear(4)")
    return PhaseCompiler(program: try checkedProgram(text))
  }

  @Test("the forms as written cost the same multiply-adds in either precision, trained ones and frozen ones")
  func nominal() throws {
    let (single, half) = (try compiler("precision: single"), try compiler("precision: bfloat16"))
    for phase in 0...1 {
      let ranks = single.scheduledRanks(phase: phase)
      let count = try single.nominalOperations(phase: phase, ranks: ranks)
      #expect(try half.nominalOperations(phase: phase, ranks: ranks) == count)
      #expect(count.trained > 0 && (count.frozen > 0) == (phase == 1))
    }
  }

  @Test("what lies between products takes less memory where weights are few")
  func memory() throws {
    func arena(_ precision: String) throws -> Int {
      let text = trainSource(
        "length: 1 epochs  batch: 512  rate: 0.1  optimizer: sgd  \(precision)",
        network: "return x |> fc1: linear(64) |> gelu |> fc2: linear(64) |> gelu |> fc3: linear(64) |> gelu |> head: linear(4)",
        examples: 2048)
      let compiler = PhaseCompiler(program: try checkedProgram(text))
      return try compiler.compiled(phase: 0, ranks: compiler.scheduledRanks(phase: 0)).plan(threads: 1).totalBytes
    }
    #expect(try arena("precision: bfloat16") < arena("precision: single"))
  }
}
