import DrnMethods
import DrnProgram
import DrnTensorFile
import DrnTestSupport
import Foundation
import Testing

@testable import DrnTrain

@Suite("What determines a run") struct TrainRepeatabilityTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// Everything random or stateful at once: dropout, running statistics, Adam, a change of form, an event, a smaller last batch.
  private func everything(epochs: Int = 3, testExamples: Int = 24) -> String {
    trainSource(
      """
      length: \(epochs) epochs  batch: 16  rate: 0.01  optimizer: adam()  state: carry
      weights fc1 { from epoch 0: dense  from epoch 1: factored(rank: 4)  every 1 epochs: report(effective_rank) }
      """,
      network: "return x |> fc1: linear(48) |> norm: batch_norm |> relu |> dropout(0.2) |> head: linear(4)",
      data: "validation: 20%  last_batch: keep  prepare: standardize(per: pixel)", examples: 126, testExamples: testExamples)
  }

  private static let files = ["weights.safetensors", "log.jsonl", "log.csv", "summary.json"]

  @Test("two runs write the same bytes, with one thread and with two")
  func sameBytes() throws {
    try train(everything(), output: folder("a"), threads: 1)
    try train(everything(), output: folder("b"), threads: 1)
    try train(everything(), output: folder("c"), threads: 2)
    for file in Self.files {
      #expect(try folder.bytes("a/" + file) == folder.bytes("b/" + file), "\(file)")
      #expect(try folder.bytes("a/" + file) == folder.bytes("c/" + file), "\(file) with two threads")
    }
  }

  @Test("another seed gives other bytes")
  func otherSeed() throws {
    try train(everything(), output: folder("a"))
    try train(everything().replacingOccurrences(of: "seed: 5", with: "seed: 6"), output: folder("b"))
    #expect(try folder.bytes("a/weights.safetensors") != folder.bytes("b/weights.safetensors"))
  }

  @Test("another form of one layer leaves the other layers' initial values and the batches as they are")
  func otherForm() throws {
    func start(_ forms: String, _ name: String) throws -> Trainer {
      try TrainSession(trainSource("length: 2 epochs  \(plainSettings)  \(forms)"), output: folder(name)).trainer
    }
    let (plain, factored) = (try start("", "a"), try start("weights fc1 { from epoch 0: factored(rank: 2) }", "b"))
    for name in ["fc1.bias", "head.weight", "head.bias"] { #expect(plain.state.tensors[name] == factored.state.tensors[name], "\(name)") }
    #expect(plain.state.tensors["head.weight"]?.contains { $0 != 0 } == true)
    var (left, right) = (plain.feed, factored.feed)
    for step in 0..<12 { #expect(left.indices(at: step) == right.indices(at: step)) }
  }

  @Test("a run stopped early logs the beginning of what the whole run logs")
  func prefix() throws {
    let (_, whole) = try train(everything(epochs: 4), output: folder("a"))
    let (_, part) = try train(everything(epochs: 4), output: folder("b"), stopAfter: Duration(.epoch, 2))
    #expect(part.steps < whole.steps)
    let (all, some) = (try folder.text("a/log.jsonl"), try folder.text("b/log.jsonl"))
    #expect(some.split(separator: "\n").count > 2)
    #expect(all.hasPrefix(some) && all != some)
  }

  /// One on which the last epoch is not the best.
  private static let split = "validation: 20%  split_seed: 5"

  @Test("the weights saved are those of the best epoch on validation, not of the last")
  func bestEpoch() throws {
    // A rate that is good for two epochs and then ruins the network without diverging.
    let settings = "length: 4 epochs  batch: 16  rate: step(0.1, factor: 200, at: [epoch 2])  clip: 1.0  optimizer: sgd()"
    let (session, summary) = try train(trainSource(settings, data: Self.split), output: folder("a"))
    let losses = session.recorder.records("epoch").compactMap { $0.number("validation_loss") }
    let accuracies = session.recorder.records("epoch").compactMap { $0.number("validation_accuracy") }
    let best = try #require(summary.saved.bestEpoch)
    try #require(losses.count == 4 && accuracies.count == 4)
    #expect(best < 3 && accuracies[best] == accuracies.max())
    #expect(summary.validation?.loss == losses[best])
    let reloaded = trainSource(settings + "  weights_from: \"\(folder("a/weights.safetensors"))\"", data: Self.split)
    let score = try TrainSession(reloaded, output: folder("b")).trainer.validate()
    #expect(score?.loss == losses[best])
  }

  @Test("the test split is read once, at the end: another one changes nothing but the test results")
  func testSplit() throws {
    let (session, summary) = try train(everything(), output: folder("a"))
    let (_, other) = try train(everything(testExamples: 9), output: folder("b"))
    // Beside the tensors the file says what the examples were.
    try expectSameTensors(folder("a/weights.safetensors"), folder("b/weights.safetensors"))
    #expect(try folder.bytes("a/log.jsonl") == folder.bytes("b/log.jsonl"))
    #expect(summary.test?.loss != other.test?.loss)
    #expect(!session.recorder.records.contains { record in record.fields.contains { $0.name.contains("test") } })
    #expect(try folder.text("a/summary.json").contains("\"test_loss\""))
  }

  @Test("a run stopped early still scores the test split with the weights it saves")
  func stoppedEarly() throws {
    let (session, summary) = try train(everything(), output: folder("a"), stopAfter: Duration(.step, 3))
    #expect(summary.steps == 3 && !summary.isInterrupted && summary.test != nil)
    #expect(session.recorder.records("epoch").count == 1)
    #expect(session.recorder.steps.map(\.step) == [1, 2, 3])
  }

  @Test("a folder that holds a run is refused, and nothing in it changes")
  func existingRun() throws {
    let text = trainSource("length: 1 epochs  \(plainSettings)")
    try train(text, output: folder("a"))
    let before = try Self.files.map { try folder.bytes("a/" + $0) }
    #expect(trainError { try train(text, output: folder("a")) }?.kind == .outputExists)
    #expect(try Self.files.map { try folder.bytes("a/" + $0) } == before)
  }

  @Test("an empty folder that exists is used")
  func emptyFolder() throws {
    try FileManager.default.createDirectory(atPath: folder("a"), withIntermediateDirectories: false)
    try train(trainSource("length: 1 epochs  \(plainSettings)"), output: folder("a"))
    #expect(try TensorFile.read(path: folder("a/weights.safetensors")).tensor(named: "fc1.weight")?.shape == [8, 6])
  }

  @Test("a folder that cannot be made or written is refused", arguments: ["file/a", "locked", "locked/a"])
  func unwritable(name: String) throws {
    try Data().write(to: URL(fileURLWithPath: folder("file")))
    try FileManager.default.createDirectory(
      atPath: folder("locked"), withIntermediateDirectories: false, attributes: [.posixPermissions: 0o555])
    // The superuser may write anywhere.
    guard name == "file/a" || getuid() != 0 else { return }
    let error = trainError { try train(trainSource("length: 1 epochs  \(plainSettings)"), output: folder(name)) }
    #expect(error?.kind == .unwritable)
    #expect(error?.message.contains(folder(name)) == true)
  }
}
