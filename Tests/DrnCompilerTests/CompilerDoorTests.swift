import DrnAnalysis
import DrnCompiler
import DrnProgram
import DrnTestSupport
import Testing

@testable import DrnTrain

@Suite("One door into the compiler") struct CompilerDoorTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// Three phases, the second all dense, with a measurement of two weights after each of six epochs.
  private static let text = trainSource(
    """
    length: 6 epochs  \(plainSettings)  state: carry
    weights fc1 { from epoch 0: factored(rank: 2)  from epoch 2: dense  from epoch 4: factored(rank: 3) by svd }
    every 1 epochs: report(effective_rank)
    """)

  @Test("a program is priced and trained with one lowering and one plan a phase, and a measurement a weight and phase", arguments: [1, 2])
  func work(threads: Int) throws {
    let compiler = PhaseCompiler(program: try checkedProgram(Self.text))
    _ = try CostReport(compiler, machine: .measured(threads: threads))
    #expect(compiler.work.lowerings == 3 && compiler.work.compilations == 3)
    let trainer = try Trainer(
      program: compiler.program, source: RunSource(text: [], configuration: "", version: "test"),
      options: TrainOptions(threads: threads, output: folder("run")), observer: nil, compiler: compiler)
    _ = try trainer.run()
    #expect(compiler.work.lowerings == 3 && compiler.work.compilations == 3 + 3 * 2)
    for phase in 0..<3 {
      let compiled = try compiler.compiled(phase: phase, ranks: compiler.scheduledRanks(phase: phase))
      // For one thread too, whose arena the log states on any machine.
      #expect(compiled.plannedThreads == (threads == 1 ? [1] : [1, threads]))
    }
    #expect(compiler.work.lowerings == 3)
  }
}
