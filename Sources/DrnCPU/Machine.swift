import CKernels
import DrnIR
import DrnKernels

/// What this processor is and how fast it runs drnc's kernels.
public enum Machine {
  /// The processor, the kernels chosen for it, and the libraries with their versions.
  public static var description: String {
    var buffer = [CChar](repeating: 0, count: 1024)
    let length = drn_cpu_description(&buffer, buffer.count)
    return String(decoding: buffer.prefix(max(0, min(length, buffer.count - 1))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Whether this processor multiplies bfloat16 by instructions of its own.
  public static var multipliesHalf: Bool { drn_has_half_products() != 0 }

  /// Multiply-adds from registers, in floating-point operations per second: what no program can exceed.
  public static func peak(threads: Int) -> Double { drn_peak_flops_probe(Int32(clamping: threads)) }

  /// Lets the libraries generate their kernels and start their threads, which they would otherwise do in the first step.
  public static func warmUp(threads: Int) {
    drn_set_threads(Int32(clamping: threads))
    drn_warm_up()
  }

  /// Times three small functions for some twenty milliseconds each. Rates of a common server where that fails.
  ///
  /// A team's rate is at least that of one thread: where something else keeps the other processors busy, a probe of the whole team fails.
  public static func measure(threads: Int) -> MachineRates {
    warmUp(threads: threads)
    let own = rates(threads: threads) ?? MachineRates(product: 100e9, cache: 50e9, bandwidth: 20e9)
    guard threads > 1, let one = rates(threads: 1) else { return own }
    return MachineRates(
      product: max(own.product, one.product), cache: max(own.cache, one.cache), bandwidth: max(own.bandwidth, one.bandwidth))
  }

  private static func rates(threads: Int) -> MachineRates? {
    let near = 64 * max(1, threads)
    guard var product = try? Probe(threads, rows: 512, columns: 512, multiplies: true),
      var inCache = try? Probe(threads, rows: near, columns: 512, multiplies: false),
      var beyond = try? Probe(threads, rows: 4096, columns: 1024, multiplies: false)
    else { return nil }
    // In turns: a moment in which other processes take the machine then spoils a turn of each, and not all of one.
    for _ in 0..<Probe.turns {
      guard (try? product.run()) != nil, (try? inCache.run()) != nil, (try? beyond.run()) != nil else { return nil }
    }
    return MachineRates(
      product: 2 * 512 * 512 * 512 / product.least, cache: Double(3 * 4 * near * 512) / inCache.least,
      bandwidth: 3 * 4 * 4096 * 1024 / beyond.least)
  }

  /// A small function that is timed.
  private struct Probe {
    static let turns = 8
    private let entry: Segment.Entry
    /// The least seconds of one call so far.
    private(set) var least = Double.infinity

    init(_ threads: Int, rows: Int, columns: Int, multiplies: Bool) throws {
      var builder = Builder(function: "probe", in: Module(name: "probe"))
      let type = TensorType.f32([Dimension(rows), Dimension(columns)])
      let left = builder.argument("left", role: .plain, type)
      let right = builder.argument("right", role: .plain, type)
      builder.result("result", role: .output, multiplies ? try builder.matmul(left, right) : try builder.add(left, right))
      var module = Module(name: "probe")
      module.set(builder.function)
      entry = try Segment(module: module, functions: ["probe"], threads: threads).entry("probe")
    }

    /// Calls it for two milliseconds, and at least twice.
    mutating func run() throws {
      let clock = ContinuousClock()
      let start = clock.now
      var calls = 0
      while calls < 2 || (clock.now - start < .milliseconds(2) && calls < 1000) {
        let elapsed = try clock.measure { try entry.run() }.components
        least = max(1e-9, min(least, Double(elapsed.attoseconds) * 1e-18 + Double(elapsed.seconds)))
        calls += 1
      }
    }
  }
}
