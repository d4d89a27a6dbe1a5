import DrnAnalysis
import DrnCPU
import DrnDiagnostics
import DrnSema
import DrnSource
import Testing

@Suite("Forms slower than dense") struct SlowFormsTests {
  /// A machine of 100 billion operations a second.
  private func machine(start: Double) -> MachineModel {
    MachineModel(rates: Machine.Rates(product: 1e11, cache: 2e10, bandwidth: 2e10), start: start, threads: 1)
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

  /// ResNet-20 with its convolutions at a share of their outputs.
  private func residual(_ rank: String, product: Double = 1e11) throws -> [Diagnostic] {
    let path = Tool.root + "/benchmarks/networks/resnet20_uv_4.drn"
    let text = try String(contentsOfFile: path, encoding: .utf8).replacing("1/4", with: rank).replacing("../../models", with: Tool.root + "/models")
    var sources = SourceMap()
    let file = sources.add(name: "a.drn", text: text)
    let read = { (name: String) in try? String(contentsOfFile: name, encoding: .utf8) }
    let program = try #require(check(file: file, sources: &sources, options: CheckOptions(), read: read).programs.first)
    return checkSpeed(program, machine(start: 300))
  }

  @Test("a convolution is priced by its kernels: few channels at a quarter of them are slower than transforms of all, an eighth is not")
  func convolutions() throws {
    let slow = try residual("1/4 of outputs".replacing(" of outputs", with: ""))
    #expect(slow.count == 1 && slow.first?.message.contains("stage1") == true, "\(slow)")
    #expect(slow.first?.label?.contains("ms a step against") == true)
  }
}
