import DrnMethods
import DrnProgram
import DrnSema
import DrnTestSupport
import Foundation
import Testing

@testable import DrnTrain

/// Adam's first step from empty moments moves every entry by the rate; with the correction of a later step it is up to
/// (1 - beta1) / sqrt(1 - beta2) = 3.16 times as long.
@Suite("Counts of updates under Adam") struct TrainStateCounterTests {
  private static let rate: Float = 0.001
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func source(_ more: String) -> String {
    trainSource(
      "length: 3 epochs  batch: 16  rate: 0.001  optimizer: adam()  allow: [cold_optimizer, deployed_form]  \(more)",
      network: "return x |> fc1: linear(8) |> tanh |> fc2: linear(8) |> tanh |> head: linear(4)")
  }

  /// The state before step 6, transitions and events of that boundary done, and after it.
  private func step(_ more: String, _ name: String) throws -> (before: [String: [Float]], after: [String: [Float]]) {
    let session = try TrainSession(source(more), output: folder(name + "before"), stopAfter: Duration(.epoch, 1))
    try session.run()
    let trainer = session.trainer
    if trainer.boundaries.contains(6), trainer.program.phases.count > 1 { try trainer.enterPhase(1, at: 6) }
    try trainer.fireEvents(at: 6)
    let after = try TrainSession(source(more), output: folder(name + "after"), stopAfter: Duration(.step, 7))
    try after.run()
    return (trainer.state.tensors, after.trainer.state.tensors)
  }

  private func lengths(_ step: (before: [String: [Float]], after: [String: [Float]]), _ tensor: String) throws -> [Float] {
    let (before, after) = (try #require(step.before[tensor]), try #require(step.after[tensor]))
    return zip(before, after).map { abs($0 - $1) / Self.rate }
  }

  /// Whether a tensor makes the first step of an empty Adam. Weights of size 1 are rounded to 6e-8, a rate's 6e-5.
  private func isFirst(_ lengths: [Float]) -> Bool {
    lengths.max().map { $0 < 1.001 } == true && lengths.filter { $0 > 0.98 }.count * 2 > lengths.count
  }

  @Test("a trim that resets makes the first step of an empty Adam for the weights it cut, and leaves the steps of the others to the bit")
  func trim() throws {
    func clause(_ state: String) -> String {
      "select: last  weights fc1 { from epoch 0: core(rank: 6)  every 1 epochs: trim(below: 0.9, state: \(state)) }"
    }
    let (reset, restart, carry) = (try step(clause("reset"), "r"), try step(clause("restart"), "s"), try step(clause("carry"), "c"))
    #expect(try reset.before["fc1.weight.s"]?.count ?? 36 < 36 && isFirst(lengths(reset, "fc1.weight.s")))
    #expect(try !isFirst(lengths(carry, "fc1.weight.s")))
    for name in ["fc1.bias", "fc2.weight", "fc2.bias", "head.weight", "head.bias"] {
      #expect(reset.after[name] == carry.after[name], "\(name)")
      #expect(try isFirst(lengths(restart, name)) && !isFirst(lengths(reset, name)), "\(name)")
    }
  }

  @Test("a change of form that resets leaves layers that keep their form as they are, one that restarts does not")
  func transition() throws {
    func clause(_ state: String) -> String {
      "select: last  weights fc1 { from epoch 0: dense  from epoch 1: factored(rank: full) by svd(state: \(state)) }"
    }
    let (reset, restart, carry) = (try step(clause("reset"), "r"), try step(clause("restart"), "s"), try step(clause("carry"), "c"))
    for name in ["fc1.weight.u", "fc1.weight.v"] {
      #expect(try isFirst(lengths(reset, name)) && isFirst(lengths(restart, name)), "\(name)")
    }
    for name in ["fc1.bias", "fc2.weight", "head.weight", "head.bias"] {
      #expect(reset.after[name] == carry.after[name], "\(name)")
      #expect(try isFirst(lengths(restart, name)) && !isFirst(lengths(reset, name)), "\(name)")
    }
  }

  @Test("a layer that begins to be trained makes the first step of an empty Adam")
  func unfrozen() throws {
    let found = try step("select: last  trainable { from epoch 0: head  from epoch 1: ** }", "a")
    for name in ["fc1.weight", "fc1.bias", "fc2.weight"] { #expect(try isFirst(lengths(found, name)), "\(name)") }
    #expect(try !isFirst(lengths(found, "head.weight")))
  }

  @Test("counts of two weights that began at different steps are kept over a stop", arguments: [1, 2])
  func resumed(_ stop: Int) throws {
    func clause(_ weight: String, _ epoch: Int) -> String {
      "weights \(weight) { from epoch 0: core(rank: 6)  at epoch \(epoch): trim(below: 0.9, state: reset) }"
    }
    let text = source(clause("fc1", 1) + clause("fc2", 2))
    let starts = try expectSameBytes(of: text, stoppedAfter: Duration(.epoch, stop), in: folder).map(\.state.stateStarts)
    #expect(starts == Array(repeating: ["fc1.weight": 6, "fc2.weight": 12], count: 2))
  }
}
