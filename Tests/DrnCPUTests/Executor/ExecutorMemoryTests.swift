import DrnIR
import DrnKernels
import DrnPlan
import DrnTestSupport
import Foundation
import Testing

@testable import DrnCPU

/// Memory of this process that is in use, where the system tells.
private func residentBytes() -> Int? {
  guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
  return text.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 4096 }
}

@Suite("Executor memory")
struct ExecutorMemoryTests {
  @Test("a segment takes from the system what its plan says, within 2 %", .enabled(if: residentBytes() != nil, "needs /proc/self/statm"))
  func measuredBytes() throws {
    let module = try TrainingStep(batch: 64, widths: [2048, 8192, 10]).optimized()
    var differences: [Double] = []
    // Tests that run at the same time allocate too; one undisturbed measurement of three is enough.
    for _ in 0..<3 {
      let before = try #require(residentBytes())
      let segment = try Segment(module: module, functions: ["step", "evaluate"], threads: 2)
      let taken = try #require(residentBytes()) - before
      #expect(segment.plan.totalBytes > 100_000_000)
      differences.append(abs(Double(taken) / Double(segment.plan.totalBytes) - 1))
    }
    #expect(differences.contains { $0 < 0.02 }, "\(differences)")
  }

  @Test("a plan made without the executor has the executor's size")
  func predictedSize() throws {
    for form in TrainingStep.Form.allCases {
      let module = try TrainingStep(form: form, rule: .adam, batch: 32, widths: [300, 400, 10], rank: 20).optimized()
      let predicted = try planSegment(module, functions: ["step"], scratch: { stepWorkSpace($0, $1, threads: 2).bytes })
      let segment = try Segment(module: module, functions: ["step"], threads: 2)
      #expect(predicted == segment.plan)
    }
  }

  @Test("functions keep their own temporaries and share the weights")
  func sharedArena() throws {
    let module = try TrainingStep(batch: 8, widths: [20, 30, 5]).optimized()
    let segment = try Segment(module: module, functions: ["step", "evaluate"], threads: 2)
    try segment.write(module.sampleArguments("step", seed: 2, classes: 5))
    try segment.setScalar("rate", 0)
    try segment.run("evaluate")
    let before = try segment.read("logits")
    try segment.run("step")
    try segment.run("evaluate")
    #expect(try segment.read("logits") == before)
    try segment.setScalar("rate", 0.1)
    try segment.run("step")
    try segment.run("evaluate")
    #expect(try segment.read("logits") != before)
  }

  @Test("the gaps between rows never reach a result")
  func gaps() throws {
    let module = try TrainingStep(batch: 7, widths: [19, 33, 5]).optimized()
    let arguments = module.sampleArguments("step", seed: 4, classes: 5)
    var losses: [Float] = []
    for filling in [Float(0), .nan] {
      let segment = try Segment(module: module, functions: ["step"], threads: 2)
      let floats = segment.arena.base.assumingMemoryBound(to: Float.self)
      for index in 0..<segment.plan.totalBytes / 4 { floats[index] = filling }
      try segment.write(arguments)
      for _ in 0..<3 { try segment.run("step") }
      losses += try segment.read("loss")
    }
    #expect(losses[0] == losses[1])
  }
}
