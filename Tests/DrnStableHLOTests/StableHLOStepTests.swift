import DrnCPU
import DrnCompiler
import DrnIR
import DrnLowering
import DrnProgram
import DrnReference
import DrnStableHLO
import DrnTestSupport
import Foundation
import Testing

/// Whole functions of the models, on one device and on two.
@Suite("steps of models by XLA against drnc", .serialized) struct StableHLOStepTests {
  /// The norm of the difference of two lists, and that of the second.
  private static func distance(_ found: [Double], _ expected: [Double]) -> (difference: Double, norm: Double) {
    func norm(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    guard found.count == expected.count else { return (.infinity, norm(expected)) }
    return (norm(zip(found, expected).map { $0 - $1 }), norm(expected))
  }

  /// What drnc's executor makes of a function of a portable module.
  private static func executed(_ function: Function, _ module: Module, _ arguments: Arguments) throws -> [String: [Double]] {
    let segment = try Segment(module: module, functions: [function.name], threads: 1)
    for port in function.arguments {
      guard let value = arguments[port.name] else { continue }
      switch function.type(of: port.value).element {
      case .f32, .bf16: try segment.write(port.name, value.values.map { Float($0) })
      case .i32: try segment.writeLabels(port.name, value.values.map { Int32($0) })
      case .u64: try segment.setKey(port.name, value.key ?? 0)
      }
    }
    try segment.run(function.name)
    var results: [String: [Double]] = [:]
    for port in function.results { results[port.name] = try segment.read(port.name).map(Double.init) }
    return results
  }

  /// Those whose numbers say something: a step at a small rate, weights of the size of initial ones, running statistics that are positive.
  private static func arguments(_ function: Function, classes: Int) -> Arguments {
    var arguments = function.sampleArguments(seed: 11, classes: classes)
    for port in function.arguments {
      guard let value = arguments[port.name], value.key == nil else { continue }
      switch port.role {
      case .weight, .frozen: arguments[port.name] = changed(value) { $0 * 0.5 }
      case .buffer: arguments[port.name] = changed(value) { 1 + $0 / 2 }
      case .state: arguments[port.name] = changed(value) { abs($0) / 16 }
      case .scalar: arguments[port.name] = changed(value) { 1 + abs($0).rounded() }
      case .batch, .key, .output, .plain: break
      }
    }
    arguments[PortName.rate] = ReferenceTensor(0.0625)
    return arguments.filter { function.argument($0.key) != nil }
  }

  private static func changed(_ tensor: ReferenceTensor, _ change: (Double) -> Double) -> ReferenceTensor {
    ReferenceTensor(shape: tensor.shape, values: tensor.values.map(change))
  }

  /// Of every kind of network and step one; `DRNC_ENGINE_MODELS` names others, or all.
  private static let names: [String] = {
    let named = ProcessInfo.processInfo.environment["DRNC_ENGINE_MODELS"]?.split(separator: ",").map(String.init)
    return named == ["all"]
      ? Models.names : named ?? ["tiny", "mnist_cnn", "llama", "names", "mest", "powerprop", "dlrt"]
  }()

  /// A model with few numbers and four examples a batch, which two devices divide.
  private static func source(_ name: String) throws -> String {
    let text = try Models.text(name)
    // Sequences keep their source, which need not be there; their layers become small.
    if text.contains("tokens[") || name == "vit" || name == "conformer" {
      return text.replacing(/batch: [0-9]+/, with: "batch: 4").replacing("tokens[64]", with: "tokens[8]")
        .replacing("tensor[64, 65]", with: "tensor[8, 65]").replacing("tokens[20]", with: "tokens[4]")
        .replacing(/(?<what>width|hidden): int = [0-9]+/) { "\($0.output.what): int = 8" }.replacing(
          "heads: int = 4", with: "heads: int = 2"
        )
        .replacing("repeat(4)", with: "repeat(1)").replacing("embedding(90, 64)", with: "embedding(90, 8)")
    }
    if name == "fashion_lort" { return text.replacing(/batch: [0-9]+/, with: "batch: 4") }
    return try Models.small(name).replacing("batch: 3", with: "batch: 4")
  }

  @Test(
    "every function of every phase gives what the reference interpreter gives, on one device and on two, which add as many bytes as predicted",
    .enabled(if: JaxPython.found != nil, Comment(rawValue: JaxPython.absence)), arguments: names)
  func agrees(_ name: String) throws {
    let source = try Self.source(name)
    let compiler = PhaseCompiler(program: try checkedProgram(source))
    let classes = compiler.program.data.classes ?? 1
    var cases: [StableHLOCase] = []
    var functions: [String: (function: Function, module: Module, arguments: Arguments)] = [:]
    var (known, predicted, untold) = (Set<String>(), [String: Int](), [String]())
    for phase in compiler.program.phases {
      for devices in [1, 2] {
        let module = try compiler.portable(phase: phase.index, ranks: compiler.scheduledRanks(phase: phase.index), devices: devices)
        for function in module.functions where function.operations.allSatisfy({ $0.opcode.reasonUntold == nil }) {
          let arguments = Self.arguments(function, classes: classes)
          let key = "\(phase.index).\(function.name).\(devices)"
          let made = try StableHLOCase(key, function, arguments, devices: devices)
          // Phases at equal ranks have equal functions.
          guard known.insert(made.program.text).inserted else { continue }
          cases.append(made)
          functions[key] = (function, module, arguments)
          if devices == 2, function.name == FunctionName.step { predicted[key] = try #require(BatchDivision(function, devices: 2)).bytes }
        }
        untold += (module.function(FunctionName.step)?.operations ?? []).compactMap(\.opcode.reasonUntold)
      }
    }
    // A basis that moves is orthonormalized in its step.
    #expect(untold.isEmpty == (name != "dlrt"), "\(name): \(Set(untold))")
    let results = try StableHLOResults(cases)
    for item in cases {
      if let error = results.error(item.name) {
        Issue.record("\(name) \(item.name): \(error)")
        continue
      }
      if let bytes = predicted[item.name] { #expect(results.bytes("all-reduce", item.name) == bytes, "\(name) \(item.name)") }
      let (function, module, arguments) = try #require(functions[item.name])
      let reference = try evaluate(function: function, module: module, arguments: arguments)
      let executed = try Self.executed(function, module, arguments)
      for port in function.results {
        let expected = try #require(reference[port.name]).values
        let (difference, norm) = Self.distance(try #require(results.values(item.name, port.name)), expected)
        // As for random networks: what drnc's own executor deviates tells how much rounding the tensor magnifies. A weight is held by its change.
        let own = Self.distance(try #require(executed[port.name]), expected).difference
        let size = arguments[port.name].map { Self.distance($0.values, expected).difference } ?? norm
        let allowed = 8 * own + 1e-5 * size + 0x1p-22 * norm + 1e-9
        #expect(difference <= allowed, "\(name) \(item.name) \(port.name): \(difference), drnc \(own), of \(norm)")
      }
    }
  }
}
