import DrnJSON
import DrnKernels

/// What this machine is, what runs on it, and how fast.
struct MachineReport {
  /// The vector instructions that kernels are written for, the best last.
  enum Vectors: String, CaseIterable, Comparable {
    case baseline, avx2, avx512

    static func < (left: Vectors, right: Vectors) -> Bool { (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0) }

    /// The best of a processor with those flags of `/proc/cpuinfo`.
    init(flags: Set<String>) {
      self =
        flags.isSuperset(of: ["avx512f", "avx512vl", "avx512dq", "avx512bw"])
        ? .avx512 : flags.isSuperset(of: ["avx2", "fma", "bmi2"]) ? .avx2 : .baseline
    }
  }

  /// What was measured with some threads.
  struct Speed {
    let threads: Int
    /// Multiply-adds from registers, in operations a second.
    let peak: Double
    let rates: MachineRates
  }

  var version = ""
  /// Whether Swift's part was compiled without optimization.
  var isDebugBuild = false
  /// The processor, the kernels in use and the libraries, as `Machine.description` has them.
  var description = ""
  /// What the processor has; `nil` where it does not say.
  var available: Vectors?
  /// Whether it multiplies bfloat16, as `precision: bfloat16` asks for.
  var multipliesHalf = false
  /// Processors that this process may run on.
  var processors = 1
  /// How many of them the control group allows it at a time; `nil` without a limit.
  var quota: Double?
  /// Processes that ran or waited in the last minute, on average.
  var load: Double?
  /// What a process may have, and what is free, in bytes.
  var memory = (limit: 0, available: 0)
  /// Variables of the environment that change how fast something runs, where they are set.
  var environment: [(name: String, value: String)] = []
  var speeds: [Speed] = []

  /// The variables that are looked for.
  static let variables = [
    "DRN_ISA", "OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OMP_WAIT_POLICY", "OMP_PROC_BIND", "OPENBLAS_CORETYPE", "OPENBLAS_NUM_THREADS",
    "ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA", "LD_PRELOAD",
  ]

  /// The part of the description that begins with a word, without it.
  private func part(_ word: String) -> String? {
    description.split(separator: "; ").first { $0.hasPrefix(word + " ") }.map { String($0.dropFirst(word.count + 1)) }
  }

  var processor: String { description.split(separator: "; ").first.map(String.init) ?? "unknown" }
  var used: Vectors? { part("kernels").flatMap(Vectors.init) }
  /// Of the library, and the instructions it uses.
  var oneDNN: String { part("oneDNN") ?? "unknown" }
  /// The processor that the library takes this one for.
  var openBLAS: String { part("OpenBLAS") ?? "unknown" }

  private func value(_ name: String) -> String? { environment.first { $0.name == name }?.value }

  /// What is off, a line each with what to do.
  var advice: [String] {
    var found: [String] = []
    if isDebugBuild { found.append("this is a debug build: `swift build -c release` makes reading data and compiling faster") }
    if let used, let available, used < available {
      found.append(
        "kernels use \(used.rawValue) where the processor has \(available.rawValue)" + (value("DRN_ISA") == nil ? "" : ": unset DRN_ISA"))
    }
    if let available, available > .baseline, ["generic", "prescott", "core2", "nehalem", "unknown"].contains(openBLAS.lowercased()) {
      found.append(
        "OpenBLAS takes the processor for \(openBLAS), so that SVD and QR are slow: set OPENBLAS_CORETYPE=\(available == .avx512 ? "SkylakeX" : "Haswell")"
      )
    }
    for name in ["OMP_NUM_THREADS", "OMP_THREAD_LIMIT"] {
      if let text = value(name), let count = Int(text), count < processors {
        found.append("\(name)=\(count) is below the \(processors) processors: unset it; `--threads` says how many a run takes")
      }
    }
    for name in ["ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA"] {
      if let text = value(name), !["ALL", "DEFAULT"].contains(text.uppercased()) {
        found.append("\(name)=\(text) bounds the instructions of matrix products: unset it")
      }
    }
    if let quota, quota < Double(processors) {
      found.append(
        "the control group allows \(Self.short(quota)) of \(processors) processors: give `--threads \(max(1, Int(quota)))`, since threads beyond that wait for each other"
      )
    }
    if let load, load > Double(processors) * 0.5 {
      found.append("other processes keep \(Self.short(load)) of \(processors) processors busy, which makes the measured speeds too low")
    }
    if memory.available < 1 << 30 { found.append("less than 1 GiB of memory is free") }
    if let one = speeds.first, one.rates.product < 0.4 * one.peak {
      found.append(
        "matrix products reach \(Int(100 * one.rates.product / one.peak)) % of what registers allow: something holds oneDNN back")
    }
    if let one = speeds.first, let all = speeds.last, all.threads > one.threads, all.peak < 0.6 * one.peak * Double(all.threads) {
      found.append(
        "\(all.threads) threads are only \(Self.short(all.peak / one.peak)) times as fast as one: processors are shared, or are halves of cores"
      )
    }
    return found
  }

  private static func short(_ value: Double) -> String { String(Double(Int(value * 10)) / 10) }

  /// The rows of the table: a name and what is there.
  var rows: [(String, String)] {
    func giga(_ value: Double) -> String { "\(Int((value / 1e9).rounded()))" }
    func gibibytes(_ bytes: Int) -> String { Self.short(Double(bytes) / 1_073_741_824) + " GiB" }
    let measured = speeds.map { speed in
      (
        speed.threads == 1 ? "1 thread" : "\(speed.threads) threads",
        "\(giga(speed.peak)) GFLOP/s from registers, \(giga(speed.rates.product)) in products; \(giga(speed.rates.cache)) GB/s from caches, \(giga(speed.rates.bandwidth)) from memory"
      )
    }
    return [
      ("drnc", version + (isDebugBuild ? ", debug build" : "")), ("processor", processor),
      ("kernels", (used?.rawValue ?? "unknown") + (available.map { ", of a processor with \($0.rawValue)" } ?? "")),
      ("bfloat16", multipliesHalf ? "products of matrices" : "no products: `precision: bfloat16` does not train here"),
      ("processors", "\(processors)" + (quota.map { ", of which the control group allows \(Self.short($0))" } ?? "")),
      ("load", load.map(Self.short) ?? "unknown"),
      ("memory", "\(gibibytes(memory.limit)), of which \(gibibytes(memory.available)) are free"), ("oneDNN", oneDNN),
      ("OpenBLAS", "kernels for \(openBLAS)"),
      ("environment", environment.isEmpty ? "nothing set" : environment.map { "\($0.name)=\($0.value)" }.joined(separator: " ")),
    ] + measured
  }

  /// The table, then the advice.
  var text: String {
    let width = rows.map(\.0.count).max() ?? 0
    let lines = rows.map { $0 + String(repeating: " ", count: width - $0.count + 2) + $1 + "\n" }.joined()
    return lines + "\n" + (advice.isEmpty ? "nothing is in the way\n" : advice.map { "- \($0)\n" }.joined())
  }

  /// The same as one object; rates are in operations or bytes a second.
  var json: JSON {
    .make([
      "version": .string(version), "debug_build": .boolean(isDebugBuild), "processor": .string(processor),
      "kernels": used.map { .string($0.rawValue) }, "available": available.map { .string($0.rawValue) },
      "bfloat16": .boolean(multipliesHalf), "processors": .integer(processors),
      "quota": quota.map(JSON.number), "load": load.map(JSON.number), "memory_limit": .integer(memory.limit),
      "memory_available": .integer(memory.available), "onednn": .string(oneDNN), "openblas": .string(openBLAS),
      "environment": .fields(environment.map { ($0.name, .string($0.value)) }),
      "speeds": .array(
        speeds.map {
          .make([
            "threads": .integer($0.threads), "peak": .number($0.peak), "product": .number($0.rates.product),
            "cache": .number($0.rates.cache),
            "bandwidth": .number($0.rates.bandwidth),
          ])
        }), "advice": .array(advice.map(JSON.string)),
    ])
  }
}
