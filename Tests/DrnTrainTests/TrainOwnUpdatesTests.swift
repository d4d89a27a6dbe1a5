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

@Suite("Updates that clauses give to weights") struct TrainOwnUpdatesTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private static let network = "return x |> fc1: linear(24) |> relu |> fc2: linear(20) |> relu |> dropout(0.1) |> head: linear(4)"
  /// 96 examples trained on, six steps an epoch.
  private func program(_ clauses: String, optimizer: String = "adam()", _ more: String = "batch: 16") -> String {
    trainSource(
      "length: 4 epochs  rate: 0.01  optimizer: \(optimizer)  \(more)\n\(clauses)", network: Self.network,
      data: "validation: 20%  last_batch: keep", examples: 125)
  }
  private static let lowRank = "weights fc2 { update: low_rank_gradient(adam(), rank: 5, refresh: 7 steps) }"
  private static let bases = "weights fc2 { update: basis_update(adam())  from epoch 0: core(rank: 6, bases: moving) }"

  @Test("the log has a renewal before the first step and after every period, with the share of the gradient left out")
  func renewals() throws {
    let (session, summary) = try train(program(Self.lowRank), output: folder("run"))
    let records = session.recorder.records("renewal")
    #expect(records.compactMap { $0.integer("step") } == Array(stride(from: 0, to: summary.steps, by: 7)))
    #expect(records.allSatisfy { $0.text("weight") == "fc2.weight" && (0..<1).contains($0.number("gradient_residual") ?? -1) })
  }

  @Test(
    "a run is the same with two threads, and stopped and resumed at any epoch", arguments: [lowRank, bases, lowRank + "\nclip: 0.5"],
    ["batch: 16", "batch: 8  accumulation: 2"])
  func sameBytes(clauses: String, batch: String) throws {
    let text = program(clauses, batch)
    for stop in 1...3 {
      let place = try TemporaryFolder()
      try expectSameBytes(of: text, stoppedAfter: Duration(.epoch, stop), in: place)
    }
    try train(text, output: folder("one"), threads: 1)
    try train(text, output: folder("two"), threads: 2)
    for file in ["weights.safetensors", "log.jsonl"] { #expect(try folder.bytes("one/" + file) == folder.bytes("two/" + file), "\(file)") }
  }

  @Test("one update in the clauses of all weights and for the rest is that update for everything", arguments: ["adam()", "lion()"])
  func sameAsOptimizer(update: String) throws {
    try train(program("weights ** { update: \(update) }", optimizer: update), output: folder("own"))
    try train(program("", optimizer: update), output: folder("plain"))
    #expect(try folder.bytes("own/weights.safetensors") == folder.bytes("plain/weights.safetensors"))
    try train(program("weights fc2 { update: sgd() }", optimizer: update), output: folder("other"))
    #expect(try folder.bytes("other/weights.safetensors") != folder.bytes("plain/weights.safetensors"))
  }

  @Test("moving bases stay orthonormal, and move")
  func orthonormal() throws {
    try train(program(Self.bases), output: folder("run"))
    try train(program(Self.bases), output: folder("start"), stopAfter: Duration(.step, 0))
    for (name, isWide) in [("fc2.weight.u", false), ("fc2.weight.v", true)] {
      let (end, start) = (try matrix("run", name), try matrix("start", name))
      let basis = isWide ? end : transposed(end)
      for i in basis.indices {
        for j in basis.indices {
          let product = zip(basis[i], basis[j]).reduce(0) { $0 + $1.0 * $1.1 }
          // Rounding of an orthonormal factor in single precision.
          #expect(abs(product - (i == j ? 1 : 0)) < 1e-5, "\(name) \(i) \(j)")
        }
      }
      #expect(end != start)
    }
  }

  private func matrix(_ run: String, _ name: String) throws -> [[Float]] {
    let file = try TensorIndex(path: folder(run + "/weights.safetensors"), wanted: [name])
    let values = try #require(try file.read(name)).floats()
    let columns = try #require(file.shape(of: name))[1]
    return stride(from: 0, to: values.count, by: columns).map { Array(values[$0..<$0 + columns]) }
  }
  private func transposed(_ rows: [[Float]]) -> [[Float]] { rows[0].indices.map { column in rows.map { $0[column] } } }

  @Test("a low-rank gradient's state is the basis and moments of its rank, as planned and as priced, and the gradient is not formed")
  func state() throws {
    let compiler = PhaseCompiler(program: try checkedProgram(program(Self.lowRank)))
    let compiled = try compiler.compiled(phase: 0, ranks: compiler.scheduledRanks(phase: 0))
    // fc1 is 6 x 24 and head 20 x 4 with their biases, and the bias of fc2, two moments each; fc2 is 24 x 20: a basis and two moments.
    let others = 2 * (6 * 24 + 24 + 20 + 20 * 4 + 4)
    let expected = 4 * (others + 20 * 5 + 2 * 24 * 5)
    #expect(try compiled.plan(threads: 1).elements(.state) * 4 == expected)
    #expect(compiler.parameterCost(phase: 0, ranks: compiler.scheduledRanks(phase: 0)).stateBytes == expected)
    let step = try #require(compiled.module.function(FunctionName.step))
    let whole = step.operations.flatMap(\.results).filter { step.type(of: $0).extents == [24, 20] }
    #expect(whole.count == 1, "only the new weight is of its size: \(whole.map { step.values[Int($0.index)].name ?? "" })")
  }

  @Test("costs are held against every weight dense under the update inside")
  func baseline() throws {
    let clauses = try checkedProgram(program(Self.lowRank, optimizer: "lion()")).allDense.phases[0]
    #expect(clauses.ownUpdates.isEmpty && type(of: clauses.update).spec.name == "lion")
    let whole = try checkedProgram(program("", optimizer: "low_rank_gradient(adamw(), rank: 2)")).allDense.phases[0]
    #expect(type(of: whole.update).spec.name == "adamw")
  }
}
