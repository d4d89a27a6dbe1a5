import DrnAnalysis
import DrnCPU
import DrnIR
import DrnKernels
import DrnPlan

/// Times every kernel over a grid of shapes, each by itself, beside what the cost model predicts.
///
/// The model prices a machine with nothing else on it, so the least time of many runs counts. What no thread's cache holds comes from memory,
/// as it does within a step.
public struct KernelGridBenchmark {
  private let threads: Int
  /// Times beyond which a prediction misleads: measured over predicted, or the other way round.
  public static let bound = 3.0

  public init(threads: Int) { self.threads = threads }

  /// One row for each operation and shape, in the order of `Opcode.allCases`.
  public func run() throws(TrainError) -> [KernelTiming] {
    let machine = MachineModel.measured(threads: threads)
    var rows: [KernelTiming] = []
    // More than any cache holds.
    var sweep = [UInt8](repeating: 0, count: 1 << 27)
    for opcode in Opcode.allCases {
      let modules: [Module]
      do { modules = try kernelGrid(opcode) } catch { throw TrainError(.defect, error.message) }
      for module in modules {
        guard let function = module.function("kernel") else { continue }
        do {
          let segment = try Segment(module: module, functions: ["kernel"], threads: threads)
          try fill(segment, function)
          let entry = try segment.entry("kernel")
          // Until the caches and the branch predictors have settled, then for some ten milliseconds.
          try entry.run()
          let start = ContinuousClock.now
          try entry.run()
          let once = max((ContinuousClock.now - start) / Duration.milliseconds(1), 1e-3)
          let steps = min(max(Int(10 / once), 5), 1000)
          let isCached = function.operations.allSatisfy { machine.holds(KernelWork($0, function)) }
          let times = timeKernels(of: function, in: module, entry, steps: isCached ? steps : 5, quantile: 0, machine: machine) {
            if !isCached { sweep.withUnsafeMutableBytes { for index in stride(from: 0, to: $0.count, by: 64) { $0[index] &+= 1 } } }
          }
          rows += times.filter { $0.name != "moves" && $0.predicted.seconds > 0 }
        } catch { throw TrainError(execution: error) }
      }
    }
    return rows
  }

  /// Numbers of both signs; above 0 for ports that need them so.
  private func fill(_ segment: Segment, _ function: Function) throws(ExecutionError) {
    var state: UInt32 = 1
    for port in function.arguments {
      let type = function.type(of: port.value)
      let count = type.elementCount ?? 0
      switch type.element {
      case .i32: try segment.writeLabels(port.name, (0..<count).map { Int32($0 % 10) })
      case .u64: try segment.setKey(port.name, 1)
      case .f32, .bf16:
        let offset: Float = port.name.hasPrefix("positive") ? 1 : 0
        try segment.write(
          port.name,
          (0..<count).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return offset + Float(state >> 8) / Float(1 << 24) - 0.5
          })
      }
    }
  }
}

extension KernelTiming {
  /// Measured over predicted.
  public var ratio: Double { measured / max(predicted.seconds, 1e-12) }
  /// Whether the prediction is off by more than the bound of the grid.
  public var isMispriced: Bool { max(ratio, 1 / ratio) > KernelGridBenchmark.bound }
}
