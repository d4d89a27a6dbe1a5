import DrnCPU
import DrnIR
import Foundation
import Testing

private let names = ["adapter", "cp", "dense", "factored", "smooth", "symmetric", "tucker"].map { "resnet20-\($0)" }

@Suite(
  "ResNet-20 against PyTorch", .serialized,
  .enabled(if: TorchPython.found != nil && TorchPython.hasImages, Comment(rawValue: TorchPython.imageAbsence)))
struct OracleResidualTests {
  private func fixture(_ name: String) throws -> OracleFixture {
    try OracleFixture(path: try TorchPython.residual.get().appendingPathComponent("\(name).safetensors").path)
  }

  @Test("steps from PyTorch's state leave PyTorch's next one, and a run of them stays as near as PyTorch's other layout", arguments: names)
  func agrees(name: String) throws {
    let fixture = try fixture(name)
    let program = try OracleProgram.compile(fixture.program)
    #expect(program.persistent == fixture.names(below: "state/"))
    try expectSteps(fixture, program)
    try expectRun(fixture, program)
  }

  private func expectSteps(_ fixture: OracleFixture, _ program: OracleProgram) throws {
    let found = try OracleResidual(fixture: fixture).deviations(program)
    for kind in OracleResidual.Kind.allCases {
      let bound = kind.bound(isSmooth: fixture.name.hasSuffix("smooth"))
      let deviations = found[kind] ?? []
      #expect(!deviations.isEmpty || kind == .frozen)
      let wide = deviations.filter { !($0.difference <= bound.own * $0.length + bound.whole * $0.whole) }
      #expect(wide.isEmpty, "\(fixture.name): \(wide.count) of \(deviations.count), first \(wide.prefix(3))")
      let own = deviations.map { $0.length > 1e-3 * $0.whole ? $0.difference / $0.length : 0 }.max() ?? 0
      let whole = deviations.map { $0.whole > 0 ? $0.difference / $0.whole : 0 }.max() ?? 0
      print("\(fixture.name): \(kind) differ by up to \(own) of a tensor, \(whole) of all")
    }
  }

  /// Both deviations are rounding that the network magnifies; three times is what the specification of this test allows.
  private func expectRun(_ fixture: OracleFixture, _ program: OracleProgram) throws {
    let deviations = try OracleRun(fixture: fixture).deviations(program)
    for deviation in deviations {
      let (found, ofLayout) = (deviation.found / deviation.length, deviation.ofLayout / deviation.length)
      print("\(fixture.name) after \(deviation.step) steps: drnc \(found), channels last \(ofLayout)")
    }
    let last = try #require(deviations.last)
    #expect(last.step == fixture.steps && last.ofLayout > 0)
    #expect(last.found <= 3 * last.ofLayout, "\(fixture.name): \(last)")
  }

  @Test(
    "a program that differs in one word or number is noticed",
    arguments: [("padding: symmetric", "padding: same"), ("momentum: 0.01", "momentum: 0.0101"), ("epsilon: 0.001", "epsilon: 0.002")])
  func wrongProgramIsNoticed(text: String, replacement: String) throws {
    let fixture = try fixture("resnet20-symmetric")
    #expect(fixture.program.contains(text))
    let program = try OracleProgram.compile(fixture.program.replacingOccurrences(of: text, with: replacement))
    let found = try OracleResidual(fixture: fixture, steps: 1).deviations(program)
    let statistics = found[.statistics] ?? []
    #expect(statistics.contains { $0.difference > 100 * OracleResidual.Kind.statistics.bound(isSmooth: false).own * $0.length })
  }
}
