import DrnCPU
import DrnCompiler
import DrnIR

/// Runs a function once in an arena of its own: initial values, transitions, measurements.
package enum OneShot {
  /// What a function returned: tensors where they lie, and the outputs beside them.
  package struct Results {
    var tensors: [String: TensorPlace] = [:]
    package var outputs: [String: [Float]] = [:]
  }

  /// `inputs` must hold every argument but the key.
  package static func run(
    _ compiled: Compiled, inputs: [String: TensorPlace], key: UInt64, threads: Int
  ) throws(TrainError) -> Results {
    guard let name = compiled.functions.first, let function = compiled.module.function(name) else {
      throw TrainError(.defect, "there is no function to run")
    }
    do {
      let segment = try compiled.segment(threads: threads)
      for port in function.arguments {
        let target = try segment.argument(port.name)
        if port.role == .key {
          try target.set(key: key)
        } else {
          try (inputs[port.name] ?? .values([])).write(to: target)
        }
      }
      try segment.run(name)
      return try results(of: function, in: segment)
    } catch let error as ExecutionError { throw TrainError(execution: error) } catch let error as TrainError { throw error } catch {
      throw TrainError(.defect, "\(error)")
    }
  }

  private static func results(of function: Function, in segment: Segment) throws(ExecutionError) -> Results {
    var results = Results()
    for port in function.results {
      let place = try segment.result(port.name)
      if port.role == .output { results.outputs[port.name] = try place.read() } else { results.tensors[port.name] = .port(place) }
    }
    return results
  }
}
