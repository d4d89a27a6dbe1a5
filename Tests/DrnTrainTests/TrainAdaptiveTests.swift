import DrnAnalysis
import DrnCompiler
import DrnIR
import DrnLowering
import DrnMethods
import DrnPlan
import DrnProgram
import DrnTensorFile
import DrnTestSupport
import Foundation
import Testing

@testable import DrnTrain

/// Runs in which an update or an event changes ranks, subspaces or masks again and again.
@Suite("Runs whose extents follow what is measured") struct TrainAdaptiveTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private static let perceptron = "return x |> fc1: linear(24) |> relu |> fc2: linear(20) |> relu |> dropout(0.1) |> head: linear(4)"
  private static let convolutions =
    "return x |> l1: conv2d(8, kernel: 3, padding: 1) |> relu |> l2: conv2d(8, kernel: 3, padding: 1) |> relu |> flatten |> head: linear(4)"

  /// One way to change extents.
  struct Way: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let clauses: String
    var isImage = false
    var settings = "batch: 16"
    /// The kind of record that its changes leave, and the event they name.
    var record = "rank_event"

    /// 100 examples trained on, six or seven steps an epoch.
    func source(epochs: Int = 4) -> String {
      trainSource(
        "length: \(epochs) epochs  rate: 0.01  optimizer: adam()  \(settings)\n\(clauses)",
        input: isImage ? "tensor[2, 5, 5]" : "tensor[6]", network: isImage ? convolutions : perceptron,
        data: "validation: 20%  last_batch: keep", examples: 125)
    }
  }
  static let ways = [
    Way(
      testDescription: "bases by K, L and S at a tolerance",
      clauses: "weights fc2 { update: basis_update(adam(), tolerance: 0.5, every: 3 steps)  from epoch 0: core(rank: 10, bases: moving) }"),
    Way(
      testDescription: "bases at a tolerance, then their core alone",
      clauses: """
        weights fc2 { update: basis_update(adam(), tolerance: 0.5, every: 3 steps)  from epoch 0: core(rank: 10, bases: moving)
          from epoch 2: core(rank: current, bases: frozen) by svd(state: reset) }
        """),
    Way(
      testDescription: "bases of a Tucker form, augmented and cut",
      clauses: """
        weights l2 { update: basis_update(adam(), tolerance: 0.45, every: 4 steps)
          from epoch 0: tucker(rank: 4, input_rank: 3, bases: moving)
          from epoch 3: tucker(rank: current, input_rank: current, bases: frozen) by svd(state: reset, error: 100%) }
        """, isImage: true),
    Way(
      testDescription: "a subspace of the gradient's own rank",
      clauses: "weights fc2 { update: low_rank_gradient(adam(), rank: energy(60%), at_most: 8, refresh: 5 steps) }"),
    Way(
      testDescription: "a subspace renewed as soon as progress in it has converged",
      clauses:
        "weights fc2 { update: low_rank_gradient(adam(), rank: energy(60%), at_most: 8, refresh: 9 steps, converged: 0.9, at_earliest: 2 steps) }",
      settings: "batch: 8  accumulation: 2"),
    Way(
      testDescription: "a mask that loses and takes in entries",
      clauses:
        "weights fc* { from epoch 0: sparse(20%)  every 3 steps: mutate(prune_to: 10%, grow_to: [20%, 15%, 10%], at: [epoch 1, epoch 3]) }",
      record: "mutate"),
    Way(
      testDescription: "weights that shrink and are perturbed",
      clauses: "weights fc* { every 3 steps: shrink_perturb(shrink: 0.6, noise: 0.01, before: epoch 3) }", record: "shrink_perturb"),
  ]

  @Test("a run is the same with two threads, and stopped and resumed between any two steps", arguments: ways)
  func sameBytes(way: Way) throws {
    for stop in [5, 16] {
      let place = try TemporaryFolder()
      try expectSameBytes(of: way.source(), stoppedAfter: Duration(.step, stop), in: place)
    }
    let (session, _) = try train(way.source(), output: folder("one"), threads: 1)
    try train(way.source(), output: folder("two"), threads: 2)
    for file in ["weights.safetensors", "log.jsonl"] { #expect(try folder.bytes("one/" + file) == folder.bytes("two/" + file), "\(file)") }
    #expect(!session.recorder.records(way.record).isEmpty, "nothing changed")
  }

  @Test("ranks of bases follow the tolerance: none is left that the next change would raise or cut, and a smaller tolerance keeps more")
  func tolerance() throws {
    var last: [Int] = []
    for tolerance in ["0.3", "0.6"] {
      let way = Way(
        testDescription: "",
        clauses:
          "weights fc2 { update: basis_update(adam(), tolerance: \(tolerance), every: 1 steps)  from epoch 0: core(rank: 10, bases: moving) }"
      )
      let (session, _) = try train(way.source(), output: folder(tolerance))
      let events = session.recorder.records("rank_event")
      let ranks = events.compactMap { $0.integer("to_rank") }
      #expect(ranks.allSatisfy { (2...10).contains($0) })
      #expect(zip(ranks, events.dropFirst()).allSatisfy { $0 == $1.integer("from_rank") })
      // What a step found is already cut, so that changes of shapes lose nothing but rounding.
      #expect(events.allSatisfy { $0.number("truncation_error") ?? 1 < 1e-5 || $0.integer("to_rank") ?? 0 > $0.integer("from_rank") ?? 0 })
      last.append(try #require(ranks.last))
    }
    #expect(last[0] > last[1])
  }

  @Test("both ranks of a Tucker form go their own ways, held twice as wide as what is kept, which is where the next form begins")
  func twoRanks() throws {
    let (session, _) = try train(Self.ways[2].source(), output: folder("run"))
    let events = session.recorder.records("rank_event").filter { $0.text("weight") == "l2.weight" }
    #expect(events.contains { $0.integer("to_rank") != $0.integer("to_input_rank") }, "\(events)")
    let last = try #require(events.last)
    let transition = try #require(session.recorder.records("transition").first)
    #expect(transition.integer("to_rank") == (last.integer("to_rank") ?? 0) / 2)
    // What was augmented since is cut again: less than everything.
    #expect(transition.number("truncation_error") ?? 2 < 1)
  }

  @Test("the state of a subspace is of the rank it has, as planned and as priced")
  func state() throws {
    let compiler = PhaseCompiler(program: try checkedProgram(Self.ways[3].source()))
    var ranks = compiler.scheduledRanks(phase: 0)
    #expect(compiler.program.extents == [WeightExtent(weight: 1, name: "gradient_rank")])
    #expect(ranks == [0, 0, 0, 8])
    for rank in [8, 3] {
      ranks[3] = rank
      // Two moments each of fc1 6 x 24, head 20 x 4 and the biases; fc2 is 24 x 20: a basis, two moments and the spectrum of 20.
      let expected = 4 * (2 * (6 * 24 + 24 + 20 + 20 * 4 + 4) + 20 * rank + 2 * 24 * rank + 20)
      #expect(try compiler.compiled(phase: 0, ranks: ranks).plan(threads: 1).elements(.state) * 4 == expected)
      #expect(compiler.parameterCost(phase: 0, ranks: ranks).stateBytes == expected)
    }
  }

  @Test("a renewal comes no earlier and no later than said, and the rank falls where the gradient has less")
  func renewals() throws {
    let (session, summary) = try train(Self.ways[4].source(), output: folder("run"))
    let steps = session.recorder.records("renewal").filter { $0.text("weight") == "fc2.weight" }.compactMap { $0.integer("step") }
    // A wider subspace is renewed once more at the same step.
    let gaps = zip(steps, steps.dropFirst()).map { $1 - $0 }.filter { $0 > 0 }
    #expect(steps.first == 0 && gaps.allSatisfy { (2...9).contains($0) })
    #expect(gaps.contains { $0 < 9 }, "none converged")
    #expect(summary.steps - (steps.last ?? 0) <= 9)
    let events = session.recorder.records("rank_event")
    #expect(events.contains { $0.integer("to_gradient_rank") ?? 9 < $0.integer("from_gradient_rank") ?? 0 })
  }

  @Test("an average of weights goes on where the subspace of their gradients changes its dimension")
  func average() throws {
    func norm(_ name: String, _ settings: String) throws -> Double {
      let way = Way(testDescription: "", clauses: Self.ways[3].clauses, settings: "batch: 16  select: last  " + settings)
      let (session, _) = try train(way.source(), output: folder(name))
      let last = session.recorder.records("rank_event").compactMap { $0.integer("step") }.last
      #expect(last ?? 0 > 3, "nothing changed late")
      let file = try TensorIndex(path: folder(name + "/weights.safetensors"), wanted: ["fc2.weight"])
      return try #require(try file.read("fc2.weight")).floats().reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    }
    // Weights of a few dozen small steps: their average is of their size, and far smaller where it began anew at zero.
    let (plain, averaged) = (try norm("plain", ""), try norm("averaged", "average: ema(decay: 0.99)"))
    #expect(averaged > 0.8 * plain && averaged < 1.2 * plain, "\(averaged) of \(plain)")
  }

  @Test("a mask has the entries that pruning and growth leave, and W is zero off it")
  func mutation() throws {
    let (session, _) = try train(Self.ways[5].source(), output: folder("run"))
    let records = session.recorder.records("mutate").filter { $0.text("weight") == "fc2.weight" }
    // 480 entries: 20 %, 15 % and 10 % of them, in the order of the moments.
    let active = records.compactMap { $0.integer("active") ?? $0.number("active").map { Int($0) } }
    let steps = records.compactMap { $0.integer("step") }
    for (step, count) in zip(steps, active) { #expect(count == (step < 7 ? 96 : step < 21 ? 72 : 48), "step \(step)") }
    let file = try TensorIndex(path: folder("run/deployed.safetensors"), wanted: ["fc2.weight"])
    let weights = try #require(try file.read("fc2.weight")).floats()
    #expect(weights.filter { $0 != 0 }.count <= 48)
  }

  @Test("ranks of a budget cost no more than it, keep more than one share for all, and are logged with what they keep")
  func budget() throws {
    let clause = "weights fc* { from epoch 0: dense  from epoch 2: factored(rank: budget(parameters: 40%)) by svd(state: reset) }"
    let program = try checkedProgram(Way(testDescription: "", clauses: clause).source())
    let (session, _) = try train(Way(testDescription: "", clauses: clause).source(), output: folder("run"))
    let transitions = session.recorder.records("transition")
    let sides = [(6, 24), (24, 20)]
    let ranks = transitions.compactMap { $0.integer("to_rank") }
    func cost(_ ranks: [Int]) -> Int { zip(sides, ranks).reduce(0) { $0 + ($1.0.0 + $1.0.1) * $1.1 } }
    try #require(ranks.count == 2)
    #expect(cost(ranks) <= 249 && cost(ranks) > 249 - 44, "\(ranks)")
    // Priced by one share for both: 0.4 of 6 and of 20, less what does not fit.
    let planned = program.scheduledRanks(phase: 1)
    #expect(cost(Array(planned.prefix(2))) <= 249 && planned[0] * 20 <= planned[1] * 6 + 20)
    #expect(transitions.allSatisfy { $0.text("rank_rule") == "budget(parameters: 40%)" })
  }

  @Test("`when` lets an event concern the weights alone of which its comparison holds then")
  func conditions() throws {
    let clause = """
      weights fc* { from epoch 0: core(rank: full)
        every 4 steps: report(stable_rank)
        every 4 steps: when(stable_rank < 3.2, trim(below: 0.9, at_least: 0%, state: carry)) }
      """
    let (session, _) = try train(Way(testDescription: "", clauses: clause).source(), output: folder("run"))
    let reports = session.recorder.records("report")
    let trimmed = session.recorder.records("rank_event")
    try #require(!trimmed.isEmpty)
    for event in trimmed {
      let report = try #require(reports.first { $0.integer("step") == event.integer("step") && $0.text("weight") == event.text("weight") })
      #expect(report.number("stable_rank") ?? 9 < 3.2)
    }
    let others = reports.filter { $0.number("stable_rank") ?? 0 >= 3.2 }
    #expect(!others.isEmpty, "the condition holds throughout")
  }

  @Test(
    "a malformed condition is an error",
    arguments: [
      "when(stable_rank, trim(below: 0.9, state: carry))", "when(spectrum < 2, trim(below: 0.9, state: carry))", "when(stable_rank < 2)",
      "when(stable_rank < full, trim(below: 0.9, state: carry))",
    ])
  func malformedConditions(event: String) {
    let clause = "weights fc* { from epoch 0: core(rank: full)  every 4 steps: \(event) }"
    #expect(throws: (any Error).self) { try checkedProgram(Way(testDescription: "", clauses: clause).source()) }
  }

  @Test("a budget that does not hold rank 1 of every weight is an error, and so is one where nothing was before")
  func smallBudget() {
    for entries in [
      "from epoch 0: dense  from epoch 2: factored(rank: budget(parameters: 5%)) by svd(state: reset)",
      "from epoch 0: factored(rank: budget(parameters: 50%))",
    ] {
      #expect(throws: (any Error).self) { try checkedProgram(Way(testDescription: "", clauses: "weights fc* { \(entries) }").source()) }
    }
  }

  @Test("an event that raises a rank past what the update can move is an error, and so is an average of bases that turn")
  func refusedBeside() throws {
    func source(_ more: String, _ event: String) -> String {
      let clause = """
        weights fc2 { update: basis_update(adam(), tolerance: 0.3, at_most: 8)  from epoch 0: core(rank: 4, bases: moving)
          \(event) }
        """
      return Way(testDescription: "", clauses: clause, settings: "batch: 16  \(more)").source()
    }
    _ = try checkedProgram(source("", "every 1 epochs: grow(until: energy(50%), buffer: 2, at_most: 8)"))
    #expect(throws: (any Error).self) {
      try checkedProgram(source("", "every 1 epochs: grow(until: energy(50%), buffer: 2, at_most: 9)"))
    }
    #expect(throws: (any Error).self) { try checkedProgram(source("average: ema(decay: 0.9)", "")) }
  }

  @Test("an event that has ended changes no rank, and what begins then is priced at the rank it states")
  func ended() throws {
    func source(_ option: String) -> String {
      let clause = """
        weights fc2 { from epoch 0: factored(rank: 3)  every 2 steps: grow(until: energy(99%), buffer: 2, at_most: full\(option))
          from epoch 2: factored(rank: 4) by svd(state: reset) }
        """
      return Way(testDescription: "", clauses: clause).source()
    }
    let (session, summary) = try train(source(", before: epoch 2"), output: folder("ended"))
    let steps = session.recorder.records("rank_event").compactMap { $0.integer("step") }
    #expect(!steps.isEmpty && steps.allSatisfy { $0 < 14 })
    #expect(summary.finalTrainable == (6 * 24 + 24) + (24 + 20) * 4 + 20 + (20 * 4 + 4))
    #expect(try checkedProgram(source(", before: epoch 2")).weights[1].spans[1].rankBounds == 4...4)
    #expect(try checkedProgram(source("")).weights[1].spans[1].rankBounds == 4...20)
    let (other, _) = try train(source(""), output: folder("on"))
    #expect(other.recorder.records("rank_event").contains { $0.integer("step") ?? 0 >= 14 })
  }
}
