import DrnIR
import DrnLowering
import DrnMethods
import DrnPasses
import DrnReference
import DrnSema
import DrnTestSupport
import Testing

@Suite("Convolutional programs")
struct ConvolutionProgramTests {
  /// A form in the middle convolution of a small network: rank 2, adapters by what they add.
  struct Form: CustomTestStringConvertible, Sendable {
    let word: String
    var delta: String?
    var testDescription: String { word + (delta.map { " of \($0)" } ?? "") }
    func stage(_ epoch: Int) -> Stage {
      Stage(epoch, word, word == "dense" ? nil : 2, delta.map { ["form": .word($0)] } ?? [:])
    }
    static let all =
      Parameterizations.all.map { Form(word: $0.spec.name) } + ["tucker", "cp"].map { Form(word: "adapter", delta: $0) }
  }

  private func conv(_ channels: Int, stride: Int) -> any Layer {
    layer("conv2d", ["channels": .integer(channels), "kernel": .integer(3), "stride": .integer(stride), "bias": .boolean(false)])
  }

  private func program(_ stages: [Stage]) -> ProgramBuilder {
    var builder = ProgramBuilder()
    builder.inputShape = [2, 5, 6]
    builder.layers = [
      ("stem", conv(3, stride: 1)), ("norm1", layer("batch_norm")), ("act1", layer("tanh")), ("conv", conv(4, stride: 2)),
      ("norm2", layer("batch_norm")), ("act2", layer("tanh")), ("pool", layer("average_pool", ["kernel": .integer(2)])),
      ("flat", layer("flatten")), ("head", layer("linear", ["outputs": .integer(4)])),
    ]
    builder.stages["conv"] = stages
    return builder
  }

  private func data(_ seed: UInt64 = 1) -> [String: ReferenceTensor] { batch(3, inputs: [2, 5, 6], seed: seed) }

  @Test("modules of every form verify, and the loss falls", arguments: Form.all)
  func steps(form: Form) throws {
    var session = try Session(try program([form.stage(0)]).program())
    let losses = try (0..<4).map { _ in try #require(session.step(data())["loss"]).values[0] }
    #expect(losses.allSatisfy { $0.isFinite } && losses[3] < losses[0])
    for tensor in try session.lowering.tensors(phase: 0) { #expect(session.store[tensor.name] != nil) }
  }

  @Test("the loss is made of ops that have a gradient, in every form", arguments: Form.all)
  func lossHasGradients(form: Form) throws {
    let session = try Session(try program([form.stage(0)]).program())
    let loss = try #require(try session.lowering.phaseModule(0, evaluationBatch: 2).module.function("loss"))
    for operation in loss.operations {
      if case .undefined = operation.opcode.spec.gradient { Issue.record("\(operation.opcode.mnemonic)") }
    }
    #expect(loss.operations.contains { $0.opcode == .softmaxCrossEntropy })
  }

  @Test("one step of plain descent is w - rate times the difference quotient of the loss, in every form", arguments: Form.all)
  func descends(form: Form) throws {
    var builder = program([form.stage(0)])
    builder.update = update("sgd")
    let start = try Session(try builder.program())
    var session = start
    try session.step(data(), rate: 0.5)
    let trained = try session.lowering.tensors(phase: 0).filter { $0.role == .weight }.map(\.name)
    for name in trained where name.hasPrefix("conv.") || name == "stem.weight" {
      let before = try #require(start.store[name])
      for index in [0, before.values.count - 1] {
        func loss(_ shift: Double) throws -> Double {
          var moved = start
          moved.store[name]?.values[index] += shift
          return try #require(moved.step(data(), rate: 0)["loss"]).values[0]
        }
        // Central difference: 1e-11 by rounding, and the step squared times a third derivative, which the adapter of cp multiplies by its
        // scale of 32 cubed.
        let slope = (try loss(1e-5) - loss(-1e-5)) / 2e-5
        let moved = (before.values[index] - (session.store[name]?.values[index] ?? 0)) / 0.5
        #expect(abs(moved - slope) < 2e-6 * max(1, abs(slope)), "\(name)")
      }
    }
  }

  @Test("the optimized step computes what the lowered one says", arguments: Form.all)
  func optimized(form: Form) throws {
    let session = try Session(try program([form.stage(0)]).program())
    let phase = try session.lowering.phaseModule(0, evaluationBatch: 2)
    let concrete = try expandGradients(try specialize(phase.module, ranks: phase.symbols.isEmpty ? [] : [2]))
    let fast = try optimize(concrete, roots: ["step"])
    try requireVerified(fast, after: "optimize")
    let scalars = ["rate": ReferenceTensor(0.1), "step": ReferenceTensor(1), "key": ReferenceTensor(key: 5)]
    let arguments = session.store.merging(data()) { $1 }.merging(scalars) { $1 }
    let expected = try evaluate(function: try #require(concrete.function("step")), module: concrete, arguments: arguments)
    let found = try evaluate(function: try #require(fast.function("step")), module: fast, arguments: arguments)
    // Another order of multiplication: rounding only.
    for name in expected.keys.sorted() { #expect(distance(found[name], expected[name]) < 1e-11, "\(name)") }
    // Nothing forms the matrix of patches where one matrix takes it in.
    if ["dense", "factored", "adapter"].contains(form.word), form.delta == nil {
      #expect(!(fast.function("step")?.operations.contains { $0.opcode == .patches } ?? true))
    }
  }

  @Test(
    "inflation and deflation keep the loss, running statistics go along, and training goes on", arguments: ["factored", "tucker", "cp"])
  func published(word: String) throws {
    let adapter = Stage(8, "adapter", 2, ["form": .word(word)])
    var builder = program([Form(word: word).stage(0), Stage(4, "dense"), adapter])
    builder.state = .reset
    var session = try Session(try builder.program())
    for seed in 1...3 { try session.step(data(UInt64(seed))) }
    for _ in 0..<2 {
      let statistics = session.store["norm2.running_var"]
      let before = try #require(session.step(data(9), rate: 0)["loss"]).values[0]
      let moved = session.store["norm2.running_var"]
      #expect(moved != statistics)
      try session.enterNextPhase()
      #expect(session.store["norm2.running_var"] == moved)
      let after = try #require(session.step(data(9), rate: 0)["loss"]).values[0]
      #expect(abs(after - before) < 1e-12)
      try session.step(data(4))
    }
    #expect(session.store["conv.weight.base"] != nil && session.store["conv.weight.a/momentum"] != nil)
  }

  @Test(
    "a truncation to a chain states its error and takes momentum along, into the chain and out of it",
    arguments: [("tucker", "core"), ("cp", "height")])
  func truncation(word: String, middle: String) throws {
    var builder = program([Stage(0, "dense"), Stage(4, word, 2), Stage(8, "dense")])
    builder.state = .carry
    var session = try Session(try builder.program())
    try session.step(data())
    let dense = try #require(session.store["conv.weight"]).values
    let outputs = try session.enterNextPhase()
    let now = try #require(try session.dense()["conv.weight"]).values
    let difference = zip(dense, now).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let error = (difference / dense.reduce(0) { $0 + $1 * $1 }).squareRoot()
    let stated = try #require(outputs["truncation_error/conv.weight"]).values[0]
    #expect(error > 0.01 && abs(error - stated) < 1e-10)
    #expect(try #require(session.store["conv.weight.\(middle)/momentum"]).values.contains { $0 != 0 })
    let back = try session.enterNextPhase()
    #expect(try #require(back["momentum_residual/conv.weight"]).values[0] < 1e-9)
    #expect(try #require(session.store["conv.weight/momentum"]).values.contains { $0 != 0 })
  }
}
