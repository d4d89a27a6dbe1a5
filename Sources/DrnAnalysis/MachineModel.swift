import DrnCPU
import DrnIR
import DrnPlan
import Synchronization

/// What the cost model knows of a machine: how fast it multiplies, how fast it reads caches and memory, what starting a step costs.
///
/// An operation takes the time of its starts, of its arithmetic as executed and of its traffic; a function takes the sum over its operations.
public struct MachineModel: Sendable, Hashable {
  /// Rates of all threads together.
  public let rates: Machine.Rates
  /// Nanoseconds from one step of a function to the next.
  public let start: Double
  /// Threads of the run that is priced.
  public let threads: Int

  /// `start` is by default that of the executor's team.
  public init(rates: Machine.Rates, start: Double? = nil, threads: Int) {
    self.rates = rates
    self.start = start ?? (threads > 1 ? KernelRates.meeting : KernelRates.start)
    self.threads = max(1, threads)
  }

  /// A machine nobody measured: good enough for everything but time.
  public static func typical(threads: Int) -> MachineModel {
    let count = Double(max(1, threads))
    return MachineModel(
      rates: Machine.Rates(product: 100e9 * count, cache: 50e9 * count, bandwidth: 20e9 * count), threads: threads)
  }

  /// This machine, by kernels of a few milliseconds; measured once in a process for each number of threads.
  public static func measured(threads: Int) -> MachineModel {
    known.withLock { known in
      if let model = known[threads] { return model }
      let model = MachineModel(rates: Machine.measure(threads: threads), threads: threads)
      known[threads] = model
      return model
    }
  }

  private static let known = Mutex<[Int: MachineModel]>([:])

  /// The predicted time of one call of a concrete function.
  public func milliseconds(of name: String, in module: Module) -> Double {
    guard let function = module.function(name) else { return 0 }
    return function.operations.reduce(0) { $0 + time(of: $1, in: function).seconds } * 1e3
  }

  /// The predicted time of one operation of a concrete function.
  public func time(of operation: Operation, in function: Function) -> KernelTime {
    let work = KernelWork(operation, function)
    let speed = share(of: work.tasks)
    let bandwidth = holds(work) ? rates.cache : rates.bandwidth
    return KernelTime(
      starts: Double(work.steps) * start * 1e-9,
      arithmetic: 2 * work.multiplyAdds / (rates.product * KernelRates.arithmetic(work.kind) * speed),
      traffic: work.bytes / (bandwidth * KernelRates.traffic(work.kind) * speed))
  }

  /// Whether the threads' own caches hold what an operation touches.
  public func holds(_ work: KernelWork) -> Bool { work.footprint <= KernelRates.cache * Double(threads) }

  /// The share of the machine that so many equal tasks keep busy.
  private func share(of tasks: Int) -> Double {
    let rounds = (max(1, tasks) + threads - 1) / threads
    return Double(max(1, tasks)) / Double(rounds * threads)
  }
}

/// What the predicted time of an operation consists of, in seconds.
public struct KernelTime: Hashable, Sendable {
  public var starts: Double
  public var arithmetic: Double
  public var traffic: Double
  public var seconds: Double { starts + arithmetic + traffic }
  public init(starts: Double = 0, arithmetic: Double = 0, traffic: Double = 0) {
    self.starts = starts
    self.arithmetic = arithmetic
    self.traffic = traffic
  }

  public static func + (left: KernelTime, right: KernelTime) -> KernelTime {
    KernelTime(starts: left.starts + right.starts, arithmetic: left.arithmetic + right.arithmetic, traffic: left.traffic + right.traffic)
  }
}
