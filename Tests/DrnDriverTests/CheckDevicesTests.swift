import DrnDriver
import DrnTestSupport
import Foundation
import Testing

@Suite("drnc check --devices") struct CheckDevicesTests {
  private func check(_ text: String, _ arguments: [String]) throws -> Tool.Outcome {
    let folder = try TemporaryFolder()
    try folder.write("a.drn", text)
    return try Tool.run(["check", "a.drn", "--threads", "1"] + arguments, folder: folder.path)
  }

  /// Two phases: fc1 as factors of rank 2, then dense.
  private let twoPhases = trainSource(
    """
    length: 2 epochs
    \(plainSettings)
    state: reset
    weights fc1 {
      from epoch 0: factored(rank: 2)
      from epoch 1: dense
    }
    """)

  @Test("prints what a step adds over the devices, by phase: the trained numbers and the loss; nothing of it without the option")
  func column() throws {
    let outcome = try check(twoPhases, ["--cost", "--devices", "4"])
    #expect(outcome.status == 0, "\(outcome.error)")
    let lines = outcome.output.split(separator: "\n").map(String.init)
    #expect(lines.first?.contains("summed") == true)
    // 6 x 2 + 2 x 8 or 6 x 8 weights, 8 + 4 biases, 8 x 4 weights, and the loss, of 4 bytes each.
    for (phase, numbers) in [("phase 0", 28 + 12 + 32 + 1), ("phase 1", 48 + 12 + 32 + 1)] {
      let line = try #require(lines.first { $0.hasPrefix(phase) })
      let text = String(format: "%.1f KiB", Double(4 * numbers) / 1024)
      #expect(line.contains(text), "\(line) without \(text)")
    }
    #expect(!outcome.output.contains("state a device"))
    #expect(try check(twoPhases, ["--cost", "--devices", "4", "--shard-state"]).output.contains("state a device"))
    #expect(try check(twoPhases, ["--devices", "4", "--shard-state"]).status == 64)
    #expect(!(try check(twoPhases, ["--cost"]).output.contains("summed")))
  }

  @Test("`require: traffic` is held for those devices, or for two")
  func requirement() throws {
    func required(_ limit: Int) throws -> String {
      try twoPhases.changing("state: reset", to: "state: reset\nrequire: maximum(traffic) <= \(limit)")
    }
    #expect(try check(required(4 * 93), []).status == 0)
    let over = try check(required(4 * 93 - 1), ["--devices", "2"])
    #expect(over.status == 1 && over.error.contains("DRN0601") && over.error.contains("phase 1 has 372"), "\(over.error)")
  }

  @Test("devices that do not divide a step are an error, and accumulation over several a lint that can be allowed")
  func faults() throws {
    let odd = try check(twoPhases, ["--devices", "3"])
    #expect(odd.status == 1 && odd.error.contains("DRN0902") && odd.error.contains("15 or 18"), "\(odd.error)")
    let parts = try twoPhases.changing("batch: 16", to: "batch: 8  accumulation: 2")
    let told = try check(parts, ["--devices", "2"])
    #expect(told.status == 0 && told.error.contains("DRN0604"), "\(told.error)")
    let allowed = try check(parts.changing("state: reset", to: "state: reset\nallow: [accumulation_travels]"), ["--devices", "2"])
    #expect(allowed.status == 0 && !allowed.error.contains("DRN0604"), "\(allowed.error)")
    #expect(try check(twoPhases, ["--devices", "1"]).status == 64)
  }
}
