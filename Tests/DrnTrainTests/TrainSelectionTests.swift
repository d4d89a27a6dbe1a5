import DrnData
import DrnMethods
import DrnProgram
import DrnTensorFile
import DrnTestSupport
import Foundation
import Testing

@testable import DrnTrain

@Suite("Which weights a run saves") struct TrainSelectionTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// A rate that is good for the first epochs and then ruins the network without diverging.
  private func ruined(after epoch: Int, _ more: String) -> String {
    trainSource(
      "length: 6 epochs  batch: 16  rate: step(0.2, factor: 400, at: [epoch \(epoch)])  clip: 1.0  optimizer: sgd()  \(more)", noise: 0.5)
  }

  private func epochs(_ session: TrainSession, _ name: String) -> [Double] {
    session.recorder.records("epoch").compactMap { $0.number(name) }
  }

  private func rank(_ run: String) throws -> Int? {
    try TensorFile.read(path: folder("\(run)/weights.safetensors")).tensor(named: "fc1.weight.s")?.shape.first
  }

  private static let ended = """
    data points { source: synthetic(examples: 1024, test_examples: 256, noise: 2)  point: tensor[32]  label: class(4)  validation: 10% }
    network tiny(point: tensor[32]) -> tensor[4] { return point |> fc1: linear(64) |> relu |> head: linear(4) }
    train tiny on points {
      length: 3 epochs  batch: 64  seed: 1  loss: cross_entropy  optimizer: sgd(momentum: 0.9)  rate: 0.05  allow: [deployed_form]
      weights fc1 { from epoch 0: core(rank: 32) EVENT }
    }
    """

  @Test("an event at the end changes the best epoch's weights: they are validated, tested and saved at the new rank")
  func atEnd() throws {
    let event = "at end: trim(below: 0.9, drop_at_most: 99%, state: reset)"
    let (session, summary) = try train(Self.ended.replacing("EVENT", with: event), output: folder("a"))
    let cut = try #require(session.recorder.records("rank_event").first?.integer("to_rank"))
    #expect(cut < 32)
    #expect(try rank("a") == cut && session.trainer.state.ranks.first == cut)
    #expect(session.recorder.records.map(\.kind) == ["epoch", "epoch", "epoch", "restore", "rank_event"])
    #expect(summary.saved.changes == [.events] && summary.saved.bestEpoch != nil)
    #expect(summary.deployedParameters == 32 * cut + cut * 64 + 64 + 4 * 64 + 4)
    #expect(summary.finalTrainable == cut * cut + 64 + 4 * 64 + 4)

    let loaded = Self.ended.replacing("core(rank: 32) EVENT", with: "core(rank: \(cut))").replacing(
      "seed: 1", with: "seed: 1  weights_from: \"\(folder("a/weights.safetensors"))\"")
    let trainer = try TrainSession(loaded, output: folder("b")).trainer
    let test = try #require(trainer.data.test)
    #expect(try trainer.validate()?.loss == summary.validation?.loss)
    #expect(
      try trainer.segment.evaluate(Array(0..<test.count), of: test, preparation: nil).loss == summary.test?.loss)
  }

  @Test("an event at the end that cuts nothing leaves the best epoch and its score")
  func atEndWithoutEffect() throws {
    let event = "at end: trim(below: 0, state: reset)  at end: report(stable_rank)"
    let (session, summary) = try train(Self.ended.replacing("EVENT", with: event), output: folder("a"))
    let best = try #require(summary.saved.bestEpoch)
    #expect(try rank("a") == 32 && summary.saved.changes.isEmpty)
    #expect(summary.validation?.loss == epochs(session, "validation_loss")[best])
    let file = try TensorFile.read(path: folder("a/weights.safetensors"))
    #expect(file.metadataValue("drnc.step") == String(summary.saved.step))
    #expect(summary.saved.step == (best + 1) * session.recorder.description!.stepsPerEpoch)
  }

  @Test("epochs before the last cut of a rank do not compete, however well they did")
  func sinceTrim() throws {
    let text = ruined(
      after: 2, "allow: [deployed_form]  weights fc1 { from epoch 0: core(rank: 6)  at [epoch 1, epoch 3]: trim(below: 0.9, state: carry) }"
    )
    let (session, summary) = try train(text, output: folder("a"))
    let cuts = session.recorder.records("rank_event").compactMap { $0.integer("to_rank") }
    let losses = epochs(session, "validation_loss")
    try #require(cuts.count == 2 && losses.firstIndex(of: losses.min()!)! < 2)
    let best = try #require(summary.saved.bestEpoch)
    #expect(best >= 3 && summary.saved.competing == 3...5)
    #expect(try rank("a") == cuts[1])
    #expect(try session.trainer.validate()?.loss == summary.validation?.loss)
    #expect(try folder.text("a/summary.json").contains("epoch \(best), the highest accuracy on validation of epochs 3 to 5, those since"))
  }

  @Test(
    "a change of form or of the trained layers starts the choice anew, one of the loss, the optimizer or the state does not",
    arguments: [
      ("state: reset  weights fc1 { from epoch 0: dense  from epoch 3: factored(rank: 3) }", 3),
      ("trainable { from epoch 0: **  from epoch 3: head }", 3),
      ("state: carry  weights fc1 { from epoch 0: factored(rank: 3)  from epoch 3: factored(rank: 4) }", 3),
      ("optimizer { from epoch 0: sgd()  from epoch 3: sgd(momentum: 0.1) }", 0),
      ("loss { from epoch 0: cross_entropy  from epoch 3: cross_entropy(smoothing: 0.01) }", 0),
    ])
  func sincePhase(_ more: String, _ first: Int) throws {
    var text = ruined(after: 3, "select: loss  " + more)
    if more.hasPrefix("optimizer") { text = text.replacing("optimizer: sgd()", with: "") }
    if more.hasPrefix("loss") { text = text.replacing("loss: cross_entropy\n", with: "") }
    let (session, summary) = try train(text, output: folder("a"))
    let losses = epochs(session, "validation_loss")
    try #require(losses.prefix(3).min()! < losses.dropFirst(3).min()!)
    let best = try #require(summary.saved.bestEpoch)
    #expect(summary.saved.competing == first...5)
    #expect(losses[best] == losses.dropFirst(first).min())
    #expect(summary.validation?.loss == losses[best])
    #expect(try session.trainer.validate()?.loss == losses[best])
  }

  @Test("where the last boundary itself cuts a rank no epoch competes, and the cut network is saved")
  func noneCompetes() throws {
    let event = "every 3 epochs: trim(below: 0.9, drop_at_most: 99%, state: reset)"
    let (session, summary) = try train(Self.ended.replacing("EVENT", with: event), output: folder("a"))
    let cut = try #require(session.recorder.records("rank_event").first?.integer("to_rank"))
    #expect(try rank("a") == cut && cut < 32)
    #expect(summary.saved.reason == .noneCompetes && summary.saved.bestEpoch == nil)
    #expect(try session.trainer.validate()?.loss == summary.validation?.loss)
  }

  @Test("`select` chooses by what it names", arguments: Selection.allCases)
  func select(_ selection: Selection) throws {
    let text = trainSource(
      "length: 8 epochs  \(plainSettings)  select: \(selection.rawValue)", data: "validation: 40%  split_seed: 5", examples: 90, noise: 2.5)
    let (session, summary) = try train(text, output: folder("a"))
    let (losses, accuracies) = (epochs(session, "validation_loss"), epochs(session, "validation_accuracy"))
    let balanced = epochs(session, "validation_balanced_accuracy")
    let indices = losses.indices
    switch selection {
    case .accuracy: #expect(summary.saved.bestEpoch == indices.min { (-accuracies[$0], losses[$0]) < (-accuracies[$1], losses[$1]) })
    case .balancedAccuracy: #expect(summary.saved.bestEpoch == indices.min { (-balanced[$0], losses[$0]) < (-balanced[$1], losses[$1]) })
    case .loss: #expect(summary.saved.bestEpoch == indices.min { losses[$0] < losses[$1] })
    case .last: #expect(summary.saved.bestEpoch == nil && summary.saved.step == summary.steps)
    }
    #expect((balanced.count == 8) == (selection == .balancedAccuracy))
    let saved = summary.saved.bestEpoch ?? 7
    #expect(summary.validation?.loss == losses[saved])
    if selection == .last { #expect(saved == 7 && losses[7] != losses.min() && accuracies[7] != accuracies.max()) }
  }

  @Test("without a validation split, and after a signal, the last weights are saved, and the summary says why")
  func last() throws {
    let (_, summary) = try train(trainSource("length: 1 epochs  \(plainSettings)", data: ""), output: folder("a"))
    #expect(summary.saved.reason == .noValidation && summary.validation == nil)
    let session = try TrainSession(trainSource("length: 3 epochs  \(plainSettings)"), output: folder("b"), stopAfter: Duration(.epoch, 2))
    try session.run()
    // Best and last differ here: what an interrupted run saves is not what did best.
    let stopped = try session.trainer.finish(step: 12, seconds: 0, end: .interrupted)
    #expect(stopped.saved.reason == .interrupted && stopped.validation == nil && stopped.test == nil)
    #expect(try folder.text("b/summary.json").contains("\"best_epoch\"") == false)
  }

  @Test("a run resumed after a change of form chooses as one that was not stopped", arguments: [2, 3, 4])
  func resumed(_ stop: Int) throws {
    let text = ruined(after: 4, "state: carry  weights fc1 { from epoch 0: dense  from epoch 3: factored(rank: 3) }")
    try expectSameBytes(of: text, stoppedAfter: Duration(.epoch, stop), in: folder)
  }
}
