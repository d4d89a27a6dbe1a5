import DrnData
import DrnMethods
import DrnProgram
import DrnTestSupport
import Foundation
import Testing

@testable import DrnTrain

/// Examples that leave the training by what was seen of them.
@Suite("Examples that leave the training") struct TrainSieveTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func sieve(_ remove: String) -> Sieve {
    Sieve(options: Options(["remove": .percent(Double(remove) ?? 0), "by": .word("forgetting")]))
  }

  @Test("the least forgotten leave, the earlier of equal ones, and those never right stay")
  func order() {
    var memory = ExampleMemory([10, 11, 12, 13, 14])
    // Right and wrong at four presentations: forgotten 1, 0, never right, 2 and 0 times.
    let seen: [[Bool]] = [
      [true, true, false, true, true], [false, true, false, false, true], [true, true, false, true, true],
      [true, true, false, false, true],
    ]
    for row in seen { memory.see([10, 11, 12, 13, 14], areRight: row) }
    #expect(memory.forgettings == [1, 0, 0, 2, 0])
    #expect(memory.everRight == [true, true, false, true, true])
    let first = memory.sieve(sieve("0.2"), from: 1)
    #expect(first == (1, 1) && memory.kept == [0, 2, 3, 4])
    // Counting began anew: none was right since, so that all are equal and the earlier leave.
    let second = memory.sieve(sieve("0.5"), from: 2)
    #expect(second == (2, 0) && memory.kept == [3, 4])
    #expect(memory.sieved.map(\.epoch) == [1, 2])
    var again = ExampleMemory([10, 11, 12, 13, 14])
    let isRead = again.restore(memory.tensors)
    #expect(isRead && again == memory)
    var other = ExampleMemory([1, 2])
    let isOther = other.restore(memory.tensors)
    #expect(!isOther)
  }

  @Test(
    "fewer examples are passed over again and again, each once a pass, in batches of the same sizes",
    arguments: BatchSampler.LastBatch.allCases)
  func passes(last: BatchSampler.LastBatch) {
    let sampler = BatchSampler(indices: Array(100..<123), batchSize: 5, seed: 3, lastBatch: last)
    let kept = Array(100..<109)
    var stream: [Int] = []
    for epoch in 0..<4 {
      let (few, all) = (sampler.batches(of: kept, epoch: epoch), sampler.batches(epoch: epoch))
      #expect(few.count == all.count)
      for number in 0..<few.count {
        #expect(few.batch(number).count == all.batch(number).count)
        stream += few.batch(number)
      }
    }
    for start in stride(from: 0, to: stream.count - 9, by: 9) { #expect(stream[start..<start + 9].sorted() == kept, "pass from \(start)") }
    #expect(Array(stream[0..<9]) != Array(stream[9..<18]))
  }

  private static let source = trainSource(
    "length: 5 epochs  batch: 8  rate: 0.05  optimizer: sgd(momentum: 0.9)\nat [epoch 2, epoch 4]: sieve(remove: 25%)",
    data: "validation: 20%  last_batch: keep", examples: 100, noise: 2)

  @Test("a run takes out the share at its moments, never shows these again, and is the same with two threads and resumed")
  func run() throws {
    let (session, _) = try train(Self.source, output: folder("one"), threads: 1)
    let records = session.recorder.records("sieve")
    #expect(records.compactMap { $0.integer("epoch") } == [2, 4])
    #expect(records.compactMap { $0.integer("removed") } == [20, 15])
    #expect(records.compactMap { $0.integer("left") } == [60, 45])
    try train(Self.source, output: folder("two"), threads: 2)
    for file in ["weights.safetensors", "log.jsonl"] { #expect(try folder.bytes("one/" + file) == folder.bytes("two/" + file), "\(file)") }
    for stop in [3, 21, 33, 45] {
      let trainers = try expectSameBytes(of: Self.source, stoppedAfter: Duration(.step, stop), in: try TemporaryFolder())
      for trainer in trainers {
        var feed = trainer.feed
        let kept = Set((trainer.memory?.kept ?? []).map { trainer.data.trainIndices[Int($0)] })
        #expect(kept.count == 45)
        for step in 40..<50 { #expect(Set(feed.indices(at: step)).isSubset(of: kept)) }
      }
    }
    try train(Self.source.replacingOccurrences(of: "25%", with: "10%"), output: folder("other"))
    #expect(try folder.bytes("other/weights.safetensors") != folder.bytes("one/weights.safetensors"))
  }

  @Test(
    "what there is nothing to judge by is an error",
    arguments: [
      "every 1 epochs: sieve(remove: 10%)", "at step 3: sieve(remove: 10%)", "at end: sieve(remove: 10%)",
      "weights ** { from epoch 0: dense  at epoch 1: sieve(remove: 10%) }",
    ])
  func refused(event: String) {
    let text = trainSource("length: 3 epochs  batch: 8  rate: 0.05  optimizer: sgd\n\(event)")
    #expect(throws: (any Error).self) { try checkedProgram(text) }
  }
}
