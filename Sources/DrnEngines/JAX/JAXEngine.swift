import DrnCPU
import DrnIR
import DrnJSON
import DrnStableHLO
import DrnSystem

/// XLA through jax, in a process of its own beside drnc: processors, GPUs and TPUs, several devices, several hosts.
public final class JAXEngine: Engine {
  private let worker: Worker
  private let own: EngineIdentity
  private var programs = 0
  /// What is to be told of it before a run; `nil` for nothing.
  public let remark: String?

  /// The versions of jax with which the tests have passed, first and last.
  public static let tested = ("0.10.2", "0.12.0")

  /// Starts the worker with the Python that `DRNC_JAX_PYTHON` names, or with `python3`; `messages` is the file of what it writes. Without a number of devices
  /// it takes all accelerators it finds, and of a machine without any one device of processors.
  ///
  /// Of several processes each starts its own worker, and all are ready together.
  /// With `dividesState` each device has its part of the optimizer state.
  public init(
    devices: Int?, dividesState: Bool = false, launch: ProcessLaunch, environment: [String: String], messages: String
  ) throws(EngineError) {
    worker = try Worker(
      python: environment["DRNC_JAX_PYTHON"] ?? "python3", devices: devices ?? 0, launch: launch, environment: environment,
      messages: messages)
    let greeting = worker.greeting
    guard let version = greeting["version"]?.text, let kind = greeting["kind"]?.text, let platform = greeting["platform"]?.text,
      let count = greeting["devices"]?.whole, let processes = greeting["processes"]?.whole, count >= 1
    else { throw EngineError(.defect, "the worker's greeting is not understood") }
    let range = "versions \(Self.tested.0) to \(Self.tested.1) are known to work"
    guard !Self.precedes(version, Self.tested.0) else {
      throw EngineError(.version, "jax \(version) is too old", help: "\(range): `python3 -m pip install --upgrade jax`")
    }
    remark = Self.precedes(Self.tested.1, version) ? "jax \(version) is newer than what drnc was tested with; \(range)" : nil
    own = EngineIdentity(
      name: "jax", version: version, device: kind == platform ? kind : "\(platform) \(kind)", devices: count, processes: processes,
      dividesState: dividesState && count > 1)
  }

  /// Whether a version is an earlier one, by its first three numbers.
  static func precedes(_ left: String, _ right: String) -> Bool {
    func numbers(_ version: String) -> [Int] { version.split(separator: ".").prefix(3).map { Int($0.prefix { $0.isNumber }) ?? 0 } }
    return numbers(left).lexicographicallyPrecedes(numbers(right))
  }

  public var identity: EngineIdentity? { own }

  public func program(
    _ functions: [String], host: Segment, portable: (Int) throws(IRError) -> Module
  ) throws(EngineError) -> any EngineProgram {
    let phase = try TranslatedPhase(functions, host: host, devices: own.devices, dividesState: own.dividesState, portable: portable)
    programs += 1
    return try JAXProgram(worker, number: programs, phase)
  }
}

/// The functions of a phase in the worker.
private final class JAXProgram: EngineProgram {
  private let worker: Worker
  private let number: Int
  private var functions: [String: Call] = [:]
  /// The tensors that live across steps.
  private let held: [SegmentPort]
  private let loading: [UInt8]
  private let storing: [UInt8]

  /// A function with its ports, found once.
  private struct Call {
    /// The head of the frame that asks for it, the same each time.
    let head: [UInt8]
    let inputs: [SegmentPort]
    let outputs: [SegmentPort]
    let sizes: [Int]
  }

  init(_ worker: Worker, number: Int, _ phase: TranslatedPhase) throws(EngineError) {
    (self.worker, self.number) = (worker, number)
    let program = ("program", JSON.integer(number))
    for call in phase.calls {
      let name = call.program.manifest.function
      functions[name] = Call(
        head: Worker.head("run", [program, ("function", .string(name))], sizes: call.inputs.map(\.byteCount)), inputs: call.inputs,
        outputs: call.outputs, sizes: call.outputs.map(\.byteCount))
    }
    held = phase.held.map(\.host)
    let tensors = phase.held.map { port, _ in
      JSON.make([
        "name": .string(port.name), "shape": .array(port.shape.map { .integer($0) }), "divided": port.dividedAxis.map { .integer($0) },
      ])
    }
    loading = Worker.head("load", [program, ("tensors", .array(tensors))], sizes: held.map(\.byteCount))
    storing = Worker.head("store", [program, ("tensors", .array(phase.held.map { .string($0.port.name) }))], sizes: [])
    let texts = phase.calls.map { Array($0.program.text.utf8) }
    let head = Worker.head(
      "compile", [program, ("functions", .array(phase.calls.map(\.program.manifest.json)))], sizes: texts.map(\.count))
    _ = try worker.ask(head, texts, sizes: [])
  }

  let isHost = false
  func runs(_ function: String) -> Bool { functions[function] != nil }

  func run(_ function: String) throws(EngineError) {
    guard let call = functions[function] else { throw EngineError(.defect, "jax was not told \(function)") }
    let answers = try worker.ask(call.head, call.inputs.map { $0.bytes() }, sizes: call.sizes)
    try put(answers, into: call.outputs)
  }

  func load() throws(EngineError) { _ = try worker.ask(loading, held.map { $0.bytes() }, sizes: []) }

  func store() throws(EngineError) { try put(try worker.ask(storing, [], sizes: held.map(\.byteCount)), into: held) }

  private func put(_ arrays: [[UInt8]], into ports: [SegmentPort]) throws(EngineError) {
    do throws(ExecutionError) { for (port, array) in zip(ports, arrays) { try port.write(bytes: array) } } catch {
      throw EngineError(error)
    }
  }

  // A worker that has ended has nothing left to drop.
  deinit { _ = try? worker.ask(Worker.head("drop", [("program", .integer(number))], sizes: []), [], sizes: []) }
}
