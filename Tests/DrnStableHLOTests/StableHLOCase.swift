import DrnIR
import DrnJSON
import DrnReference
import DrnStableHLO
import DrnTensorFile
import DrnTestSupport
import Foundation

/// A function with what it is given, compiled and run by XLA.
struct StableHLOCase {
  /// A name of a file, without an ending.
  let name: String
  let program: StableHLOProgram
  /// `nil` for one that is only compiled.
  let arguments: Arguments?

  init(_ name: String, _ function: Function, _ arguments: Arguments?, devices: Int = 1, dividesState: Bool = false) throws {
    (self.name, self.arguments) = (name, arguments)
    program = try StableHLOProgram(function, devices: devices, dividesState: dividesState)
  }
}

/// What XLA made of some cases, all in one process.
struct StableHLOResults {
  private let outputs: [String: TensorFile]
  private let report: JSON

  init(_ cases: [StableHLOCase]) throws {
    let folder = try TemporaryFolder()
    for item in cases {
      try folder.write("\(item.name).mlir", item.program.text)
      try folder.write("\(item.name).json", item.program.manifest.json.encoded)
      guard let arguments = item.arguments else { continue }
      let tensors = item.program.manifest.arguments.compactMap { port in arguments[port.name].map { tensor(port, $0) } }
      try TensorFile(tensors: tensors).write(path: folder("\(item.name).inputs.safetensors"))
    }
    try folder.write("cases.json", JSON.array(cases.map { .string($0.name) }).encoded)
    try JaxPython.runStableHLO(folder.path)
    report = try JSON(reading: Array(try folder.bytes("report.json")))
    var outputs: [String: TensorFile] = [:]
    for item in cases where item.arguments != nil && report[item.name]?["error"] == nil {
      outputs[item.name] = try TensorFile.read(path: folder("\(item.name).outputs.safetensors"))
    }
    self.outputs = outputs
  }

  /// Why a case failed.
  func error(_ name: String) -> String? { report[name] == nil ? "no result" : report[name]?["error"]?.text }

  /// The bytes that each device has of a kind of collective operation.
  func bytes(_ kind: String, _ name: String) -> Int { report[name]?["collectives"]?[kind]?.whole ?? 0 }

  /// The bytes of its arguments that each device holds.
  func argumentBytes(_ name: String) -> Int? { report[name]?["argument_bytes"]?.whole }

  /// The kinds of collective operations of a case.
  func collectives(_ name: String) -> [String] {
    if case .object(let members)? = report[name]?["collectives"] { members.map(\.name) } else { [] }
  }

  /// The elements of a result.
  func values(_ name: String, _ result: String) -> [Double]? {
    outputs[name]?.tensor(named: result).flatMap { try? $0.doubles() }
  }
}

private func tensor(_ port: StableHLOManifest.Port, _ value: ReferenceTensor) -> NamedTensor {
  switch port.element {
  case .f32, .bf16: NamedTensor(name: port.name, shape: port.shape, floats: value.values.map { Float($0) })
  case .i32: NamedTensor(name: port.name, shape: port.shape, integers: value.values.map { Int64($0) })
  case .u64: NamedTensor(name: port.name, shape: port.shape, integers: [Int64(bitPattern: value.key ?? 0)])
  }
}
