import DrnCPU
import DrnIR

/// Runs a function once in an arena of its own: initial values, transitions, measurements.
enum OneShot {
  /// What a function returned: tensors under their names, and the outputs beside them.
  struct Results {
    var tensors: [String: [Float]] = [:]
    var outputs: [String: [Float]] = [:]
  }

  /// `inputs` must hold every argument but the key.
  static func run(
    _ module: Module, _ name: String, inputs: [String: [Float]], key: UInt64, threads: Int
  ) throws -> Results {
    guard let function = module.function(name) else { throw IRError("no function \(name)") }
    let segment = try Segment(module: module, functions: [name], threads: threads)
    for port in function.arguments {
      if port.role == .key {
        try segment.setKey(port.name, key)
      } else if let values = inputs[port.name] {
        try segment.write(port.name, values)
      } else {
        throw IRError("no value for argument \(port.name) of \(name)")
      }
    }
    try segment.run(name)
    var results = Results()
    for port in function.results {
      let values = try segment.read(port.name)
      if port.role == .output { results.outputs[port.name] = values } else { results.tensors[port.name] = values }
    }
    return results
  }
}
