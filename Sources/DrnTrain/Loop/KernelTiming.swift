import DrnAnalysis
import DrnCPU
import DrnIR
import DrnKernels
import DrnPlan

/// How long the kernels of one kind take in a step, predicted and measured.
public struct KernelTiming: Sendable, Hashable {
  /// The op, the method chosen for it and its sizes; several, joined by `+`, where their tasks are one.
  public let name: String
  /// The kind by which the cost model rates it; of joined ones, the first.
  public let kind: KernelKind
  /// Such kernels in a step.
  public internal(set) var count: Int
  /// The time of all of them by the cost model of this machine.
  public internal(set) var predicted: KernelTime
  /// Seconds of all of them: the sum of each one's quantile over the steps.
  public internal(set) var measured: Double
}

/// Times every kernel of a function over `steps` runs, each after `prepare`, of which the time at `quantile` counts. By falling measured time,
/// equal ones in the order of the function.
func timeKernels(
  of function: Function, in module: Module, _ entry: Segment.Entry, steps: Int, quantile: Double = 0.5, machine: MachineModel,
  prepare: () -> Void = {}
) -> [KernelTiming] {
  let timed = entry.timed
  var samples = timed.kernels.map { _ in [Double]() }
  for _ in 0..<max(1, steps) {
    prepare()
    for (index, seconds) in timed.run().enumerated() { samples[index].append(seconds) }
  }
  var found: [KernelTiming] = []
  var positions: [String: Int] = [:]
  for (kernel, times) in zip(timed.kernels, samples) {
    let owned = kernel.filter(function.operations.indices.contains)
    let operations = owned.map { function.operations[$0] }
    let work = operations.filter { $0.opcode != .reshape || operations.count == 1 }
    let name = work.isEmpty ? "moves" : work.map { kernelName($0, function) }.joined(separator: " + ")
    let kind = work.first.map { KernelWork($0, function).kind } ?? .elementwise
    let position = positions[name] ?? found.count
    if position == found.count {
      positions[name] = position
      found.append(KernelTiming(name: name, kind: kind, count: 0, predicted: KernelTime(), measured: 0))
    }
    found[position].count += 1
    if let first = owned.first, let last = owned.last {
      found[position].predicted = found[position].predicted + machine.time(of: first...last, in: function, of: module)
    }
    found[position].measured += times.sorted()[min(Int(Double(times.count) * quantile), times.count - 1)]
  }
  return found.enumerated().sorted { ($1.element.measured, $0.offset) < ($0.element.measured, $1.offset) }.map(\.element)
}
