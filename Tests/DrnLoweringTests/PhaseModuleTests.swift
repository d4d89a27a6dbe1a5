import DrnIR
import DrnLowering
import DrnMethods
import DrnProgram
import DrnReference
import DrnSema
import DrnTestSupport
import Testing

@Suite("Phase modules")
struct PhaseModuleTests {
  @Test("arguments and results carry the saved names, and a factor's shape its rank symbol")
  func names() throws {
    var builder = ProgramBuilder()
    builder.stages["fc1"] = [Stage(0, "factored", 3)]
    let lowering = Lowering(program: try builder.program())
    let phase = try lowering.phaseModule(0, evaluationBatch: 8)
    let step = try #require(phase.module.function("step"))
    let weights = ["fc1.weight.u", "fc1.weight.v", "fc1.bias", "fc2.weight", "fc2.bias"]
    let state = weights.map { "\($0)/momentum" }
    #expect(step.arguments.map(\.name) == weights + state + ["features", "labels", "rate", "step", "key"])
    #expect(step.results.map(\.name) == ["loss", "logits"] + weights + state)
    let symbol = try #require(phase.symbols[0])
    #expect(phase.symbols[1] == nil)
    let u = try #require(step.argument("fc1.weight.u"))
    #expect(step.type(of: u.value).shape == [6, Dimension(symbol)])
    #expect(phase.module.symbols[symbol.index].name == "fc1.weight")
    let evaluate = try #require(phase.module.function("evaluate"))
    #expect(evaluate.type(of: try #require(evaluate.argument("features")).value).shape == [8, 6])
    #expect(step.operations.filter { $0.opcode == .valueAndGradient }.count == 1)
    // The order of x u v is left open until ranks are known; no op of the loss forms the dense W.
    let loss = try #require(phase.module.function("loss"))
    #expect(loss.operations.contains { $0.opcode == .product && $0.operands.count == 3 })
    #expect(!loss.values.contains { $0.type.shape == [6, 5] })
  }

  @Test(
    "every form's modules verify and step, with and without state", arguments: matrixForms, ["sgd", "adamw"])
  func allForms(form: String, name: String) throws {
    var builder = ProgramBuilder()
    builder.stages["fc1"] = [Stage(0, form, form == "dense" ? nil : 3)]
    builder.update = update(name)
    builder.decay = 0.01
    builder.decayTarget = .product
    builder.clip = 1
    var session = try Session(try builder.program())
    let losses = try (0..<4).map { _ in try #require(session.step(batch(3))["loss"]).values[0] }
    #expect(losses.allSatisfy { $0.isFinite })
    #expect(losses[3] < losses[0])
    for tensor in try session.lowering.tensors(phase: 0) { #expect(session.store[tensor.name] != nil) }
  }

  @Test("frozen parameters are arguments only, and have no state")
  func frozen() throws {
    var builder = ProgramBuilder()
    builder.stages["fc1"] = [Stage(0, "adapter", 2)]
    builder.frozen[0] = ["fc2.weight", "fc2.bias"]
    var session = try Session(try builder.program())
    let names = try session.lowering.tensors(phase: 0).filter { $0.role == .state }.map(\.name)
    #expect(names == ["fc1.weight.a/momentum", "fc1.weight.b/momentum", "fc1.bias/momentum"])
    let before = session.store
    for _ in 0..<2 { try session.step(batch(3)) }
    // I10: the frozen base is the same to the bit.
    for name in ["fc1.weight.base", "fc2.weight", "fc2.bias"] { #expect(session.store[name] == before[name]) }
    #expect(session.store["fc1.weight.b"] != before["fc1.weight.b"])
  }

  /// A normalization between two layers, with statistics unlike those of any batch; `frozen` are not trained.
  private func normalized(_ statistics: FrozenStatistics, frozen: Set<String>) throws -> Session {
    var builder = ProgramBuilder()
    builder.layers.insert(("norm", layer("batch_norm")), at: 1)
    builder.update = update("sgd")
    builder.frozen[0] = frozen
    builder.statistics = statistics
    var session = try Session(try builder.program())
    for index in 0..<5 {
      session.store["norm.running_mean"]?.values[index] = 0.3 * Double(index) - 0.5
      session.store["norm.running_var"]?.values[index] = 0.5 + Double(index)
      session.store["norm.weight"]?.values[index] = 1.5 - 0.2 * Double(index)
    }
    return session
  }

  private func evaluationLoss(_ session: Session) throws -> Double {
    let module = try session.lowering.evaluationModule(0, batch: 3)
    return try #require(session.run(module.module, "evaluate", symbols: [:], extra: batch(3))["loss"]).values[0]
  }

  @Test("a frozen normalization with `statistics: running` computes what it does when evaluating, and leaves its statistics alone")
  func frozenStatistics() throws {
    let norm: Set = ["norm.weight", "norm.bias"]
    let start = try normalized(.running, frozen: norm)
    var session = start
    let loss = try #require(session.step(batch(3), rate: 0.5)["loss"]).values[0]
    // Both in double precision, by other orders of the same sums.
    #expect(abs(loss - (try evaluationLoss(start))) < 1e-12)
    for name in ["norm.running_mean", "norm.running_var", "norm.weight"] { #expect(session.store[name] == start.store[name]) }
    // The step in front of it goes along the difference quotient of the evaluation; central, as below.
    for (name, index) in [("fc1.weight", 7), ("fc1.bias", 2), ("fc2.weight", 5)] {
      var (above, below) = (start, start)
      above.store[name]?.values[index] += 1e-5
      below.store[name]?.values[index] -= 1e-5
      let slope = (try evaluationLoss(above) - evaluationLoss(below)) / 2e-5
      let moved = try #require(session.store[name]).values[index] - #require(start.store[name]).values[index]
      #expect(abs(moved + 0.5 * slope) < 1e-9)
    }
  }

  @Test("`statistics` acts on frozen normalizations alone", arguments: [FrozenStatistics.batch, .running])
  func statisticsOfOthers(statistics: FrozenStatistics) throws {
    // Half trained is trained.
    for frozen in [[], ["norm.bias"], ["fc1.weight", "fc1.bias"]] as [Set<String>] {
      let start = try normalized(statistics, frozen: frozen)
      var session = start
      try session.step(batch(3))
      #expect(session.store["norm.running_mean"] != start.store["norm.running_mean"])
    }
    var frozen = try normalized(statistics, frozen: ["norm.weight", "norm.bias"])
    let before = frozen.store["norm.running_var"]
    try frozen.step(batch(3))
    #expect((frozen.store["norm.running_var"] == before) == (statistics == .running))
  }

  @Test("one step of plain descent is w - rate times the difference quotient of the loss")
  func descends() throws {
    var builder = ProgramBuilder()
    builder.stages["fc1"] = [Stage(0, "factored", 2)]
    builder.update = update("sgd")
    let start = try Session(try builder.program())
    var session = start
    try session.step(batch(3), rate: 0.5)
    for (name, index) in [("fc1.weight.u", 3), ("fc1.weight.v", 7), ("fc1.bias", 0), ("fc2.weight", 5)] {
      func loss(_ shift: Double) throws -> Double {
        var moved = start
        moved.store[name]?.values[index] += shift
        return try #require(moved.step(batch(3), rate: 0)["loss"]).values[0]
      }
      // Central difference: error of order 1e-10 by the step squared, 1e-11 by rounding.
      let slope = (try loss(1e-5) - loss(-1e-5)) / 2e-5
      let moved = (try #require(start.store[name]).values[index] - #require(session.store[name]).values[index]) / 0.5
      #expect(abs(slope - moved) < 1e-8)
    }
  }

  @Test("accumulated parts make the step of the whole batch")
  func accumulates() throws {
    var whole = ProgramBuilder()
    whole.loss = MeanSquaredError(options: Options())
    whole.batch = 6
    var parts = whole
    (parts.batch, parts.accumulation) = (2, 3)
    var (one, three) = (try Session(try whole.program()), try Session(try parts.program()))
    var data = batch(6)
    data["labels"] = ReferenceTensor(shape: [6, 4], values: batch(6, inputs: [4], seed: 9)["features"]!.values)
    for _ in 0..<2 {
      let (left, right) = (try one.step(data), try three.step(data))
      #expect(distance(left["loss"], right["loss"]) < 1e-14)
      #expect(distance(left["logits"], right["logits"]) < 1e-14)
    }
    for name in one.store.keys.sorted() { #expect(distance(one.store[name], three.store[name]) < 1e-13) }
  }

  @Test("clipping scales the whole gradient to the norm, and reports the norm before")
  func clips() throws {
    var free = ProgramBuilder()
    free.update = update("sgd")
    var clipped = free
    clipped.clip = 0.01
    let start = try Session(try free.program())
    var (plain, short) = (start, try Session(try clipped.program()))
    try plain.step(batch(3), rate: 1)
    let norm = try #require(short.step(batch(3), rate: 1)["gradient_norm"]).values[0]
    func moved(_ session: Session) -> Double {
      var sum = 0.0
      for (name, tensor) in start.store {
        for (old, new) in zip(tensor.values, session.store[name]!.values) { sum += (old - new) * (old - new) }
      }
      return sum.squareRoot()
    }
    #expect(abs(moved(plain) - norm) < 1e-12)
    // PyTorch divides by norm + 1e-6.
    #expect(abs(moved(short) - 0.01 * norm / (norm + 1e-6)) < 1e-12)
  }

  @Test("decay acts on factors, on the product, or on neither; never on vectors", arguments: DecayTarget.allCases)
  func decays(target: DecayTarget) throws {
    var builder = ProgramBuilder()
    builder.stages["fc1"] = [Stage(0, "factored", 2)]
    builder.update = update("sgd")
    builder.decayTarget = target
    var plain = try Session(try builder.program())
    builder.decay = 0.25
    var decayed = try Session(try builder.program())
    let start = decayed.store
    try plain.step(batch(3), rate: 1)
    try decayed.step(batch(3), rate: 1)
    func extra(_ name: String) throws -> [Double] {
      zip(try #require(plain.store[name]).values, try #require(decayed.store[name]).values).map { $0 - $1 }
    }
    func expected(_ name: String, _ factor: Double) throws -> [Double] { try #require(start[name]).values.map { $0 * factor } }
    func largest(_ left: [Double], _ right: [Double]) -> Double { zip(left, right).reduce(0) { max($0, abs($1.0 - $1.1)) } }
    #expect(largest(try extra("fc2.weight"), try expected("fc2.weight", 0.25)) < 1e-13)
    #expect(largest(try extra("fc1.bias"), try expected("fc1.bias", 0)) == 0)
    switch target {
    case .factors: #expect(largest(try extra("fc1.weight.u"), try expected("fc1.weight.u", 0.25)) < 1e-13)
    case .none: #expect(largest(try extra("fc1.weight.u"), try expected("fc1.weight.u", 0)) == 0)
    case .product:
      let (u, v) = (try #require(start["fc1.weight.u"]), try #require(start["fc1.weight.v"]))
      // u v v^T, entry by entry.
      var product = Array(repeating: 0.0, count: 12)
      for row in 0..<6 {
        for column in 0..<2 {
          for inner in 0..<2 {
            let gram = (0..<5).reduce(0) { $0 + v.values[inner * 5 + $1] * v.values[column * 5 + $1] }
            product[row * 2 + column] += 0.25 * u.values[row * 2 + inner] * gram
          }
        }
      }
      #expect(largest(try extra("fc1.weight.u"), product) < 1e-13)
    }
  }

  @Test(
    "beside the step each of two factors takes half of the decay of their product, and an adapter's is in its gradient",
    arguments: ["adamw", "lion"])
  func decoupledProductDecay(name: String) throws {
    func extra(_ form: String, _ tensor: String) throws -> (found: [Double], start: [Double]) {
      var builder = ProgramBuilder()
      builder.stages["fc1"] = [Stage(0, form, 2)]
      builder.update = update(name)
      builder.decayTarget = .product
      var plain = try Session(try builder.program())
      builder.decay = 0.25
      var decayed = try Session(try builder.program())
      let start = try #require(decayed.store[tensor]).values
      try plain.step(batch(3), rate: 0.5)
      try decayed.step(batch(3), rate: 0.5)
      return (zip(try #require(plain.store[tensor]).values, try #require(decayed.store[tensor]).values).map { $0 - $1 }, start)
    }
    let factor = try extra("factored", "fc1.weight.u")
    #expect(zip(factor.found, factor.start).allSatisfy { abs($0 - 0.5 * 0.25 / 2 * $1) < 1e-13 })
    let adapter = try extra("adapter", "fc1.weight.a")
    #expect(!zip(adapter.found, adapter.start).allSatisfy { abs($0 - 0.5 * 0.25 / 2 * $1) < 1e-6 })
  }

  @Test("running statistics move in training and decide in evaluation")
  func buffers() throws {
    var builder = ProgramBuilder()
    builder.layers.insert(("norm", layer("batch_norm")), at: 1)
    var session = try Session(try builder.program())
    let initial = try #require(session.store["norm.running_var"])
    #expect(initial.values == Array(repeating: 1, count: 5))
    try session.step(batch(3))
    #expect(session.store["norm.running_var"] != initial)
    let module = try session.lowering.phaseModule(0, evaluationBatch: 2)
    let results = try session.run(module.module, "evaluate", symbols: module.symbols, extra: batch(2))
    #expect(results["logits"]?.shape == [2, 4] && results["norm.running_var"] == nil)
  }

  @Test("dropout differs between the parts of an accumulated step, and is absent in evaluation")
  func dropoutParts() throws {
    var builder = ProgramBuilder()
    builder.layers.insert(("drop", layer("dropout")), at: 1)
    builder.loss = MeanSquaredError(options: Options())
    (builder.batch, builder.accumulation) = (2, 2)
    let module = try Lowering(program: try builder.program()).phaseModule(0, evaluationBatch: 2).module
    let streams = module.functions.flatMap(\.operations).filter { $0.opcode == .dropout }.compactMap { $0.attributes.string("stream") }
    #expect(streams == ["drop/dropout", "drop/part1/dropout"])
    builder.accumulation = 1
    let single = try Lowering(program: try builder.program()).phaseModule(0, evaluationBatch: 2).module
    #expect(single.functions.map(\.name) == ["loss", "evaluate", "step"])
  }

  @Test("class weights reach the lowered loss")
  func classWeights() throws {
    var builder = ProgramBuilder()
    builder.classWeights = [1, 2, 3, 4]
    let loss = try #require(try Lowering(program: try builder.program()).phaseModule(0, evaluationBatch: 2).module.function("loss"))
    #expect(loss.operations.first { $0.opcode == .softmaxCrossEntropy }?.operands.count == 3)
  }

  @Test("an update that needs two gradients gets two, and records one loss")
  func twoEvaluations() throws {
    var builder = ProgramBuilder()
    builder.update = update("extrapolate", ["update": .word("sgd"), "scale": .integer(1), "gradient": .word("current")])
    let step = try #require(try Lowering(program: try builder.program()).phaseModule(0, evaluationBatch: 2).module.function("step"))
    #expect(step.operations.filter { $0.opcode == .valueAndGradient }.count == 2)
    #expect(step.results.filter { $0.name == "loss" }.count == 1)
  }

  @Test("a batch of nothing or past all numbers is an error, not a trap", arguments: [0, -1, Int.max])
  func extremeBatches(count: Int) throws {
    var builder = ProgramBuilder()
    builder.accumulation = 2
    let program = try builder.program()
    #expect(throws: IRError.self) { try Lowering(program: program, batch: count).phaseModule(0, evaluationBatch: 2) }
    #expect(throws: IRError.self) { try Lowering(program: try ProgramBuilder().program()).phaseModule(0, evaluationBatch: -1) }
  }

  @Test("a phase that is not there is an error, not a trap")
  func missingPhase() throws {
    let lowering = Lowering(program: try ProgramBuilder().program())
    #expect(throws: IRError.self) { try lowering.phaseModule(3, evaluationBatch: 2) }
    #expect(throws: IRError.self) { try lowering.phaseModule(-1, evaluationBatch: 2) }
    #expect(throws: IRError.self) { try lowering.measureModule(phase: 0, weight: 9) }
    #expect(throws: IRError.self) { try lowering.rankModule(phase: 0, weight: 0, state: .carry, direction: .down) }
    #expect(try lowering.transitionModule(into: 0) == nil)
  }
}
