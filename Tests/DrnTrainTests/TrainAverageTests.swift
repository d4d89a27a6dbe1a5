import DrnAnalysis
import DrnCompiler
import DrnData
import DrnMethods
import DrnProgram
import DrnSema
import DrnTensorFile
import DrnTestSupport
import Foundation
import Testing

@testable import DrnTrain

@Suite("An average of the weights") struct TrainAverageTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func average(_ decay: Double, warmup: Bool = false) -> ExponentialAverage {
    ExponentialAverage(options: Options(["decay": .decimal(decay), "warmup": .boolean(warmup)]))
  }

  @Test("a sequence of weights has the averages of AveragedModel (PyTorch 2.13, decay 0.9)")
  func published() {
    var value = 0.0
    for (step, (weight, expected)) in zip(
      [1, 2, -1, 0.5, 4], [1.0, 1.100000023841858, 0.89000004529953, 0.8510000109672546, 1.1658999919891357]
    )
    .enumerated() {
      let share = average(0.9).share(at: step)
      value = share * value + (1 - share) * weight
      #expect(abs(value - expected) < 2e-7)
    }
  }

  @Test("while warming up the share is (1 + n) / (10 + n) after n steps, until that is more than the decay")
  func warmup() {
    let shares = [0, 1, 8, 100, 1000].map { average(0.95, warmup: true).share(at: $0) }
    for (share, expected) in zip(shares, [0, 2.0 / 11, 9.0 / 18, 101.0 / 110, 0.95]) { #expect(abs(share - expected) < 1e-15) }
  }

  private func text(_ more: String) -> String {
    trainSource("length: 4 epochs  batch: 16  rate: 0.05  optimizer: adam()  select: last  \(more)")
  }

  @Test("a step leaves the average of the weights so far, of every trained tensor", arguments: [1, 2, 5])
  func steps(_ count: Int) throws {
    var expected: [String: [Float]] = [:]
    for step in 0..<count {
      let (plain, _) = try train(text(""), output: folder("plain\(step)"), stopAfter: Duration(.step, step + 1))
      let share = Float(average(0.8).share(at: step))
      for (name, values) in plain.trainer.state.tensors where !name.contains("/") {
        let old = expected[name] ?? values.map { _ in 0 }
        expected[name] = zip(old, values).map { share * $0 + (1 - share) * $1 }
      }
    }
    let (averaged, _) = try train(text("average: ema(decay: 0.8)"), output: folder("averaged"), stopAfter: Duration(.step, count))
    let found = averaged.trainer.state.tensors
    #expect(expected.count == 4)
    for (name, values) in expected {
      #expect(distance(found[name], values) < 1e-6, "\(name)")
      // The last weights are others, or this would say nothing.
      if count > 1 {
        let (plain, _) = try train(text(""), output: folder("last-\(name)"), stopAfter: Duration(.step, count))
        #expect(distance(plain.trainer.state.tensors[name], values) > 1e-3)
      }
    }
  }

  @Test("training itself is as without an average; validation, test and the saved weights are of it")
  func evaluated() throws {
    let (plain, _) = try train(text(""), output: folder("plain"))
    let (averaged, summary) = try train(text("average: ema(decay: 0.9)"), output: folder("averaged"))
    func losses(_ session: TrainSession, _ name: String) -> [Double] { session.recorder.records("epoch").compactMap { $0.number(name) } }
    #expect(losses(plain, "train_loss") == losses(averaged, "train_loss"))
    #expect(losses(plain, "validation_loss") != losses(averaged, "validation_loss"))
    let loaded = try TrainSession(text("weights_from: \"\(folder("averaged/weights.safetensors"))\""), output: folder("loaded")).trainer
    let test = try #require(loaded.data.test)
    #expect(try loaded.validate()?.loss == summary.validation?.loss)
    #expect(try loaded.segment.evaluate(Array(0..<test.count), of: test, preparation: nil).loss == summary.test?.loss)
    #expect(summary.validation?.loss == losses(averaged, "validation_loss").last)
    let names = try TensorFile.read(path: folder("averaged/weights.safetensors")).tensors.map(\.name)
    #expect(!names.contains { $0.contains("average") })
  }

  /// Changes of form, cuts of a rank, a layer that is trained for a time, and state that is carried or thrown away.
  private static let changing = """
    state: carry  trainable { from epoch 0: **  from epoch 1: except(fc2)  from epoch 3: ** }
    weights fc1 { from epoch 0: dense  from epoch 2: factored(rank: 5) by svd(state: restart)  from epoch 4: core(rank: 5)
      every 1 epochs: trim(below: 0.4, at_least: 1, drop_at_most: 1/2, state: carry) }
    """

  private func changing(_ more: String = "") -> String {
    trainSource(
      "length: 6 epochs  batch: 16  rate: 0.05  optimizer: adam()  select: loss  average: ema(decay: 0.9)  \(more)  allow: [deployed_form]\n"
        + Self.changing.replacing("except(fc2)", with: "[fc1, head]"),
      network: "return x |> fc1: linear(12) |> relu |> fc2: linear(8) |> norm: batch_norm |> relu |> head: linear(4)")
  }

  @Test(
    "through changes of form, rank and trained layers it goes on to the same bytes in a run that was stopped", arguments: [1, 2, 3, 4, 5])
  func resumed(_ epochs: Int) throws {
    try expectSameBytes(of: changing(), stoppedAfter: Duration(.epoch, epochs), in: folder)
  }

  @Test("a weight that changes its form begins its average anew; the others go on, even where the optimizer starts anew")
  func transition() throws {
    func trainer(resumes: Bool) throws -> Trainer {
      try Trainer(
        program: try checkedProgram(changing()), source: RunSource(text: [], configuration: "", version: "test"),
        options: TrainOptions(
          threads: 1, output: resumes ? nil : folder("a"), stopAfter: Duration(.epoch, 2), checkpointEvery: .epochs(1),
          resume: resumes ? .folder(folder("a")) : nil), observer: nil)
    }
    _ = try trainer(resumes: false).run()
    let resumed = try trainer(resumes: true)
    let before = resumed.state.tensors
    #expect(distance(before["fc1.weight/average"], before["fc1.weight"] ?? []) > 1e-4)
    #expect(before["fc2.weight"] != nil && before["fc2.weight/average"] == nil)
    try resumed.enterPhase(2, at: 12)
    let after = resumed.state.tensors
    for name in ["fc1.weight.u", "fc1.weight.v"] { #expect(after[name] != nil && after[name + "/average"] == after[name]) }
    #expect(after["head.weight/average"] == before["head.weight/average"])
    #expect(distance(after["head.weight/average"], after["head.weight"] ?? []) > 1e-4)
    #expect(after["fc1.weight/average"] == nil)
  }

  @Test("events at the end of training act on the average")
  func atEnd() throws {
    let text = text("average: ema(decay: 0.9)  allow: [deployed_form]  weights fc1 { from epoch 0: core(rank: 6)  EVENT }")
    let (_, plain) = try train(text.replacing("EVENT", with: ""), output: folder("a"))
    let (_, measured) = try train(text.replacing("EVENT", with: "at end: trim(below: 0, state: reset)"), output: folder("b"))
    #expect(try folder.bytes("a/weights.safetensors") == folder.bytes("b/weights.safetensors"))
    #expect(plain.test?.loss == measured.test?.loss)
    let (_, cut) = try train(
      text.replacing("EVENT", with: "at end: trim(below: 0.9, drop_at_most: 99%, state: reset)"), output: folder("c"))
    let loaded = try TensorFile.read(path: folder("c/weights.safetensors"))
    #expect(!cut.saved.changes.isEmpty && cut.test?.loss != plain.test?.loss)
    #expect(
      try loaded.tensor(named: "head.bias")?.floats()
        == TensorFile.read(path: folder("a/weights.safetensors")).tensor(named: "head.bias")?.floats())
  }

  @Test("prices count it as state, as large as what is trained")
  func price() throws {
    func bytes(_ more: String) throws -> Int {
      try #require(try CostReport(PhaseCompiler(program: try checkedProgram(text(more))), machine: nil).phases.first).stateBytes
    }
    let trained = 6 * 8 + 8 + 8 * 4 + 4
    #expect(try bytes("") == 2 * 4 * trained && bytes("average: ema()") == 3 * 4 * trained)
  }
}
