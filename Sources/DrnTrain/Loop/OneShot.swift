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
  ) throws(TrainError) -> Results {
    guard let function = module.function(name) else { throw TrainError(.defect, "no function \(name)") }
    do {
      let segment = try Segment(module: module, functions: [name], threads: threads)
      for port in function.arguments where port.role == .key { try segment.setKey(port.name, key) }
      for port in function.arguments where port.role != .key { try segment.write(port.name, inputs[port.name] ?? []) }
      try segment.run(name)
      return try results(of: function, in: segment)
    } catch { throw TrainError(execution: error) }
  }

  private static func results(of function: Function, in segment: Segment) throws(ExecutionError) -> Results {
    var results = Results()
    for port in function.results {
      let values = try segment.read(port.name)
      if port.role == .output { results.outputs[port.name] = values } else { results.tensors[port.name] = values }
    }
    return results
  }
}
