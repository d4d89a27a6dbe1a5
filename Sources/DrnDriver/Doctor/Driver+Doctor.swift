import DrnAnalysis
import DrnCPU
import DrnJSON
import DrnKernels
import DrnSystem
import Foundation

extension Driver {
  /// `drnc doctor`.
  public func doctor(json: Bool) -> ExitStatus {
    // Before anything is measured: drnc's own threads are no load.
    var report = MachineReport()
    report.load = Self.words("/proc/loadavg").first.flatMap(Double.init)
    report.version = Self.version
    #if DEBUG
      report.isDebugBuild = true
    #endif
    report.description = Machine.description
    report.available = Self.vectors
    report.multipliesHalf = Machine.multipliesHalf
    report.processors = Self.processors
    report.quota = Self.quota
    report.memory = (MachineMemory.limit, MachineMemory.available)
    let environment = ProcessInfo.processInfo.environment
    report.environment = MachineReport.variables.compactMap { name in environment[name].map { (name, $0) } }
    report.speeds = Set([1, Self.processors]).sorted().map {
      .init(threads: $0, peak: Machine.peak(threads: $0), rates: MachineModel.measured(threads: $0).rates)
    }
    if json { console.output(report.json) } else { console.output(report.text) }
    return .success
  }

  private static var vectors: MachineReport.Vectors? {
    guard let bytes = try? Files.read("/proc/cpuinfo", atMost: 16 << 20) else { return nil }
    let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("flags") }
    return line.map { .init(flags: Set($0.split(separator: " ").map(String.init))) }
  }

  /// The processors that the control group allows at a time: version 2 by the group of this process, version 1 by the root of its hierarchy.
  private static var quota: Double? {
    let group = (try? Files.read("/proc/self/cgroup", atMost: 1 << 16)).flatMap { bytes in
      String(decoding: bytes, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("0::/") }.map { String($0.dropFirst(3)) }
    }
    let two = words("/sys/fs/cgroup\(group.map { $0 == "/" ? "" : $0 } ?? "")/cpu.max")
    let one = words("/sys/fs/cgroup/cpu/cpu.cfs_quota_us") + words("/sys/fs/cgroup/cpu/cpu.cfs_period_us")
    return [two, one].lazy.compactMap(quota).first
  }

  /// Of a quota and a period in microseconds; `max` and -1 are none.
  static func quota(_ words: [String]) -> Double? {
    guard words.count == 2, let quota = Double(words[0]), let period = Double(words[1]), quota > 0, period > 0 else { return nil }
    return quota / period
  }

  private static func words(_ path: String) -> [String] {
    guard let bytes = try? Files.read(path, atMost: 1 << 16) else { return [] }
    return String(decoding: bytes, as: UTF8.self).split { $0 == " " || $0 == "\n" }.map(String.init)
  }
}
