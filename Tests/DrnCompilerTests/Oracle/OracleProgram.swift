import DrnCPU
import DrnCompiler
import DrnEngines
import DrnIR
import DrnReference
import DrnTestSupport
import Synchronization

/// The first phase of a program, compiled from source text through every stage.
struct OracleProgram {
  /// The step with its gradients, at the scheduled ranks, before any optimization: what the reference interpreter runs.
  let straightforward: Module
  /// What the executor runs.
  let optimized: Module
  private let source: String

  private init(source: String) throws {
    let program = try CompiledProgram(source)
    self.source = source
    (straightforward, optimized) = (program.straightforward, program.optimized.module)
  }

  private static let known = Mutex<[String: OracleProgram]>([:])

  /// The program of that text; cases that share one, as their gradients often do, share the compilation.
  static func compile(_ source: String) throws -> OracleProgram {
    if let found = known.withLock({ $0[source] }) { return found }
    let program = try OracleProgram(source: source)
    known.withLock { $0[source] = program }
    return program
  }

  /// Names of the tensors that live across steps, sorted.
  var persistent: [String] {
    let ports = optimized.function("step")?.arguments ?? []
    return ports.filter { [.weight, .frozen, .state, .buffer].contains($0.role) }.map(\.name).sorted()
  }
  func names(_ role: Role) -> [String] { (optimized.function("step")?.arguments ?? []).filter { $0.role == role }.map(\.name) }

  /// The compiled program in memory of its own.
  func segment(threads: Int = 1) throws -> Segment {
    try Segment(module: optimized, functions: ["step", "evaluate"], threads: threads)
  }

  /// Its functions by an engine, on the ports of a segment of its own.
  func engineProgram(_ engine: any Engine, _ segment: Segment) throws -> any EngineProgram {
    let compiler = PhaseCompiler(program: try checkedProgram(source))
    return try engine.program(["step", "evaluate"], host: segment) { devices throws(IRError) in
      try compiler.portable(phase: 0, ranks: compiler.scheduledRanks(phase: 0), devices: devices)
    }
  }

  /// Whether the step reads an argument of that name.
  func takes(_ argument: String) -> Bool { optimized.function("step")?.argument(argument) != nil }

  /// A function evaluated in double precision.
  func evaluateInDouble(_ name: String, of module: Module, _ arguments: [String: ReferenceTensor]) throws -> [String: ReferenceTensor] {
    guard let function = module.function(name) else { throw OracleFixture.Failure("there is no function \(name)") }
    return try evaluate(function: function, module: module, arguments: arguments)
  }
}
