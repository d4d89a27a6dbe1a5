import DrnIR

/// How fast a machine runs kernels.
public struct MachineRates: Sendable, Hashable {
  /// Floating-point operations per second of a matrix product whose operands lie in cache.
  public let product: Double
  /// Bytes per second of an elementwise sum of arrays in the threads' own caches.
  public let cache: Double
  /// Bytes per second of an elementwise sum of arrays that no cache holds together.
  public let bandwidth: Double
  public init(product: Double, cache: Double, bandwidth: Double) {
    self.product = product
    self.cache = cache
    self.bandwidth = bandwidth
  }
}

/// What the cost model knows of a machine: how fast it multiplies, how fast it reads caches and memory, what starting a step costs.
///
/// An operation takes the time of its starts, of its arithmetic as executed and of its traffic; a function takes the sum over its operations.
/// Whatever asks what a kernel costs asks this: the order of products, the prices of a program, the predicted times of a benchmark.
public struct MachineModel: Sendable, Hashable {
  /// Rates of all threads together.
  public let rates: MachineRates
  /// Nanoseconds from one step of a function to the next.
  public let start: Double
  /// Threads of the run that is priced.
  public let threads: Int

  /// `start` is by default that of the executor's team.
  public init(rates: MachineRates, start: Double? = nil, threads: Int) {
    self.rates = rates
    self.start = start ?? (threads > 1 ? KernelRates.meeting : KernelRates.start)
    self.threads = max(1, threads)
  }

  /// A machine nobody measured: good enough for everything but time.
  public static func typical(threads: Int) -> MachineModel {
    let count = Double(max(1, threads))
    return MachineModel(rates: MachineRates(product: 100e9 * count, cache: 50e9 * count, bandwidth: 20e9 * count), threads: threads)
  }

  /// One core of a common server, the machine that programs are compiled for wherever they are compiled and run, so that results do not
  /// depend on where. Its rates were measured on a core of Zen 5; memory is taken to be as fast as the shared cache, where the batches of a
  /// step mostly lie.
  public static let compiledFor = MachineModel(rates: MachineRates(product: 230e9, cache: 100e9, bandwidth: 100e9), threads: 1)

  /// The predicted time of one call of a concrete function.
  public func milliseconds(of name: String, in module: Module) -> Double {
    guard let function = module.function(name) else { return 0 }
    var seconds = 0.0
    var first = 0
    let spans = JointFactorizations(function).spans
    while first < spans.count {
      seconds += time(of: spans[first], in: function, of: module).seconds
      first = spans[first].upperBound + 1
    }
    return seconds * 1e3
  }

  /// The predicted time of operations that share their steps: of one, or of factorizations that run at the same time.
  public func time(of operations: ClosedRange<Int>, in function: Function, of module: Module) -> KernelTime {
    let works = operations.map { KernelWork(function.operations[$0], function, in: module) }
    guard let joint = KernelWork(joint: works) else { return works.reduce(KernelTime()) { $0 + time($1) } }
    return time(joint)
  }

  /// The predicted time of one operation of a concrete function, without what is fused into it.
  public func time(of operation: Operation, in function: Function) -> KernelTime { time(KernelWork(operation, function)) }

  /// The predicted time of a kernel.
  public func time(_ work: KernelWork) -> KernelTime {
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
  /// What starting its steps takes.
  public var starts: Double
  /// What its multiply-adds take.
  public var arithmetic: Double
  /// What its bytes take.
  public var traffic: Double
  /// The three together; none overlaps another.
  public var seconds: Double { starts + arithmetic + traffic }
  public init(starts: Double = 0, arithmetic: Double = 0, traffic: Double = 0) {
    self.starts = starts
    self.arithmetic = arithmetic
    self.traffic = traffic
  }

  /// Part by part.
  public static func + (left: KernelTime, right: KernelTime) -> KernelTime {
    KernelTime(starts: left.starts + right.starts, arithmetic: left.arithmetic + right.arithmetic, traffic: left.traffic + right.traffic)
  }
}
