import DrnAnalysis
import DrnCPU
import DrnCompiler
import DrnIR
import DrnKernels
import DrnLowering
import DrnPlan
import DrnProgram
import DrnSystem
import Foundation

/// How long training steps of one phase take, in seconds.
public struct StepTiming: Sendable {
  /// Seconds of the median step; of an even number of steps the slower of the two in the middle.
  public let median: Double
  /// Seconds of the fastest step.
  public let best: Double
  /// Multiply-adds of the matrix products of a step.
  public let multiplyAdds: Int
  /// Bytes of the arena, in which weights and batch lie too.
  public let arenaBytes: Int
  /// Growth of resident memory up to the last step to warm up, weights, batch and the start-up of libraries not counted.
  public let memoryGrowth: Int
  /// Its kernels, where they were asked for.
  public let kernels: KernelTimings?
}

/// The kernels of a step, and the step as a whole.
public struct KernelTimings: Sendable {
  /// Seconds of a step by the cost model of this machine.
  public let predicted: Double
  /// By falling measured time.
  public let kernels: [KernelTiming]
}

/// Times the step of one phase on one batch of random numbers.
public struct StepBenchmark {
  private let compiler: PhaseCompiler
  private let phase: Int
  private let threads: Int

  /// Compiles nothing yet.
  public init(program: CheckedProgram, phase: Int, threads: Int) {
    compiler = PhaseCompiler(program: program)
    self.phase = phase
    self.threads = threads
  }

  /// Times `steps` steps after `warmUp` others, then, where `kernels` are asked for, as many with a clock between the kernels.
  public func run(steps: Int, warmUp: Int = 100, kernels: Bool = false) throws(TrainError) -> StepTiming {
    try compiler.program.requireProducts(hasHalf: Machine.multipliesHalf)
    let ranks = compiler.scheduledRanks(phase: phase)
    let compiled: Compiled
    do { compiled = try compiler.compiled(phase: phase, ranks: ranks) } catch { throw TrainError(.defect, error.message) }
    let module = compiled.module
    do {
      Machine.warmUp(threads: threads)
      let before = Self.residentBytes
      let segment = try compiled.segment(threads: threads)
      try fill(segment, module)
      let entry = try segment.entry(FunctionName.step)
      for _ in 0..<max(1, warmUp) { try entry.run() }
      let growth = Self.residentBytes - before - Self.readyBytes(segment.plan)
      let times = try Self.time(entry, steps: steps)
      return StepTiming(
        median: times[times.count / 2], best: times[0], multiplyAdds: compiler.multiplyAdds(module, FunctionName.step),
        arenaBytes: segment.plan.totalBytes, memoryGrowth: growth, kernels: kernels ? self.kernels(module, entry, steps: steps) : nil)
    } catch { throw TrainError(execution: error) }
  }

  private func kernels(_ module: Module, _ entry: Segment.Entry, steps: Int) -> KernelTimings? {
    guard let step = module.function(FunctionName.step) else { return nil }
    let machine = MachineModel.measured(threads: threads)
    return KernelTimings(
      predicted: machine.milliseconds(of: FunctionName.step, in: module) / 1e3,
      kernels: timeKernels(of: step, in: module, entry, steps: steps, machine: machine))
  }

  /// What a trainer that allocates step by step holds before its first one: weights and the batch. Here they lie in the arena, which is
  /// touched as a whole when it is made.
  private static func readyBytes(_ plan: SegmentPlan) -> Int {
    plan.slots.filter { [.weight, .frozen, .batch].contains($0.role) && $0.isArgument }.reduce(0) { $0 + $1.layout.bytes }
  }

  /// Ascending.
  private static func time(_ entry: Segment.Entry, steps: Int) throws(ExecutionError) -> [Double] {
    var times: [Double] = []
    times.reserveCapacity(steps)
    for _ in 0..<max(1, steps) {
      let start = ContinuousClock.now
      try entry.run()
      let elapsed = (ContinuousClock.now - start).components
      times.append(Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18)
    }
    return times.sorted()
  }

  /// Small random weights and features, and labels in range, so that nothing overflows over many steps.
  private func fill(_ segment: Segment, _ module: Module) throws(ExecutionError) {
    guard let step = module.function(FunctionName.step) else { return }
    var generator = SystemRandomNumberGenerator()
    for port in step.arguments {
      let type = step.type(of: port.value)
      let count = type.elementCount ?? 0
      switch (port.role, type.element) {
      case (_, .i32):
        let classes = Int32(clamping: compiler.program.data.classes ?? 1)
        try segment.writeLabels(port.name, (0..<count).map { Int32($0) % max(1, classes) })
      case (_, .u64): try segment.setKey(port.name, 1)
      case (.scalar, _): try segment.setScalar(port.name, port.name == PortName.rate ? 1e-3 : 1)
      // The arena is zero at first, and memory counts when it is touched.
      case (.state, _): break
      case _:
        // Filled where it lies: an array beside it would count as memory of the step.
        let (rows, columns) = (count / max(1, type.extents?.last ?? 1), type.extents?.last ?? 1)
        try segment.argument(port.name).withRows { base, pitch in
          for row in 0..<rows {
            for column in 0..<columns { base[row * pitch + column] = Float.random(in: -0.05..<0.05, using: &generator) }
          }
        }
      }
    }
  }

  private static var residentBytes: Int {
    guard let bytes = try? Files.read("/proc/self/statm", atMost: 1 << 12) else { return 0 }
    let text = String(decoding: bytes, as: UTF8.self)
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
  }
}
