import DrnEngines
import DrnIR
import DrnTestSupport
import Foundation
import Testing

private let optimizers = ["sgd", "momentum", "nesterov", "adam", "adamw"]
private let forms = ["dense", "factored", "three_factor", "core", "adapter"]
private let settings = [
  "accumulation", "accumulation-clip", "adagrad", "adam-tuned", "clip-loose", "clip-product", "clip-tight", "clip-value", "class-weights",
  "dampened", "decay-none",
  "decay-product", "decay-product-adapter", "decay-product-core", "decay-product-three-factor", "plain", "plain-factored", "smoothing",
  "smoothing-class-weights", "squared-error", "squared-error-plain", "statistics", "statistics-accumulated",
]
private let extrapolations = ["extrapolate-current", "extrapolate-previous"]
private let images = [
  "adapter", "adapter_cp", "adapter_tucker", "adamw-tucker", "core", "cp", "dense", "factored", "three_factor", "tucker",
]
.map { "images-\($0)" }
/// Compared in double precision alone: a sum that is rounded to 8 bits falls to the other side of a boundary for a difference in its last place.
private let halves = ["half", "half-factored"]
private let windows = ["windows", "windows-adam"]
private let dropouts = ["dropped", "dropped-factored"]
private let sequences =
  ["gpt", "llama", "conformer"].flatMap { ["\($0)-dense", "\($0)-factored"] }
  + ["memory-dense", "gpt-accumulated", "llama-one", "gpt-long"]
private let everyGenerated =
  optimizers.flatMap { optimizer in forms.map { "\(optimizer)-\($0)" } } + settings + halves + extrapolations + images + windows + dropouts
  + sequences
private let small = ["small-adam-three-factor", "small-adamw-factored", "small-momentum-dense", "small-nesterov-adapter"]

private func fixture(_ name: String, in folder: URL) throws -> OracleFixture {
  try OracleFixture(path: folder.appendingPathComponent("\(name).safetensors").path)
}

/// Every comparison there is for one fixture.
private func compare(_ fixture: OracleFixture) throws {
  let program = try OracleProgram.compile(fixture.program)
  #expect(program.persistent == fixture.names(below: "state/"))
  expectAgreement(try OracleSteps(fixture: fixture).compareSteps(program), fixture)
  let double = OracleDouble(fixture: fixture)
  expectAgreement(try double.compareSteps(program, program.straightforward), fixture)
  guard !fixture.names(below: "gradient/").isEmpty else { return }
  let gradients = try OracleProgram.compile(fixture.gradientProgram)
  #expect(gradients.names(.weight).sorted() == fixture.names(below: "gradient/"))
  expectAgreement(try OracleSteps(fixture: fixture).compareGradients(gradients), fixture)
  expectAgreement(try double.compareGradients(gradients, gradients.straightforward), fixture)
}

private func expectAgreement(_ comparison: OracleComparison, _ fixture: OracleFixture) {
  #expect(comparison.count > 0)
  #expect(comparison.deviations.isEmpty, "\(fixture.name): \(comparison.summary)")
}

@Suite("drnc against PyTorch, committed fixtures")
struct OracleTests {
  @Test("steps, gradients, losses and evaluations are PyTorch's", arguments: small)
  func agree(name: String) throws { try compare(try fixture(name, in: TorchPython.committed)) }

  @Test("the optimized module computes the same in double precision", arguments: small)
  func optimizedModulesAgree(name: String) throws {
    let fixture = try fixture(name, in: TorchPython.committed)
    let program = try OracleProgram.compile(fixture.program)
    expectAgreement(try OracleDouble(fixture: fixture).compareSteps(program, program.optimized), fixture)
  }

  @Test("a learning rate a thousandth too large is noticed", arguments: small)
  func wrongRateIsNoticed(name: String) throws {
    let fixture = try fixture(name, in: TorchPython.committed)
    let comparison = try OracleSteps(fixture: fixture, rateFactor: 1.001).compareSteps(try OracleProgram.compile(fixture.program))
    #expect(!comparison.deviations.isEmpty)
    #expect(comparison.deviations.allSatisfy { !$0.tensor.contains("/") }, "state and loss do not depend on the rate")
  }

  @Test(
    "a program that differs in one number is noticed",
    arguments: [
      ("small-momentum-dense", "smoothing: 0.1", "smoothing: 0.101"), ("small-momentum-dense", "[0.5, 2, 1]", "[0.5, 2.01, 1]"),
      ("small-momentum-dense", "weight_decay: 0.03", "weight_decay: 0.0301"), ("small-nesterov-adapter", "clip: 0.1", "clip: 0.1001"),
      ("small-nesterov-adapter", "nesterov: true", "nesterov: false"), ("small-nesterov-adapter", "alpha: 6", "alpha: 6.01"),
      ("small-nesterov-adapter", "epsilon: 0.01", "epsilon: 0.0101"), ("small-adamw-factored", "adamw", "adam"),
    ])
  func wrongProgramIsNoticed(name: String, text: String, replacement: String) throws {
    let fixture = try fixture(name, in: TorchPython.committed)
    #expect(fixture.program.contains(text))
    let program = try OracleProgram.compile(fixture.program.replacingOccurrences(of: text, with: replacement))
    #expect(!(try OracleSteps(fixture: fixture).compareSteps(program).deviations.isEmpty))
  }

  @Test(
    "the committed fixtures are what the script writes",
    .enabled(if: TorchPython.found != nil, Comment(rawValue: TorchPython.absence)), arguments: small)
  func committedFixturesAreCurrent(name: String) throws {
    let old = try fixture(name, in: TorchPython.committed)
    let new = try fixture(name, in: try TorchPython.regenerated.get())
    let advice = Comment(rawValue: "write the fixtures again: \(TorchPython.command)")
    #expect(old.program == new.program && old.gradientProgram == new.gradientProgram, advice)
    #expect(old.names(below: "") == new.names(below: ""), advice)
    var comparison = OracleComparison()
    for tensor in new.names(below: "") {
      // Versions of PyTorch may round differently.
      let (before, after) = (try old[tensor], try new[tensor])
      for row in 0..<after.count { comparison.compare(tensor, step: row, try before[row], with: try after[row], within: 1e-5) }
    }
    #expect(comparison.deviations.isEmpty, "\(TorchPython.command) would change \(comparison.summary)")
  }
}

@Suite(
  "XLA by a plugin against PyTorch", .serialized,
  .enabled(if: !PJRTPlugins.found.isEmpty && TorchPython.found != nil, Comment(rawValue: PJRTPlugins.absence)))
struct EngineOracleTests {
  /// Fixtures whose names begin so, beside those that are committed; `DRNC_ENGINE_FIXTURES` names other beginnings, or all.
  private static let named: [String] = {
    let beginnings = ProcessInfo.processInfo.environment["DRNC_ENGINE_FIXTURES"]?.split(separator: ",").map(String.init)
    let wanted = beginnings ?? ["dropped", "images-tucker", "gpt-factored", "clip-tight"]
    return everyGenerated.filter { name in !halves.contains(name) && (wanted == ["all"] || wanted.contains { name.hasPrefix($0) }) }
  }()

  @Test(
    "steps, losses and evaluations are PyTorch's, on one device and on two; DRNC_ENGINE_FIXTURES names others, or all", arguments: named,
    [1, 2])
  func agree(name: String, devices: Int) throws {
    let fixture = try fixture(name, in: try TorchPython.generated.get())
    let engine = try PJRTEngine(
      path: PJRTPlugins.found[0], devices: devices, dividesState: devices > 1, launch: ProcessLaunch(environment: [:]))
    expectAgreement(try OracleSteps(fixture: fixture, engine: engine).compareSteps(try OracleProgram.compile(fixture.program)), fixture)
  }
}

@Suite("drnc against PyTorch, generated fixtures", .enabled(if: TorchPython.found != nil, Comment(rawValue: TorchPython.absence)))
struct GeneratedOracleTests {
  @Test("50 steps of each optimizer in each form are PyTorch's", arguments: optimizers, forms)
  func optimizersAgree(optimizer: String, form: String) throws {
    try compare(try fixture("\(optimizer)-\(form)", in: try TorchPython.generated.get()))
  }

  @Test("losses, norms, decay, clipping and accumulation are PyTorch's", arguments: settings + extrapolations)
  func settingsAgree(name: String) throws { try compare(try fixture(name, in: try TorchPython.generated.get())) }

  @Test("products of half width are PyTorch's of rounded matrices, and so are their gradients", arguments: halves)
  func halvesAgree(name: String) throws {
    let fixture = try fixture(name, in: try TorchPython.generated.get())
    let (double, program) = (OracleDouble(fixture: fixture), try OracleProgram.compile(fixture.program))
    expectAgreement(try double.compareSteps(program, program.optimized), fixture)
    let gradients = try OracleProgram.compile(fixture.gradientProgram)
    expectAgreement(try double.compareGradients(gradients, gradients.optimized), fixture)
    let single = try OracleProgram.compile(fixture.program.replacingOccurrences(of: "precision: bfloat16", with: "precision: single"))
    #expect(!(try double.compareSteps(single, single.optimized).deviations.isEmpty))
  }

  @Test("convolutions in every form, windows, pools and dropout are PyTorch's", arguments: images + windows + dropouts)
  func imagesAgree(name: String) throws { try compare(try fixture(name, in: try TorchPython.generated.get())) }

  @Test("attention, tokens, recurrent layers, convolutions of sequences and arithmetic are PyTorch's", arguments: sequences)
  func sequencesAgree(name: String) throws { try compare(try fixture(name, in: try TorchPython.generated.get())) }

  @Test("another random key is noticed")
  func wrongKeyIsNoticed() throws {
    let fixture = try fixture("dropped", in: try TorchPython.generated.get())
    let program = try OracleProgram.compile(fixture.program.replacingOccurrences(of: "drop1", with: "drop3"))
    #expect(!(try OracleSteps(fixture: fixture).compareSteps(program).deviations.isEmpty))
  }

  @Test("no fixture is left out")
  func everyFixtureIsCompared() throws {
    let written = try FileManager.default.contentsOfDirectory(atPath: try TorchPython.generated.get().path)
    #expect(written.sorted() == everyGenerated.map { "\($0).safetensors" }.sorted())
  }
}
