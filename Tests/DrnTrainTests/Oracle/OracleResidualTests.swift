import DrnCPU
import DrnIR
import Foundation
import Testing

private let names = ["resnet20-adapter", "resnet20-cp", "resnet20-dense", "resnet20-factored", "resnet20-symmetric", "resnet20-tucker"]

@Suite("ResNet-20 against PyTorch", .serialized, .enabled(if: TorchPython.found != nil, Comment(rawValue: TorchPython.absence)))
struct OracleResidualTests {
  private func fixture(_ name: String) throws -> OracleFixture {
    try OracleFixture(path: try TorchPython.residual.get().appendingPathComponent("\(name).safetensors").path)
  }

  @Test("every step from PyTorch's state leaves PyTorch's next one", arguments: names)
  func stepsAgree(name: String) throws {
    let fixture = try fixture(name)
    let program = try OracleProgram.compile(fixture.program)
    #expect(program.persistent == fixture.names(below: "state/"))
    let comparison = try OracleSteps(fixture: fixture).compareSteps(program)
    #expect(comparison.deviations.isEmpty, "\(name): \(comparison.summary)")
  }

  @Test("a run deviates from PyTorch's at most three times as far as PyTorch's other memory layout does", arguments: names)
  func runsAgree(name: String) throws {
    let fixture = try fixture(name)
    let deviations = try OracleRun(fixture: fixture).deviations(try OracleProgram.compile(fixture.program))
    for deviation in deviations {
      print("\(name) after \(deviation.step): \(deviation.found / deviation.length), layouts \(deviation.ofLayout / deviation.length)")
    }
    let last = try #require(deviations.last)
    #expect(last.step == fixture.steps && last.ofLayout > 0)
    #expect(last.found <= 3 * last.ofLayout, "\(name): \(last)")
  }
}
