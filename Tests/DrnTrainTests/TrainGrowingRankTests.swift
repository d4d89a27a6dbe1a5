import DrnMethods
import DrnTensorFile
import DrnTestSupport
import Foundation
import Testing

@testable import DrnTrain

@Suite("Ranks that grow while training") struct TrainGrowingRankTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func program(_ event: String, form: String = "factored(rank: 4)", _ more: String = "") -> String {
    trainSource(
      """
      length: 4 epochs  batch: 16  rate: 0.02  optimizer: adam()  \(more.isEmpty ? "" : "state: carry")
      weights fc1, fc2 { from epoch 0: \(form)  \(event) \(more) }
      """, network: "return x |> fc1: linear(24) |> relu |> fc2: linear(20) |> relu |> head: linear(4)")
  }
  private static let growing = "every 3 steps: grow(until: explained_variance(0.99), buffer: 2, at_most: full, after: step 6)"

  @Test(
    "ranks rise, of each weight by itself, first after `after`, and the weight stays what it is",
    arguments: ["factored", "three_factor", "core"])
  func grows(form: String) throws {
    let (session, _) = try train(program(Self.growing, form: "\(form)(rank: 4)"), output: folder("run"))
    let records = session.recorder.records("rank_event")
    #expect(!records.isEmpty)
    var ranks = ["fc1.weight": 4, "fc2.weight": 4]
    for record in records {
      let (name, step) = (try #require(record.text("weight")), try #require(record.integer("step")))
      #expect(record.text("event") == "grow" && step >= 6 && step % 3 == 0)
      #expect(record.integer("from_rank") == ranks[name])
      let rank = try #require(record.integer("to_rank"))
      // Fewer than the buffer at one firing.
      #expect(rank == (ranks[name] ?? 0) + 1)
      ranks[name] = rank
      // Rounding of one product in single precision.
      #expect((record.number("truncation_error") ?? 1) < 1e-5)
    }
    #expect(session.trainer.state.ranks.prefix(2).elementsEqual([ranks["fc1.weight"] ?? 0, ranks["fc2.weight"] ?? 0]))
  }

  @Test("what the factors and their moments held stays to the bit, and new moments are zero")
  func keeps() throws {
    let text = program("at step 6: grow(until: energy(1), buffer: 3, at_most: full)")
    let trainer = try TrainSession(text, output: folder("run"), stopAfter: Duration(.step, 6)).trainer
    _ = try trainer.run()
    let before = try trainer.state.stored()
    let rows = before.ranks[1]
    try trainer.fireEvents(at: 6)
    let after = try trainer.state.stored()
    let added = after.ranks[1] - rows
    #expect(added > 0)
    for slot in ["", "/first_moment", "/second_moment"] {
      // u is 24 x rank, v rank x 20.
      let (u, v) = ("fc2.weight.u" + slot, "fc2.weight.v" + slot)
      let (oldU, newU) = (try #require(before.tensors[u]), try #require(after.tensors[u]))
      for row in 0..<24 {
        let width = rows + added
        #expect(Array(newU[row * width..<row * width + rows]) == Array(oldU[row * rows..<(row + 1) * rows]))
        if !slot.isEmpty { #expect(newU[row * width + rows..<(row + 1) * width].allSatisfy { $0 == 0 }) }
      }
      let (oldV, newV) = (try #require(before.tensors[v]), try #require(after.tensors[v]))
      #expect(Array(newV.prefix(oldV.count)) == oldV && newV.dropFirst(oldV.count).allSatisfy { $0 == 0 })
    }
  }

  @Test("a run is the same with two threads, and stopped and resumed at any epoch, into the phase without a buffer too")
  func sameBytes() throws {
    let text = program(Self.growing, "from epoch 3: factored(rank: explained_variance(0.9)) by svd(error: 100%)")
    for stop in 1...3 { try expectSameBytes(of: text, stoppedAfter: Duration(.epoch, stop), in: try TemporaryFolder()) }
    try train(text, output: folder("one"))
    try train(text, output: folder("two"), threads: 2)
    for file in ["weights.safetensors", "log.jsonl"] { #expect(try folder.bytes("one/" + file) == folder.bytes("two/" + file), "\(file)") }
  }

  @Test(
    "an event that can raise no rank, or that begins after the end, is refused",
    arguments: [
      ("every 3 steps: grow(until: energy(0.9), buffer: 2, at_most: 4)", "DRN0311"),
      ("every 3 steps: grow(until: energy(0.9), buffer: 2, after: epoch 9)", "DRN0305"),
    ])
  func refused(event: String, code: String) {
    #expect { try checkedProgram(program(event)) } throws: { "\($0)".contains(code) }
  }
}
