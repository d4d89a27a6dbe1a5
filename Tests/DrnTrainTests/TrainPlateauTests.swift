import DrnMethods
import DrnProgram
import DrnSema
import DrnTestSupport
import Foundation
import Testing

@testable import DrnTrain

@Suite("What the score on validation decides") struct TrainPlateauTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// A sequence of scores, and the rate of ReduceLROnPlateau (PyTorch 2.13, `eps=0`, from 0.2) after each of them.
  struct Published: Sendable, CustomTestStringConvertible {
    let call: String
    let higherIsBetter: Bool
    let rates: [Double]
    var testDescription: String { call }
  }

  private static let scores = [1.0, 0.9, 0.91, 0.89995, 0.92, 0.9, 0.95, 0.8, 0.81, 0.82, 0.83, 0.84, 0.85, 0.79995, 0.86, 0.87]
  private static let published = [
    Published(
      call: "plateau(0.2, patience: 2 epochs, factor: 0.5)", higherIsBetter: false,
      rates: [0.2, 0.2, 0.2, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.025, 0.025, 0.025]),
    Published(
      call:
        "plateau(0.2, patience: 1 epochs, factor: 0.5, threshold: 0.06, threshold_mode: absolute, cooldown: 2 epochs, floor: 0.03)",
      higherIsBetter: false, rates: [0.2, 0.2, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.05, 0.03, 0.03, 0.03]),
    Published(
      call: "plateau(0.2, patience: 2 epochs, factor: 0.1, threshold: 0.05, cooldown: 1 epochs)", higherIsBetter: true,
      rates: [0.2, 0.2, 0.2, 0.02, 0.02, 0.02, 0.02, 0.002, 0.002, 0.002, 0.002, 0.0002, 0.0002, 0.0002, 0.0002, 0.00002]),
    Published(
      call: "plateau(0.2, patience: 1 epochs, factor: 0.3, threshold: 0.02, threshold_mode: absolute)", higherIsBetter: true,
      rates: [
        0.2, 0.2, 0.06, 0.06, 0.018, 0.018, 0.0054, 0.0054, 0.00162, 0.00162, 0.000486, 0.000486, 0.0001458, 0.0001458, 0.00004374,
        0.00004374,
      ]),
  ]

  @Test("a plateau lowers the rate when PyTorch does", arguments: published) func lowers(_ example: Published) throws {
    let program = try checkedProgram(trainSource("length: 16 epochs  batch: 16  rate: \(example.call)  optimizer: sgd()"))
    let (rate, start) = try #require(program.training.rate.plateau(at: 7, stepsPerEpoch: 10, totalSteps: 160))
    #expect(start == 0)
    var state = PlateauState()
    for (epoch, score) in Self.scores.enumerated() {
      let step = (epoch + 1) * 10
      let patience = try #require(rate.patience.steps(stepsPerEpoch: 10))
      let cooldown = rate.cooldown.flatMap { $0.steps(stepsPerEpoch: 10) } ?? 0
      _ = state.observe((score, example.higherIsBetter), rate.improvement, patience: patience, cooldown: cooldown, after: step)
      // What a checkpoint keeps of it is all of it.
      state = try #require(PlateauState(state.integers))
      let next = program.training.rate.value(at: step, stepsPerEpoch: 10, totalSteps: 1000, reductions: state.reductions)
      #expect(abs(next - example.rates[epoch]) < 1e-12, "epoch \(epoch)")
    }
  }

  /// Training that gets worse, so that something happens: the rate is far too high until it has fallen.
  private func text(_ settings: String, length: Int = 12) -> String {
    trainSource(
      "length: \(length) epochs  batch: 16  optimizer: sgd(momentum: 0.9)  clip: 1.0  select: loss  \(settings)",
      data: "validation: 40%  split_seed: 5", examples: 90, noise: 2.5)
  }

  private func losses(_ session: TrainSession) -> [Double] {
    session.recorder.records("epoch").compactMap { $0.number("validation_loss") }
  }

  @Test("the rate falls after the epochs that did no better, the log says so, and every later step has the lower rate")
  func falls() throws {
    let (session, _) = try train(text("rate: plateau(0.5, patience: 1 epochs, factor: 0.1)"), output: folder("a"))
    let steps = try #require(session.recorder.description?.stepsPerEpoch)
    let records = session.recorder.records("plateau")
    try #require(!records.isEmpty)
    // The rule said again, over the losses that the log has.
    var (best, bad, rate) = (Double.infinity, 0, 0.5)
    for (epoch, loss) in losses(session).enumerated() {
      let first = session.recorder.steps[epoch * steps]
      #expect(abs(first.rate - rate) < 1e-12, "epoch \(epoch)")
      if loss < best * (1 - 1e-4) { (best, bad) = (loss, 0) } else { bad += 1 }
      if bad > 1 { (rate, bad) = (rate * 0.1, 0) }
    }
    #expect(abs(0.5 * pow(0.1, Double(records.count)) - rate) < 1e-12)
    #expect(abs((records.last?.number("rate") ?? 0) - rate) < 1e-7)
  }

  @Test("a run that lowers its rate goes on to the same bytes, stopped before a fall and after it", arguments: [2, 5, 9])
  func resumed(_ epochs: Int) throws {
    let text = self.text("rate: plateau(0.5, patience: 1 epochs, factor: 0.3, cooldown: 1 epochs)")
    let trainers = try expectSameBytes(of: text, stoppedAfter: Duration(.epoch, epochs), in: folder)
    #expect(trainers.allSatisfy { $0.clock.plateau.reductions.count > 1 })
    #expect(trainers[0].clock.plateau == trainers[1].clock.plateau)
  }

  @Test("a changed plateau is another run, as the steps done were at rates it decided")
  func changed() throws {
    try runInFolder(text("rate: plateau(0.5, patience: 1 epochs)"), folder("a"), stopAfter: Duration(.epoch, 3))
    let error = trainError { try runInFolder(text("rate: plateau(0.5, patience: 4 epochs)"), folder("a"), resumes: true) }
    #expect(error?.kind == .checkpointDiffers && error?.message.contains("patience") == true)
  }

  @Test("a change of form begins the waiting anew, and keeps the rate that was reached")
  func network() throws {
    let change = "state: reset  weights fc1 { from epoch 0: dense  from epoch 4: factored(rank: 3) }"
    let (session, _) = try train(text("rate: plateau(1e-9, patience: 3 epochs, factor: 0.5)  \(change)", length: 8), output: folder("a"))
    // At such a rate nothing improves by a ten-thousandth: four epochs wait, the fourth of which ends where the form changes.
    #expect(session.recorder.records("plateau").compactMap { $0.integer("step") }.isEmpty)
    let (without, _) = try train(text("rate: plateau(1e-9, patience: 3 epochs, factor: 0.5)", length: 8), output: folder("b"))
    #expect(without.recorder.records("plateau").count == 1)
  }

  @Test("the schedule says that the rate is decided while training")
  func described() throws {
    let program = try checkedProgram(text("rate { from epoch 0: 0.1  from epoch 6: plateau(0.5, patience: 2 epochs) }"))
    let schedule = describeSchedule(program)
    #expect(schedule.contains("at most 0.5, decided while training"))
    #expect(schedule.split(separator: "\n").contains { $0.hasPrefix("0 .. 5") && !$0.contains("decided") })
  }

  // MARK: Early ends

  @Test("a run ends after as many epochs without improvement as `stop` says, with its best epoch, events and test")
  func early() throws {
    let text = self.text("rate: 0.5  stop: early(patience: 3 epochs)  at end: report(stable_rank)", length: 40)
    let (session, summary) = try train(text, output: folder("a"))
    let losses = self.losses(session)
    let best = try #require(losses.indices.min { losses[$0] < losses[$1] })
    try #require(losses.count < 40)
    #expect(losses.count == best + 4 && summary.saved.bestEpoch == best && summary.test != nil)
    #expect(!session.recorder.records("report").isEmpty)
    let stop = try #require(session.recorder.records("stop").first)
    #expect(stop.integer("step") == summary.steps && stop.number("best") == losses[best])
    #expect(try folder.text("a/summary.json").contains("\"ended\": \"the score on validation had not improved"))
    let (_, longer) = try train(text.replacing("patience: 3 epochs", with: "patience: 3 epochs, at_least: 20 epochs"), output: folder("b"))
    #expect(longer.steps >= 20 * summary.steps / losses.count)
  }

  @Test("a threshold asks for more than a little")
  func threshold() throws {
    let none = try train(text("rate: 1e-4  stop: early(patience: 2 epochs)", length: 6), output: folder("a"))
    let some = try train(text("rate: 1e-4  stop: early(patience: 2 epochs, threshold: 0.5)", length: 6), output: folder("b"))
    #expect(losses(none.0).count == 6 && losses(some.0).count == 3)
    #expect(some.1.saved.bestEpoch == 2)
  }

  @Test("an early end comes at the same step and to the same bytes in a run that was stopped; and again where it has come")
  func earlyResumed() throws {
    let text = self.text("rate: 0.5  stop: early(patience: 3 epochs)", length: 40)
    let trainers = try expectSameBytes(of: text, stoppedAfter: Duration(.epoch, 2), in: folder)
    #expect(trainers[0].stopWatch == trainers[1].stopWatch && trainers[0].stopWatch.best != nil)
    let before = try ["log.jsonl", "summary.json", "weights.safetensors"].map { try folder.bytes("whole/" + $0) }
    try runInFolder(text, folder("whole"), resumes: true)
    #expect(try ["log.jsonl", "summary.json", "weights.safetensors"].map { try folder.bytes("whole/" + $0) } == before)
  }
}
