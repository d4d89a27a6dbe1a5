import DrnAnalysis
import DrnCPU
import DrnDiagnostics
import DrnKernels
import DrnProgram
import DrnSema
import DrnSource
import DrnTestSupport
import Foundation
import Testing

@Suite("Forms slower than dense") struct SlowFormsTests {
  /// A machine of 100 billion operations a second.
  private func machine(start: Double) -> MachineModel {
    MachineModel(rates: MachineRates(product: 1e11, cache: 2e10, bandwidth: 2e10), start: start, threads: 1)
  }

  private func found(rank: Int, start: Double, width: Int = 64, allow: String = "") throws -> [Diagnostic] {
    let text = coldProgram.replacing("rank: 16", with: "rank: \(rank)").replacing(
      "linear(64)", with: "linear(\(width))"
    ).replacing(
      "state: reset", with: "state: carry\n" + allow)
    let program = try checkedProgram(text)
    return program.lintLevels.applied(to: try checkSpeed(program, machine(start: start)))
  }

  @Test("two thin products cost more than one where starting an operation is dear")
  func fires() throws {
    let slow = try found(rank: 16, start: 1500)
    #expect(slow.map(\.code) == [.slowerThanDense])
    #expect(slow.first?.message.contains("`fc1` at rank 16") == true && slow.first?.severity == .hint)
    #expect(slow.first?.notes.first?.contains("have 1536 numbers and the dense weight 2048: fewer operations") == true, "\(slow)")
  }

  @Test("not where starting is free and the rank is low, and not for a dense weight")
  func nearMiss() throws {
    // 32 x 512 at rank 8: 4352 multiply-adds a row against 16384; at rank 32, 17408.
    #expect(try found(rank: 8, start: 0, width: 512).isEmpty)
    let wide = try found(rank: 32, start: 0, width: 512)
    #expect(wide.map(\.code) == [.slowerThanDense])
    #expect(wide.first?.notes.first?.contains("have 17408 numbers and the dense weight 16384: nothing is saved") == true, "\(wide)")
  }

  @Test("its level can be chosen in the source")
  func levels() throws {
    #expect(try found(rank: 16, start: 1500, allow: "allow: [slower_than_dense]").isEmpty)
    #expect(try found(rank: 16, start: 1500, allow: "deny: [slower_than_dense]").map(\.severity) == [.error])
  }

  /// ResNet-20 with the convolutions of its first stage at a rank.
  private func residual(rank: Int) throws -> [Diagnostic] {
    let path = Repository.root.path + "/benchmarks/networks/resnet20_uv_4.drn"
    let text = try String(contentsOfFile: path, encoding: .utf8)
      .replacing("stage*", with: "stage1").replacing("1/4 of outputs", with: "\(rank)")
    var sources = SourceMap()
    let file = sources.add(name: path, text: text)
    let program = try #require(
      check(file: file, sources: &sources, options: CheckOptions(), read: { FileManager.default.contents(atPath: $0).map(Array.init) })
        .programs.first)
    let machine = MachineModel(rates: MachineRates(product: 1e11, cache: 4e10, bandwidth: 2e10), start: 300, threads: 1)
    return try checkSpeed(program, machine)
  }

  @Test("a convolution is priced by the kernels of its factors and of their intermediate; both numbers are given")
  func convolutions() throws {
    // 16 channels: at rank 16 nothing is saved, at 4 most of it is.
    let slow = try residual(rank: 16)
    #expect(slow.count == 1 && slow.first?.message.contains("`stage1[0].conv1` and 5 others at rank 16") == true, "\(slow)")
    let numbers = slow.first?.primary?.message.split(separator: " ").compactMap { Double($0) } ?? []
    #expect(numbers.count == 2 && numbers[0] > numbers[1] && numbers[1] > 0)
    #expect(try residual(rank: 4).isEmpty)
  }
}
