import DrnDriver
import DrnTestSupport
import Foundation
import Testing

@Suite("Growth of checking") struct RobustnessGrowthTests {
  /// A program of about `lines` lines: blocks, a network that uses them all, and a clause for each.
  static func program(lines: Int) -> String {
    let blocks = max(1, lines / 8)
    var text = "data points { source: synthetic(examples: 640) point: tensor[8] label: class(4) }\n"
    for index in 0..<blocks {
      text += "block b\(index)(x: tensor, width: int = 8) {\n  let y = x |> in: linear(width) |> relu\n  return y |> out: linear(8)\n}\n"
    }
    text += "network net(point: tensor[8]) -> tensor[4] {\n  return point\n"
    for index in 0..<blocks { text += "    |> s\(index): b\(index)\n" }
    text +=
      "    |> head: linear(4)\n}\ntrain net on points {\n  length: 4 epochs\n  batch: 32\n  seed: 1\n  loss: cross_entropy\n  optimizer: sgd()\n"
    text += "  rate: 0.01\n  state: carry\n"
    for index in 0..<blocks { text += "  weights s\(index).in {\n    from epoch 0: factored(rank: 2)\n    from epoch 2: dense\n  }\n" }
    return text + "}\n"
  }

  /// Processor time of this thread, so that tests running beside this one do not count.
  private static func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  private static func seconds(_ path: String) -> Double {
    let driver = Transcript().driver()
    var best = Double.infinity
    for _ in 0..<3 {
      let start = processorSeconds()
      #expect(driver.check(CheckRequest(program: ProgramRequest(path: path))) == .success)
      best = min(best, processorSeconds() - start)
    }
    return best
  }

  @Test("twice the program takes less than three times the processor time")
  func isLinear() throws {
    let folder = try TemporaryFolder()
    try folder.write("small.drn", Self.program(lines: 1500))
    try folder.write("large.drn", Self.program(lines: 3000))
    let ratio = Self.seconds(folder.path + "/large.drn") / Self.seconds(folder.path + "/small.drn")
    #expect(ratio < 3, "twice the lines took \(ratio) times as long")
  }
}
