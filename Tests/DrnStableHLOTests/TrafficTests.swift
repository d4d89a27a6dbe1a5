import DrnAnalysis
import DrnCompiler
import DrnIR
import DrnKernels
import DrnLowering
import DrnProgram
import DrnStableHLO
import DrnTestSupport
import Foundation
import Testing

@Suite("bytes that a step adds over two devices", .serialized) struct TrafficTests {
  /// Models at their own sizes, by default those that XLA compiles in seconds; `DRNC_ENGINE_MODELS` names others, or all.
  private static let wholeModels: [String] = {
    let named = ProcessInfo.processInfo.environment["DRNC_ENGINE_MODELS"]?.split(separator: ",").map(String.init)
    return named == ["all"] ? Models.names : named ?? ["tiny", "quickstart", "mnist_cnn"]
  }()

  private func expectEqual(_ name: String, _ source: String) throws {
    let compiler = PhaseCompiler(program: try checkedProgram(source))
    var cases: [StableHLOCase] = []
    var predicted: [String: Int] = [:]
    var travelling: Set<String> = []
    for phase in compiler.program.phases {
      let ranks = compiler.scheduledRanks(phase: phase.index)
      let module = try compiler.portable(phase: phase.index, ranks: ranks, devices: 2)
      guard module.function(FunctionName.step)?.operations.allSatisfy({ $0.opcode.reasonUntold == nil }) ?? false else { continue }
      let key = "phase-\(phase.index)"
      let step = try #require(module.function(FunctionName.step))
      cases.append(try StableHLOCase(key, step, nil, devices: 2))
      if try !#require(BatchDivision(step, devices: 2)).moves.isEmpty { travelling.insert(key) }
      predicted[key] = try compiler.trafficBytes(phase: phase.index, ranks: ranks, devices: 2)
    }
    let results = try StableHLOResults(cases)
    for item in cases {
      #expect(results.error(item.name) == nil, "\(name) \(item.name)")
      // Parts of a batch that are joined or taken apart travel, beside what is added.
      #expect(results.collectives(item.name) == ["all-reduce"] || travelling.contains(item.name), "\(name) \(item.name)")
      #expect(results.bytes("all-reduce", item.name) == predicted[item.name], "\(name) \(item.name)")
    }
  }

  @Test(
    "are to the byte those of XLA's program, of every phase of a model; DRNC_ENGINE_MODELS names others, or all",
    .enabled(if: JaxPython.found != nil, Comment(rawValue: JaxPython.absence)), arguments: wholeModels)
  func whole(_ name: String) throws { try expectEqual(name, try Models.text(name)) }

  @Test("fall with the rank, and are those of the trained tensors and of the loss")
  func fallWithTheRank() throws {
    let compiler = PhaseCompiler(program: try checkedProgram(try Models.text("quickstart")))
    let bytes = try compiler.program.phases.map { phase in
      try compiler.trafficBytes(phase: phase.index, ranks: compiler.scheduledRanks(phase: phase.index), devices: 8)
    }
    #expect(bytes == [618_540, 2_678_828, 618_540])
  }

  @Test(
    "divided state takes from each device the bytes that the price says",
    .enabled(if: JaxPython.found != nil, Comment(rawValue: JaxPython.absence)), arguments: ["quickstart", "tiny", "mnist_cnn"])
  func dividedState(_ name: String) throws {
    let compiler = PhaseCompiler(program: try checkedProgram(try Models.text(name)))
    var cases: [StableHLOCase] = []
    let machine = MachineModel(rates: MachineRates(product: 1e11, cache: 2e10, bandwidth: 2e10), threads: 1)
    var prices: [(String, Int, Int)] = []
    for phase in compiler.program.phases {
      let ranks = compiler.scheduledRanks(phase: phase.index)
      let module = try compiler.portable(phase: phase.index, ranks: ranks, devices: 2)
      let step = try #require(module.function(FunctionName.step))
      let key = "phase-\(phase.index)"
      cases.append(try StableHLOCase(key, step, nil, devices: 2))
      cases.append(try StableHLOCase(key + "-divided", step, nil, devices: 2, dividesState: true))
      let cost = try compiler.cost(phase: phase.index, ranks: ranks, machine: machine, devices: 2)
      prices.append((key, cost.stateBytes, cost.deviceStateBytes))
    }
    let results = try StableHLOResults(cases)
    for (key, whole, divided) in prices {
      let (all, less) = (try #require(results.argumentBytes(key)), try #require(results.argumentBytes(key + "-divided")))
      #expect(all - less == whole - divided && divided < whole, "\(name) \(key): \(all), \(less), \(whole), \(divided)")
    }
  }
}
