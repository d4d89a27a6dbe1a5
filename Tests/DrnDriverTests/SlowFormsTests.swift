import DrnAnalysis
import DrnDiagnostics
import DrnPasses
import DrnSema
import DrnSource
import Testing

@Suite("Forms slower than dense") struct SlowFormsTests {
  /// A machine of 100 billion operations a second.
  private func machine(start: Double) -> MachineModel {
    MachineModel(costs: ContractionCostModel(peak: 1e11, bandwidth: 2e10), start: start, threads: 1)
  }

  private func found(rank: Int, start: Double, allow: String = "") throws -> [Diagnostic] {
    let text = DiagnosticOptionTests.coldProgram.replacing("rank: 16", with: "rank: \(rank)").replacing(
      "state: reset", with: "state: carry\n" + allow)
    var sources = SourceMap()
    let file = sources.add(name: "a.drn", text: text)
    let program = try #require(check(file: file, sources: &sources, options: CheckOptions(), read: { _ in nil }).programs.first)
    return program.lintLevels.applied(to: checkSpeed(program, machine(start: start)))
  }

  @Test("two thin products cost more than one where starting an operation is dear")
  func fires() throws {
    let slow = try found(rank: 16, start: 1500)
    #expect(slow.map(\.code) == [.slowerThanDense])
    #expect(slow.first?.message.contains("`fc1` at rank 16") == true && slow.first?.severity == .hint)
  }

  @Test("not where starting is free and the rank is low, and not for a dense weight")
  func nearMiss() throws {
    // 32 x 64 at rank 8: 768 multiply-adds a row against 2048; at rank 32, 3072.
    #expect(try found(rank: 8, start: 0).isEmpty)
    #expect(try found(rank: 32, start: 0).map(\.code) == [.slowerThanDense])
  }

  @Test("its level can be chosen in the source")
  func levels() throws {
    #expect(try found(rank: 16, start: 1500, allow: "allow: [slower_than_dense]").isEmpty)
    #expect(try found(rank: 16, start: 1500, allow: "deny: [slower_than_dense]").map(\.severity) == [.error])
  }
}
