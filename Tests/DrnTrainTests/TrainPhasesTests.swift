import DrnCPU
import DrnIR
import DrnMethods
import DrnPlan
import DrnTestSupport
import Foundation
import Testing

@testable import DrnTrain

@Suite("Phases, transitions and events of a run") struct TrainPhasesTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func source(_ forms: String, _ settings: String = plainSettings, epochs: Int = 2, state: String = "state: carry") -> String {
    trainSource("length: \(epochs) epochs  \(settings)  \(state)  weights fc1 { \(forms) }")
  }

  @Test("three cycles of dense and factored are six phases, with a transition at each boundary")
  func cycles() throws {
    let text = source("cycle(3) { 1 epochs: dense  1 epochs: factored(rank: 2) }", epochs: 6)
    let (session, summary) = try train(text, output: folder("a"))
    #expect(session.recorder.records("epoch").map { $0.integer("phase") } == [0, 1, 2, 3, 4, 5])
    let transitions = session.recorder.records("transition")
    #expect(transitions.map { $0.text("to") } == ["factored", "dense", "factored", "dense", "factored"])
    #expect(transitions.map { $0.integer("step") } == [6, 12, 18, 24, 30])
    #expect(transitions.map { $0.integer("to_rank") } == [2, nil, 2, nil, 2])
    // Dense 6 x 8 or factors 2 x (6 + 8), and everything else: 8 + 4 x 8 + 4.
    let trainable = session.recorder.records("epoch").map { $0.integer("trainable_parameters") }
    #expect(trainable == [92, 72, 92, 72, 92, 72])
    #expect(summary.averageTrainable == 82 && summary.denseTrainable == 92)
    #expect(summary.steps == 36)
  }

  @Test("a transition logs its error, near 0 where the form can hold the matrix, and the validation loss on both sides")
  func transitionRecords() throws {
    let text = source("from epoch 0: dense  from epoch 1: factored(rank: 1)  from epoch 2: dense", epochs: 3)
    let records = try train(text, output: folder("a")).session.recorder.records("transition")
    try #require(records.count == 2)
    #expect(try #require(records[0].number("truncation_error")) > 0.05)
    #expect(records[0].number("validation_loss_before") != records[0].number("validation_loss_after"))
    // One product of factors in single precision.
    #expect(try #require(records[1].number("truncation_error")) < 1e-5)
    let (before, after) = (
      try #require(records[1].number("validation_loss_before")), try #require(records[1].number("validation_loss_after"))
    )
    #expect(abs(before - after) < 1e-4)
  }

  @Test("a truncation past its bound ends the run, one within it does not")
  func errorBound() throws {
    func run(_ bound: String) -> TrainError? {
      trainError {
        try train(source("from epoch 0: dense  from epoch 1: factored(rank: 1) by svd(error: \(bound))"), output: folder(bound))
      }
    }
    let error = run("1%")
    #expect(error?.kind == .truncation)
    #expect(error?.message.contains("`fc1`") == true && error?.span != nil)
    #expect(run("100%") == nil)
  }

  private func trimmed(_ settings: String, data: String = "validation: 20%", examples: Int = 120) -> String {
    trainSource(
      "\(settings)  weights fc1 { from epoch 0: factored(rank: 6)  every 6 steps: trim(below: 0.9, state: carry) }",
      network: "return x |> fc1: linear(64) |> relu |> head: linear(4)", data: data, examples: examples)
  }

  @Test("a trim inside a phase lowers rank, trainable parameters and memory from then on")
  func trim() throws {
    let text = trimmed("length: 3 epochs  \(plainSettings)", data: "", examples: 96)
    let before = try TrainSession(text, output: folder("a"), stopAfter: Duration(.step, 5))
    let after = try TrainSession(text, output: folder("b"), stopAfter: Duration(.epoch, 2))
    let (short, long) = (try before.run(), try after.run())
    #expect(short.trainingOperations * 12 > long.trainingOperations * 5)
    let events = after.recorder.records("rank_event")
    let first = try #require(events.first)
    #expect(first.integer("from_rank") == 6 && first.integer("step") == 6)
    let rank = try #require(first.integer("to_rank"))
    #expect(rank < 6 && rank >= 3)
    let epochs = after.recorder.records("epoch").compactMap { $0.integer("trainable_parameters") }
    #expect(epochs.count == 2 && epochs[0] - epochs[1] == (6 - rank) * (6 + 64))
    let plans = [before, after].map { $0.trainer.segment.segment.plan }
    #expect(plans[1].totalBytes < plans[0].totalBytes)
    #expect(plans[1].elements(.state) == plans[1].elements(.weight))
  }

  @Test("a trim of `train` cuts as the same trim in the clause does")
  func trimOfTrain() throws {
    let settings = "length: 2 epochs  \(plainSettings)"
    let inside = trimmed(settings, data: "", examples: 96)
    let event = "every 6 steps: trim(below: 0.9, state: carry)"
    let outside = inside.replacing(event, with: "").replacing("  weights fc1", with: "\n  \(event)\n  weights fc1")
    let runs = try [("a", inside), ("b", outside)].map { try TrainSession($0.1, output: folder($0.0)) }
    for run in runs { _ = try run.run() }
    let events = runs.map { $0.recorder.records("rank_event").compactMap { $0.integer("to_rank") } }
    #expect(!events[0].isEmpty && events[0] == events[1])
  }

  @Test("a rate far too high ends the run as diverged, and the log so far stays")
  func divergence() throws {
    let settings = "batch: 16  rate: step(0.1, factor: 1000000, at: [epoch 1])  optimizer: sgd()"
    let network = "return x |> fc1: linear(8) |> fc2: linear(8) |> fc3: linear(8) |> head: linear(4)"
    let error = trainError { try train(trainSource("length: 3 epochs  \(settings)", network: network), output: folder("a")) }
    #expect(error?.kind == .diverged)
    #expect(error?.message.contains("epoch 1") == true)
    let lines = try folder.text("a/log.jsonl").split(separator: "\n")
    #expect(lines.count == 2 && lines[0].contains("\"epoch\": 0") && lines[1].contains("\"kind\": \"diverged\""))
  }

  @Test(
    "at a boundary the momentum of a weight that changes starts at zero under reset, that of every layer under restart, none under carry")
  func stateAtBoundary() throws {
    func momenta(_ state: String) throws -> (state: [String: [Float]], starts: [String: Int], before: [Float]?) {
      let text = source("from epoch 0: dense  from epoch 1: factored(rank: 6)", state: "state: \(state)  allow: [cold_optimizer]")
      let session = try TrainSession(text, output: folder(state), stopAfter: Duration(.epoch, 1))
      try session.run()
      let before = session.trainer.state.tensors["head.weight/momentum"]
      try session.trainer.enterPhase(1, at: 6)
      return (session.trainer.state.tensors, session.trainer.state.stateStarts, before)
    }
    let (reset, restarted, carried) = (try momenta("reset"), try momenta("restart"), try momenta("carry"))
    for name in ["fc1.weight.u/momentum", "fc1.weight.v/momentum", "fc1.bias/momentum", "head.weight/momentum"] {
      #expect(restarted.state[name]?.allSatisfy { $0 == 0 } == true, "\(name)")
      #expect(reset.state[name]?.allSatisfy { $0 == 0 } == name.contains("fc1.weight"), "\(name)")
      #expect(carried.state[name]?.contains { $0 != 0 } == true, "\(name)")
    }
    #expect(carried.state["head.weight/momentum"] == carried.before && reset.state["head.weight/momentum"] == reset.before)
  }

  @Test("frozen bases are the same bits at the end, while their core is trained")
  func frozenBases() throws {
    let session = try TrainSession(source("from epoch 0: core(bases: frozen, rank: 3)", state: ""), output: folder("a"))
    let start = session.trainer.state.tensors
    try session.run()
    let end = session.trainer.state.tensors
    #expect(start["fc1.weight.u"] != nil && start["fc1.weight.u"] == end["fc1.weight.u"])
    #expect(start["fc1.weight.v"] != nil && start["fc1.weight.v"] == end["fc1.weight.v"])
    #expect(start["fc1.weight.s"] != end["fc1.weight.s"])
  }

  @Test("an adapter's base is the dense matrix it was put around, to the bit, until the end")
  func adapterBase() throws {
    let text = source("from epoch 0: dense  from epoch 1: adapter(rank: 2, alpha: 4)", epochs: 3)
    let dense = try train(text, output: folder("a"), stopAfter: Duration(.epoch, 1)).session.trainer.state.tensors
    let end = try train(text, output: folder("b")).session.trainer.state.tensors
    #expect(dense["fc1.weight"] != nil && dense["fc1.weight"] == end["fc1.weight.base"])
    #expect(end["fc1.weight.b"]?.contains { $0 != 0 } == true)
    #expect(dense["head.weight"] != end["head.weight"])
  }

  @Test("a rewarm lowers the rate after its transition and nowhere else")
  func rewarm() throws {
    let text = source("from epoch 0: dense  from epoch 1: factored(rank: 2) by svd(rewarm: 4 steps)  from epoch 2: dense", epochs: 3)
    let rates = try train(text, output: folder("a")).session.recorder.steps.map(\.rate)
    let expected = (0..<18).map { step in (6..<10).contains(step) ? 0.1 * Double(step - 5) / 4 : 0.1 }
    #expect(rates.count == 18)
    // Products of doubles in another order.
    #expect(zip(rates, expected).allSatisfy { abs($0 - $1) < 1e-12 })
  }
}
