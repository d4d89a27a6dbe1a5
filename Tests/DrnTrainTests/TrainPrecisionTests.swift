import DrnCPU
import DrnMethods
import DrnProgram
import DrnTestSupport
import Testing

@testable import DrnTrain

@Suite("Products of half width in training") struct TrainPrecisionTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// Factors, a truncation, an odd batch and dropout.
  private func program(_ precision: String) -> String {
    trainSource(
      """
      length: 3 epochs  batch: 15  rate: 0.01  optimizer: adam()  state: carry  \(precision)
      weights fc1 { from epoch 0: dense  from epoch 1: factored(rank: 4) }
      """, network: "return x |> fc1: linear(47) |> relu |> dropout(0.2) |> fc2: linear(33) |> gelu |> head: linear(4)")
  }

  @Test("a processor without them refuses the program at its setting")
  func refused() throws {
    let half = try checkedProgram(program("precision: bfloat16"))
    let error = #expect(throws: TrainError.self) { try half.requireProducts(hasHalf: false) }
    #expect(error?.kind == .precisionUnavailable)
    #expect(error?.span == half.training.precisionSpan && error?.span != half.training.span)
    try half.requireProducts(hasHalf: true)
    try checkedProgram(program("precision: single")).requireProducts(hasHalf: false)
  }

  @Test("one thread, two, and a stop in between give the same bytes", .enabled(if: Machine.multipliesHalf, "needs products of bfloat16"))
  func repeatable() throws {
    let text = program("precision: bfloat16")
    try train(text, output: folder("a"), threads: 1)
    try train(text, output: folder("b"), threads: 2)
    #expect(try folder.bytes("a/weights.safetensors") == folder.bytes("b/weights.safetensors"))
    try runInFolder(text, folder("c"))
    try runInFolder(text, folder("d"), stopAfter: DrnMethods.Duration(.step, 11))
    try runInFolder(text, folder("d"), resumes: true)
    #expect(try folder.bytes("c/weights.safetensors") == folder.bytes("d/weights.safetensors"))
  }

  @Test(
    "the first loss is that of single precision to three digits, and not to seven",
    .enabled(if: Machine.multipliesHalf, "needs products of bfloat16"))
  func close() throws {
    let losses = try ["single", "bfloat16"].map { precision in
      let (session, _) = try train(program("precision: \(precision)"), output: folder(precision))
      return try #require(session.recorder.records("epoch").first?.number("train_loss"))
    }
    // Numbers of 8 bits are off by at most 1 in 512, sums of some tens of them by less.
    #expect(abs(losses[0] - losses[1]) < 4e-3 * losses[0] && losses[0] != losses[1])
  }
}
