import DrnAnalysis
import DrnKernels
import DrnPlan
import DrnTrain
import Foundation

extension KernelTiming {
  /// One line; of a grid.
  var json: String {
    LogRecord(
      "kernel",
      [
        .init("name", .text(name)), .init("kind", .text(kind.rawValue)), .init("measured", .number(measured * 1e3)),
        .init("predicted", .number(predicted.seconds * 1e3)), .init("ratio", .number(ratio)),
      ]
    ).json
  }
}

extension [KernelTiming] {
  /// A table in the order given, then the rows that fall out.
  var gridText: String {
    func line(_ kernel: KernelTiming) -> String {
      String(format: "%10.4f%11.4f%8.2f", kernel.measured * 1e3, kernel.predicted.seconds * 1e3, kernel.ratio) + "  \(kernel.name)\n"
    }
    let out = filter(\.isMispriced)
    let bound = Int(KernelGridBenchmark.bound)
    let verdict =
      out.isEmpty ? "all within \(bound) times of predicted\n" : "\(out.count) of \(count) are off by more than \(bound) times:\n"
    return "  measured  predicted   ratio  kernels, in ms\n" + map(line).joined() + "\n" + verdict + out.map(line).joined()
  }
}

extension KernelTimings {
  /// One line of JSON for the step and one for each kind of kernel.
  var json: String {
    let step = LogRecord("prediction", [.init("predicted", .number(predicted * 1e3)), .init("measured", .number(measured * 1e3))])
    let rows = kernels.map { kernel in
      LogRecord(
        "kernel",
        [
          .init("name", .text(kernel.name)), .init("kind", .text(kernel.kind.rawValue)), .init("count", .integer(kernel.count)),
          .init("measured", .number(kernel.measured * 1e3)),
          .init("share", .number(share(kernel))), .init("predicted", .number(kernel.predicted.seconds * 1e3)),
          .init("predicted_starts", .number(kernel.predicted.starts * 1e3)),
          .init("predicted_arithmetic", .number(kernel.predicted.arithmetic * 1e3)),
          .init("predicted_traffic", .number(kernel.predicted.traffic * 1e3)),
        ])
    }
    return ([step] + rows).map { $0.json + "\n" }.joined()
  }

  /// A table, the slowest first.
  var text: String {
    let width = kernels.map(\.name.count).max() ?? 0
    func line(_ share: String, _ measured: String, _ predicted: String, _ count: String, _ name: String) -> String {
      let cells = [(share, 6), (measured, 11), (predicted, 11), (count, 6)].map { text, width in
        String(repeating: " ", count: max(0, width - text.count)) + text
      }
      return cells.joined() + "  " + name + "\n"
    }
    let rows = kernels.map {
      line(
        String(format: "%.1f %%", share($0) * 100), milliseconds($0.measured), milliseconds($0.predicted.seconds), "\($0.count)", $0.name)
    }
    return "\n" + line("share", "measured", "predicted", "count", "kernels") + rows.joined()
      + String(repeating: "-", count: min(80, 36 + width)) + "\n"
      + line("", milliseconds(measured), milliseconds(predicted), "\(kernels.reduce(0) { $0 + $1.count })", "the step, in ms")
  }

  /// Seconds of all kernels, with a clock between them.
  private var measured: Double { kernels.reduce(0) { $0 + $1.measured } }
  private func share(_ kernel: KernelTiming) -> Double { measured > 0 ? kernel.measured / measured : 0 }
  private func milliseconds(_ seconds: Double) -> String { String(format: "%.3f", seconds * 1e3) }
}
