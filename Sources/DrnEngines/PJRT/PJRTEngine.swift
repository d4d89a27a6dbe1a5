import CPJRT
import CZlib
import DrnCPU
import DrnIR
import DrnStableHLO
import DrnSystem

/// XLA through a plugin in drnc's own process, without Python: the processors, GPUs or TPUs of one machine.
public final class PJRTEngine: Engine {
  private let plugin: PJRTPlugin
  private let own: EngineIdentity

  /// Opens the plugin at `path`. Without a number of devices it takes all that the plugin finds, and of one for processors one.
  ///
  /// With `dividesState` each device has its part of the optimizer state.
  public init(path: String, devices: Int?, dividesState: Bool = false, launch: ProcessLaunch) throws(EngineError) {
    guard launch.processes == 1 else {
      throw EngineError(
        .missing, "a plugin trains in one process, and this is one of \(launch.processes)", help: "take `--engine jax` for several")
    }
    // Without a slash the loader would look for it elsewhere.
    plugin = try PJRTPlugin(path: path.contains("/") ? path : "./\(path)", processors: devices ?? 0)
    let count = devices ?? (plugin.platform == "cpu" ? 1 : plugin.devices.count)
    guard let first = plugin.devices.first, count <= plugin.devices.count else {
      throw EngineError(.missing, "`\(path)` finds \(plugin.devices.count) devices, and \(max(1, count)) are asked for")
    }
    own = EngineIdentity(
      name: "pjrt", version: "\(plugin.version), PJRT 0.\(plugin.interface), \(try Self.checksum(path))",
      device: try plugin.kind(of: first), devices: count, processes: 1,
      dividesState: dividesState && count > 1)
  }

  /// A plugin names no version of its compiler, on which the bytes of a run depend: that of its file stands for it.
  private static func checksum(_ path: String) throws(EngineError) -> String {
    var sum = crc32(0, nil, 0)
    do throws(SystemError) {
      try Files.readPieces(path) { sum = crc32(sum, $0.bindMemory(to: UInt8.self).baseAddress, UInt32($0.count)) }
      return "checksum " + String(sum, radix: 16)
    } catch {
      throw EngineError(.missing, "`\(path)` cannot be read: \(error.reason)")
    }
  }

  public var identity: EngineIdentity? { own }

  public func program(
    _ functions: [String], host: Segment, portable: (Int) throws(IRError) -> Module
  ) throws(EngineError) -> any EngineProgram {
    let phase = try TranslatedPhase(functions, host: host, devices: own.devices, dividesState: own.dividesState, portable: portable)
    return try PJRTProgram(plugin, devices: own.devices, phase)
  }
}

/// The functions of a phase on the devices.
private final class PJRTProgram: EngineProgram {
  private let plugin: PJRTPlugin
  private let devices: Int
  private let phase: TranslatedPhase
  private let functions: [String: (call: TranslatedPhase.Call, executable: PJRTExecutable)]
  /// By name the tensors that live across steps, of each device its own.
  private var held: [String: [PJRTBuffer]] = [:]

  init(_ plugin: PJRTPlugin, devices: Int, _ phase: TranslatedPhase) throws(EngineError) {
    (self.plugin, self.devices, self.phase) = (plugin, devices, phase)
    var functions: [String: (TranslatedPhase.Call, PJRTExecutable)] = [:]
    for call in phase.calls {
      let manifest = call.program.manifest
      functions[manifest.function] = (
        call, try PJRTExecutable(plugin, call.program.text, devices: devices, resultCount: manifest.results.count)
      )
    }
    self.functions = functions
  }

  let isHost = false
  func runs(_ function: String) -> Bool { functions[function] != nil }

  func run(_ function: String) throws(EngineError) {
    guard let (call, executable) = functions[function] else { throw EngineError(.defect, "the plugin was not told \(function)") }
    let manifest = call.program.manifest
    var arguments = [[PJRTBuffer]](repeating: [], count: devices)
    var inputs = call.inputs.makeIterator()
    for port in manifest.arguments {
      let parts = try port.isHeld ? held[port.name] : inputs.next().map { input throws(EngineError) in try put(port, input) }
      guard let parts else { throw EngineError(.defect, "\(function) was run before its tensors were there") }
      for (device, part) in parts.enumerated() { arguments[device].append(part) }
    }
    let results = try executable.run(arguments)
    var outputs = call.outputs.makeIterator()
    for (index, port) in manifest.results.enumerated() {
      let parts = results.map { $0[index] }
      if port.isHeld { held[port.name] = parts } else if let output = outputs.next() { try fetch(port, parts, into: output) }
    }
  }

  func load() throws(EngineError) {
    for (port, host) in phase.held { held[port.name] = try put(port, host) }
  }

  func store() throws(EngineError) {
    for (port, host) in phase.held {
      guard let parts = held[port.name] else { throw EngineError(.defect, "\(port.name) is not on the devices") }
      try fetch(port, parts, into: host)
    }
  }

  /// A tensor of the host on every device, whole or its part of it.
  private func put(_ port: StableHLOManifest.Port, _ host: SegmentPort) throws(EngineError) -> [PJRTBuffer] {
    let (division, bytes) = (AxisDivision(port, devices: devices), host.bytes())
    var buffers: [PJRTBuffer] = []
    for device in 0..<devices {
      let part = division.part(device, of: bytes)
      // Errors cross a closure of the standard library without their type.
      let result = part.withUnsafeBytes { data in
        Result { () throws(EngineError) in
          try PJRTBuffer(plugin, device: device, data, port.element.pjrt, division.extents)
        }
      }
      buffers.append(try result.get())
    }
    return buffers
  }

  /// Puts together what the devices have.
  private func fetch(_ port: StableHLOManifest.Port, _ parts: [PJRTBuffer], into host: SegmentPort) throws(EngineError) {
    let division = AxisDivision(port, devices: devices)
    var bytes = [UInt8](repeating: 0, count: host.byteCount)
    for (device, part) in parts.enumerated() where device == 0 || port.dividedAxis != nil {
      var piece = [UInt8](repeating: 0, count: division.partBytes)
      let result = piece.withUnsafeMutableBytes { data in
        Result { () throws(EngineError) in try part.read(axes: port.shape.count, into: data) }
      }
      try result.get()
      division.put(piece, device, into: &bytes)
    }
    do throws(ExecutionError) { try host.write(bytes: bytes) } catch { throw EngineError(error) }
  }
}

/// Which bytes of a row-major tensor each device has.
struct AxisDivision {
  /// Of the part of one device.
  let extents: [Int]
  /// How many runs of bytes a part consists of, how long each is, how far apart they lie in the whole, and how far those of two devices do.
  private let runs: Int
  private let runBytes: Int
  private let strideBytes: Int
  private let deviceBytes: Int

  init(_ port: StableHLOManifest.Port, devices: Int) {
    self.init(shape: port.shape, axis: port.dividedAxis, elementBytes: port.element.bytes, devices: devices)
  }

  init(shape: [Int], axis: Int?, elementBytes: Int, devices: Int) {
    let parts = axis == nil ? 1 : devices
    let outer = axis.map { shape[..<$0].reduce(1, *) } ?? 1
    strideBytes = shape[(axis ?? 0)...].reduce(1, *) * elementBytes
    (runs, runBytes) = (outer, strideBytes / parts)
    deviceBytes = axis == nil ? 0 : runBytes
    extents = shape.enumerated().map { $0 == axis ? $1 / parts : $1 }
  }

  var partBytes: Int { runs * runBytes }

  /// The bytes that a device has.
  func part(_ device: Int, of bytes: [UInt8]) -> [UInt8] {
    var part: [UInt8] = []
    part.reserveCapacity(partBytes)
    for run in 0..<runs {
      let start = run * strideBytes + device * deviceBytes
      part += bytes[start..<start + runBytes]
    }
    return part
  }

  /// Puts the bytes of a device where they belong.
  func put(_ part: [UInt8], _ device: Int, into bytes: inout [UInt8]) {
    for run in 0..<runs {
      let start = run * strideBytes + device * deviceBytes
      bytes.replaceSubrange(start..<start + runBytes, with: part[run * runBytes..<(run + 1) * runBytes])
    }
  }
}

extension ElementType {
  fileprivate var pjrt: PJRTElement {
    switch self {
    case .f32: PJRT_FLOAT32
    case .bf16: PJRT_BFLOAT16
    case .i32: PJRT_INT32
    case .u64: PJRT_UINT64
    }
  }
}
