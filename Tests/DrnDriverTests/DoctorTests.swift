import DrnJSON
import DrnKernels
import DrnTestSupport
import Foundation
import Testing

@testable import DrnDriver

@Suite("drnc doctor", .serialized) struct DoctorTests {
  /// A machine with nothing in the way.
  private static func sound() -> MachineReport {
    var report = MachineReport()
    report.description = "Some CPU; kernels avx512; 4 threads (libgomp); oneDNN 2.6.3 isa 0x3ff; OpenBLAS SkylakeX"
    report.available = .avx512
    report.processors = 4
    report.load = 0.1
    report.memory = (8 << 30, 6 << 30)
    report.speeds = [1, 4].map {
      .init(threads: $0, peak: 100e9 * Double($0), rates: MachineRates(product: 80e9 * Double($0), cache: 50e9, bandwidth: 20e9))
    }
    return report
  }

  @Test("a sound machine has no advice") func sound() {
    #expect(Self.sound().advice == [])
    #expect(Self.sound().text.contains("nothing is in the way"))
  }

  static let faults: [(String, @Sendable (inout MachineReport) -> Void)] = [
    ("debug build", { $0.isDebugBuild = true }),
    ("unset DRN_ISA", { ($0.description, $0.environment) = ($0.description.replacing("avx512", with: "avx2"), [("DRN_ISA", "avx2")]) }),
    ("OPENBLAS_CORETYPE=SkylakeX", { $0.description = $0.description.replacing("OpenBLAS SkylakeX", with: "OpenBLAS Prescott") }),
    ("OMP_NUM_THREADS=2", { $0.environment = [("OMP_NUM_THREADS", "2")] }),
    ("ONEDNN_MAX_CPU_ISA=AVX2", { $0.environment = [("ONEDNN_MAX_CPU_ISA", "AVX2")] }),
    ("allows 1.5 of 4", { $0.quota = 1.5 }),
    ("keep 3.0 of 4", { $0.load = 3 }),
    ("1 GiB", { $0.memory.available = 1 << 29 }),
    ("20 %", { $0.speeds[0] = .init(threads: 1, peak: 100e9, rates: MachineRates(product: 20e9, cache: 50e9, bandwidth: 20e9)) }),
    ("2.0 times as fast", { $0.speeds[1] = .init(threads: 4, peak: 200e9, rates: $0.speeds[1].rates) }),
  ]

  @Test("each thing that is off has one line", arguments: faults.indices) func advice(_ index: Int) {
    var report = Self.sound()
    Self.faults[index].1(&report)
    #expect(report.advice.count == 1 && report.advice[0].contains(Self.faults[index].0), "\(report.advice)")
    #expect(report.text.contains("- " + (report.advice.first ?? "?")))
  }

  @Test("a quota is read as control groups write it") func quotas() {
    #expect(Driver.quota(["150000", "100000"]) == 1.5)
    for none in [["max", "100000"], ["-1", "100000"], [], ["1"]] { #expect(Driver.quota(none) == nil) }
  }

  @Test("flags tell the instructions") func flags() {
    #expect(MachineReport.Vectors(flags: ["avx2", "fma", "bmi2"]) == .avx2)
    #expect(MachineReport.Vectors(flags: ["avx2", "fma", "bmi2", "avx512f", "avx512vl", "avx512dq", "avx512bw"]) == .avx512)
    #expect(MachineReport.Vectors(flags: ["sse2"]) == .baseline)
  }

  @Test("the command prints the same facts as a table and as JSON, and heeds the environment") func command() throws {
    let table = try Tool.shell("DRN_ISA=baseline OMP_NUM_THREADS=1 \"$DRNC\" doctor")
    let json = try Tool.shell("DRN_ISA=baseline OMP_NUM_THREADS=1 \"$DRNC\" doctor --json")
    #expect(table.status == 0 && json.status == 0 && table.error.isEmpty && json.error.isEmpty)
    let found = try JSON(reading: Array(json.output.utf8))
    for name in ["processor", "onednn", "openblas", "version"] {
      let text = try #require(found[name]?.text)
      #expect(table.output.contains(text), "\(name): \(text)\n\(table.output)")
    }
    #expect(found["kernels"]?.text == "baseline" && table.output.contains("DRN_ISA=baseline"))
    #expect(found[["environment", "DRN_ISA"]]?.text == "baseline")
    let speeds = try #require(found["speeds"]?.items)
    #expect(speeds.count == (found["processors"]?.whole == 1 ? 1 : 2))
    for speed in speeds {
      for name in ["peak", "product", "cache", "bandwidth"] {
        if case .number(let value)? = speed[name] { #expect(value > 1e6) } else { #expect(speed[name]?.whole ?? 0 > 1_000_000) }
      }
    }
  }
}
