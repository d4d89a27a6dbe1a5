import DrnMethods
import DrnTestSupport
import Foundation
import Testing

@testable import DrnTrain

@Suite("Bringing back the best epoch while training goes on") struct TrainRestoreTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// Six steps an epoch, at a rate that is good for two epochs and then ruins the network without diverging.
  private func source(_ more: String, optimizer: String = "optimizer: adam()") -> String {
    trainSource(
      "length: 6 epochs  batch: 16  rate: step(0.02, factor: 200, at: [epoch 2])  select: loss  clip: 1.0  \(optimizer)  \(more)",
      noise: 0.5)
  }

  private func best(_ session: TrainSession) throws -> (epoch: Int, step: Int) {
    let record = try #require(session.recorder.records("restore").first)
    return (try #require(record.integer("to_epoch")), try #require(record.integer("to_step")))
  }

  @Test("weights and state are those at the end of the best epoch, and its updates are counted on")
  func state() throws {
    let (session, _) = try train(source("at epoch 4: restore(best)"), output: folder("a"), stopAfter: Duration(.step, 25))
    let best = try best(session)
    #expect(best.epoch < 2 && session.recorder.records("restore").first?.integer("step") == 24)
    let (then, _) = try train(source(""), output: folder("b"), stopAfter: Duration(.step, best.step))
    let now = session.trainer
    try now.restoreBest(at: 24)
    #expect(now.state.tensors.keys.contains("fc1.weight/second_moment") && now.state.tensors == then.trainer.state.tensors)
    #expect(now.state.updates(of: "fc1.weight", after: 24) == best.step && now.state.updates(of: "head.bias", after: 24) == best.step)
  }

  @Test("it comes before the change of the moment, so that the layers frozen from then on are those of the best epoch")
  func beforeThePhase() throws {
    let text = source("trainable { from epoch 0: **  from epoch 4: head }  at epoch 4: restore(best)")
    let (session, summary) = try train(text, output: folder("a"))
    let best = try best(session)
    let (then, _) = try train(source(""), output: folder("b"), stopAfter: Duration(.step, best.step))
    #expect(best.epoch < 2 && summary.saved.competing == 4...5)
    #expect(session.trainer.state.tensors["fc1.weight"] == then.trainer.state.tensors["fc1.weight"])
    #expect(session.trainer.state.tensors["head.weight"] != then.trainer.state.tensors["head.weight"])
  }

  @Test("state of another optimizer than that of the best epoch begins anew")
  func anotherOptimizer() throws {
    let optimizers = "optimizer { from epoch 0: sgd(momentum: 0.9)  from epoch 3: adam() }"
    let text = trainSource(
      "length: 5 epochs  batch: 16  rate: step(0.2, factor: 400, at: [epoch 1])  select: loss  clip: 1.0  \(optimizers)  at epoch 4: restore(best)",
      noise: 0.5)
    let (session, _) = try train(text, output: folder("a"), stopAfter: Duration(.epoch, 4))
    session.trainer.best?.stateStep = 6
    try session.trainer.restoreBest(at: 24)
    let state = session.trainer.state
    #expect(try best(session).epoch == 0)
    #expect(state.tensors.filter { $0.key.contains("/") }.allSatisfy { $0.value.allSatisfy { $0 == 0 } })
    #expect(state.tensors.keys.contains { $0.hasPrefix("fc1.weight/") } && state.updates(of: "fc1.weight", after: 24) == 0)
  }

  @Test("a run stopped before, at and after it ends as one that was not", arguments: [3, 4, 5])
  func resumed(_ stop: Int) throws {
    try expectSameBytes(of: source("every 2 epochs: restore(best)"), stoppedAfter: Duration(.epoch, stop), in: folder)
  }

  @Test("where nothing has been kept, the log says so and training goes on")
  func nothing() throws {
    let text = source("every 1 steps: restore(best)")
    let (session, summary) = try train(text, output: folder("a"), stopAfter: Duration(.step, 5))
    #expect(session.recorder.records("restore").count == 4 && summary.steps == 5)
    #expect(session.recorder.records("restore").allSatisfy { $0.integer("to_epoch") == nil })
  }
}
