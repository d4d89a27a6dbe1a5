import DrnData
import DrnProgram
import DrnSema
import DrnTestSupport
import Foundation
import Testing

@testable import DrnTrain

@Suite("Batches ahead of the training") struct TrainBatchesTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// Images of 4 x 4 in one CSV table.
  private func source(_ data: String = "augment: [pad_crop(1), flip_horizontal]", train: String = "") throws -> String {
    let heading = (0..<16).map { "p\($0)" }.joined(separator: ",") + ",label"
    let rows = (0..<70).map { row in (0..<16).map { String(($0 * 37 + row * 11) % 17) }.joined(separator: ",") + ",\(row % 3)" }
    try Data((heading + "\n" + rows.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: folder("t.csv")))
    return """
      data images {
        source: csv(train: "\(folder("t.csv"))", label: "label")
        image: tensor[1, 4, 4]
        label: class(3)
        validation: 10%
        last_batch: keep
        prepare: standardize(per: channel)
        \(data)
      }
      network net(image: tensor[1, 4, 4]) -> tensor[3] { return image |> flatten |> fc1: linear(8) |> relu |> head: linear(3) }
      train net on images { loss: cross_entropy  seed: 5  length: 3 epochs  batch: 16  rate: 0.05  optimizer: sgd() \(train) }
      """
  }

  private func feed(_ text: String) throws -> BatchFeed {
    let program = try checkedFiles(text)
    return BatchFeed(try TrainingData(program.data, seed: program.training.seed), program: program)
  }

  private func checkedFiles(_ text: String) throws -> CheckedProgram { try checkedProgram(text) }

  @Test("the queue gives every step the rows that the maker gives it, in any tempo, and can start anywhere")
  func queue() throws {
    let feed = try feed(try source())
    var plain = feed
    for start in [0, 3, 5] {
      let queue = BatchQueue(feed, from: start)
      for step in start..<start + 12 {
        if step % 4 == 0 { usleep(3000) }
        #expect(queue.isNext(step))
        let batch = queue.next()
        let examples = plain.indices(at: step)
        #expect(batch.examples == examples && examples.count == (step % 4 == 3 ? 15 : 16))
        var expected = [Float](repeating: 0, count: examples.count * 16)
        expected.withUnsafeMutableBufferPointer { rows in
          if let base = rows.baseAddress { feed.data.batches.fill(examples, epoch: step / 4, into: base) }
        }
        let rows = try #require(batch.rows)
        #expect(Array(UnsafeBufferPointer(start: rows, count: expected.count)) == expected, "step \(step)")
      }
    }
  }

  @Test("a queue that is dropped while its thread works ends") func dropped() throws {
    let feed = try feed(try source())
    for round in 0..<50 {
      let queue = BatchQueue(feed, from: round)
      if round % 2 == 0 { _ = queue.next() }
    }
  }

  @Test("augmentation changes what is learned, in the same way each time, and leaves validation alone")
  func training() throws {
    let text = try source()
    try train(text, output: folder("a"))
    try train(text, output: folder("b"), threads: 2)
    try train(try source(""), output: folder("c"))
    for file in ["weights.safetensors", "log.jsonl", "summary.json"] {
      #expect(try folder.bytes("a/" + file) == folder.bytes("b/" + file), "\(file)")
    }
    #expect(try folder.bytes("a/weights.safetensors") != folder.bytes("c/weights.safetensors"))
    let (augmented, plain) = (
      try TrainSession(text, output: folder("d")).trainer, try TrainSession(try source(""), output: folder("e")).trainer
    )
    #expect(try augmented.validate()?.loss == plain.validate()?.loss)
  }

  @Test("a long tail is as long as the checker counts, with the labels of the files and without them")
  func longTail() throws {
    func source(_ folder: String, _ more: String = "") -> String {
      """
      data points {
        source: csv(train: "\(folder)/points.csv", label: "kind")  x: tensor[1]  label: class  validation: 20%
        examples_used: long_tail(ratio: 4)  last_batch: keep  \(more)
      }
      network net(x: tensor[1]) -> tensor[3] { return x |> head: linear(3) }
      train net on points { length: 1 epochs  batch: 1  loss: cross_entropy  optimizer: sgd()  rate: 0.1 }
      """
    }
    let rows = (0..<77).map { "\($0),\($0 < 50 ? "a" : $0 < 57 ? "b" : "c")" }
    try ("value,kind\n" + rows.joined(separator: "\n")).write(toFile: folder("points.csv"), atomically: true, encoding: .utf8)
    let session = try TrainSession(source(folder.path), output: folder("a"))
    let data = session.trainer.data
    let labels = try data.training.labels(of: data.trainIndices)
    // Of 77, 15 are held out: 10, 1 and 4; 40, 6 and 16 are left, of which at most 40, 20 and 10 are kept.
    #expect((0..<3).map { label in labels.filter { $0 == Int32(label) }.count } == [40, 6, 10])
    #expect(try checkedProgram(source(folder.path)).stepsPerEpoch == 56 && session.run().steps == 56)
    // Elsewhere the classes are taken to be equal: 48 of 60 are left, and of 16 each 16, 8 and 4 are kept.
    #expect(try checkedProgram(source("absent", "examples: 60")).data.trainedExamples == 28)
    #expect(throws: TestFailure.self) {
      try checkedProgram(source(folder.path).replacing("label: class ", with: "label: tensor[1] "))
    }
  }

  @Test("a share of the training split is trained on, the same size as the checker counts, with statistics of its own")
  func share() throws {
    let text = try source("examples_used: 40%  augment: flip_horizontal")
    let program = try checkedFiles(try source("examples: 70  examples_used: 40%"))
    #expect(program.data.trainedExamples == 25 && program.stepsPerEpoch == 2)
    let (part, whole) = (try feed(text).data, try feed(try source()).data)
    #expect(part.trainIndices.count == 25 && part.validationIndices == whole.validationIndices)
    #expect(Set(part.trainIndices).isSubset(of: Set(whole.trainIndices)))
    #expect(part.preparation != whole.preparation)
    let smaller = try feed(try source("examples_used: 20%")).data
    #expect(Set(smaller.trainIndices).isSubset(of: Set(part.trainIndices)))
    let classes = try smaller.training.labels(of: smaller.trainIndices)
    for label in 0..<3 as Range<Int32> { #expect((4...5).contains(classes.filter { $0 == label }.count)) }
  }
}
