import DrnIR
import DrnLowering
import DrnMethods
import DrnNumbers
import DrnProgram
import DrnReference
import DrnSema
import DrnTestSupport
import Testing

@Suite("Transitions in training")
struct TransitionTests {
  private static let words = matrixForms
  private func stage(_ epoch: Int, _ word: String, _ rank: Int) -> Stage { Stage(epoch, word, word == "dense" ? nil : rank) }

  /// The name, role and shape of everything in the store are what the phase declares, no more and no less.
  private func expectDeclared(_ session: Session) throws {
    let tensors = try session.lowering.tensors(phase: session.phase)
    #expect(Set(session.store.keys) == Set(tensors.map(\.name)))
    let symbols = try session.lowering.phaseModule(session.phase, evaluationBatch: 2).symbols
    var numbers = Array(repeating: 0, count: symbols.count)
    for (weight, symbol) in symbols { numbers[symbol.index] = session.ranks[weight] }
    for tensor in tensors { #expect(session.store[tensor.name]?.shape == tensor.shape.map { $0.substituting(numbers).constant }) }
    let trained = tensors.filter { $0.role == .weight }.map(\.name)
    let slots = session.lowering.program.phases[session.phase].update.slots.map(\.name)
    let expected = trained.flatMap { name in slots.map { "\(name)/\($0)" } }
    #expect(tensors.filter { $0.role == .state }.map(\.name) == expected)
  }

  @Test("after every transition exactly the declared slots exist, and training goes on", arguments: words, words)
  func slotSets(old: String, new: String) throws {
    for policy in [StatePolicy.reset, .prune(keep: 0.25)] {
      var builder = ProgramBuilder()
      builder.stages["fc1"] = [stage(0, old, 3), stage(5, new, 4)]
      builder.update = update("adam")
      builder.state = policy
      var session = try Session(try builder.program())
      try session.step(batch(3))
      let loss = try #require(session.step(batch(3), rate: 0)["loss"]).values[0]
      let before = session.store
      let outputs = try session.enterNextPhase()
      try expectDeclared(session)
      if old == "dense" && new == "dense" { continue }
      // Exact changes keep the loss: from rank 3 to 4, or around any W; only dense to rank 4 of 5 cuts.
      let after = try #require(session.step(batch(3), rate: 0)["loss"]).values[0]
      let cell = transitionCell(
        from: stage(0, old, 3).form, rank: 3, to: stage(0, new, 4).form, rank: 4, shape: WeightShape(inputs: 6, outputs: 5))
      let error = try #require(outputs["truncation_error/fc1.weight"]).values[0]
      switch cell.weights {
      case .exact, .additive: #expect(abs(after - loss) < 1e-10 && error < 1e-10)
      case .truncating: #expect(error > 1e-4 && error < 1)
      case .refused: Issue.record("refused")
      }
      // The untouched layer keeps weights and state to the bit.
      #expect(before["fc2.weight/first_moment"] != nil)
      try session.step(batch(3))
    }
  }

  @Test("reset zeroes the state of what changes and nothing else")
  func resets() throws {
    var builder = ProgramBuilder()
    builder.stages["fc1"] = [Stage(0, "dense"), Stage(5, "factored", 3)]
    builder.state = .reset
    var session = try Session(try builder.program())
    try session.step(batch(3))
    let other = session.store["fc2.weight/momentum"]
    try session.enterNextPhase()
    #expect(try #require(session.store["fc1.weight.u/momentum"]).values.allSatisfy { $0 == 0 })
    #expect(session.store["fc2.weight/momentum"] == other)
    let transition = try #require(try session.lowering.transitionModule(into: 1))
    #expect(transition.reset.map(\.name) == ["fc1.weight.u/momentum", "fc1.weight.v/momentum"])
    #expect(transition.retired == ["fc1.weight", "fc1.weight/momentum"])
    #expect(transition.unchanged.contains("fc2.weight/momentum") && transition.pruned.isEmpty)
  }

  @Test("restart zeroes the state of every tensor, reset that of what changes, and counts begin where state does")
  func counters() throws {
    func lowering(_ state: StatePolicy, frozen: [Int: Set<String>] = [:], updates: [Int: any Update] = [:]) throws -> Lowering {
      var builder = ProgramBuilder()
      builder.stages["fc1"] = [Stage(0, "dense"), Stage(5, "factored", 3)]
      (builder.state, builder.update, builder.frozen, builder.laterUpdates) = (state, update("adam"), frozen, updates)
      return Lowering(program: try builder.program())
    }
    let all: Set = ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"]
    let beginning: [(StatePolicy, Set<String>)] = [(.reset, ["fc1.weight"]), (.restart, all), (.carry, []), (.prune(keep: 0.5), [])]
    for (policy, names) in beginning {
      let lowering = try lowering(policy)
      #expect(lowering.stateBegins(entering: 0) == all && lowering.stateBegins(entering: 1) == names, "\(policy)")
      #expect(try lowering.counters(phase: 0).map(\.argument) == ["step"])
      #expect(try lowering.counters(phase: 1).map(\.argument) == (policy == .reset ? ["step", "step/fc1.bias"] : ["step"]), "\(policy)")
      let reset = try #require(try lowering.transitionModule(into: 1)).reset.map(\.name)
      #expect(reset.contains("fc2.bias/second_moment") == (policy == .restart), "\(policy)")
    }
    // A layer that begins to be trained has a count of its own; another kind of update begins every one.
    let later = try lowering(.carry, frozen: [0: ["fc2.weight", "fc2.bias"], 5: []])
    #expect(later.stateBegins(entering: 1) == ["fc2.weight", "fc2.bias"])
    #expect(try later.counters(phase: 1).map(\.owner) == ["fc1.weight", "fc2.weight"])
    #expect(try lowering(.carry, updates: [5: update("sgd")]).stateBegins(entering: 1) == all)
    #expect(try lowering(.carry, updates: [5: update("adamw")]).stateBegins(entering: 1).isEmpty)
  }

  @Test("pruned state keeps the stated share")
  func prunes() throws {
    var builder = ProgramBuilder()
    builder.stages["fc1"] = [Stage(0, "dense"), Stage(5, "factored", 3)]
    builder.state = .prune(keep: 0.25)
    var session = try Session(try builder.program())
    try session.step(batch(3))
    try session.enterNextPhase()
    // A quarter of 18 entries, rounded up.
    #expect(try #require(session.store["fc1.weight.u/momentum"]).values.filter { $0 != 0 }.count == 5)
  }

  @Test("dense to full-rank factors and back restores weights and momentum where no step lies between (a)")
  func roundTrip() throws {
    var builder = ProgramBuilder()
    builder.stages["fc1"] = [Stage(0, "dense"), Stage(3, "factored", 5), Stage(6, "dense")]
    var session = try Session(try builder.program())
    for _ in 0..<3 { try session.step(batch(3)) }
    let before = session.store
    try session.enterNextPhase()
    let outputs = try session.enterNextPhase()
    #expect(distance(session.store["fc1.weight"], before["fc1.weight"]) < 1e-10)
    #expect(distance(session.store["fc1.weight/momentum"], before["fc1.weight/momentum"]) < 1e-10)
    #expect(try #require(outputs["momentum_residual/fc1.weight"]).values[0] < 1e-10)
  }

  @Test("square frozen bases and a trained core follow the dense run across the switch (b)")
  func squareCore() throws {
    var dense = ProgramBuilder()
    dense.inputShape = [5]
    var switched = dense
    switched.stages["fc1"] = [Stage(0, "dense"), Stage(2, "core", 5), Stage(4, "dense")]
    var (one, two) = (try Session(try dense.program()), try Session(try switched.program()))
    for phase in 0..<3 {
      if phase > 0 { try two.enterNextPhase() }
      for step in 0..<3 {
        let data = batch(3, inputs: [5], seed: UInt64(10 * phase + step))
        let losses = (try #require(one.step(data)["loss"]).values[0], try #require(two.step(data)["loss"]).values[0])
        // Orthogonal coordinates change nothing but rounding.
        #expect(abs(losses.0 - losses.1) < 1e-11)
      }
    }
    #expect(distance(one.store["fc1.weight"], two.store["fc1.weight"]) < 1e-11)
  }

  @Test("the first factored step after a switch is I4 with the carried momentum (c)")
  func firstStep() throws {
    var builder = ProgramBuilder()
    builder.layers = [("fc1", layer("linear", ["outputs": .integer(4), "bias": .boolean(false)]))]
    builder.loss = MeanSquaredError(options: Options())
    builder.stages["fc1"] = [Stage(0, "dense"), Stage(2, "factored", 4)]
    var session = try Session(try builder.program())
    var data = batch(3)
    data["labels"] = ReferenceTensor(shape: [3, 4], values: batch(3, inputs: [4], seed: 5)["features"]!.values)
    try session.step(data)
    let momentum = Table(try #require(session.store["fc1.weight/momentum"]))
    let start = Table(try #require(session.store["fc1.weight"]))
    try session.enterNextPhase()
    let (u, v) = (Table(try #require(session.store["fc1.weight.u"])), Table(try #require(session.store["fc1.weight.v"])))
    try session.step(data, rate: 0.05)
    let x = Table(try #require(data["features"]))
    // The gradient of mean((x W - y)^2) is 2 x^T (x W - y) / 12.
    let gradient = x.transposed * (x * start - Table(try #require(data["labels"]))).scaled(by: 2.0 / 12)
    let g = gradient + momentum.scaled(by: 0.9)
    let first = g * v.transposed * v + u * u.transposed * g
    let expected = start - first.scaled(by: 0.05) + (g * v.transposed * u.transposed * g).scaled(by: 0.0025)
    #expect(distance(try session.dense()["fc1.weight"], expected.tensor) < 1e-12)
  }

  @Test("three cycles of dense and factors train on, with the function kept at each inflation")
  func cycles() throws {
    var builder = ProgramBuilder()
    builder.stages["fc1"] = (0..<3).flatMap { [Stage(4 * $0, "dense"), Stage(4 * $0 + 2, "factored", 2)] }
    var session = try Session(try builder.program())
    let first = try #require(session.step(batch(3))["loss"]).values[0]
    for phase in 1..<6 {
      let outputs = try session.enterNextPhase()
      try expectDeclared(session)
      let error = try #require(outputs["truncation_error/fc1.weight"]).values[0]
      if phase % 2 == 0 { #expect(error < 1e-12) } else { #expect(error > 1e-6 && error < 1) }
      for _ in 0..<4 { try session.step(batch(3)) }
    }
    let last = try #require(session.step(batch(3))["loss"]).values[0]
    #expect(last < first / 2)
  }

  @Test("a phase that only trains less retires state, and one that trains more starts it at zero")
  func trainability() throws {
    var builder = ProgramBuilder()
    builder.frozen = [0: [], 2: ["fc1.weight"], 4: []]
    var session = try Session(try builder.program())
    try session.step(batch(3))
    try session.enterNextPhase()
    try expectDeclared(session)
    let frozen = session.store["fc1.weight"]
    try session.step(batch(3))
    #expect(session.store["fc1.weight"] == frozen)
    try session.enterNextPhase()
    try expectDeclared(session)
    #expect(try #require(session.store["fc1.weight/momentum"]).values.allSatisfy { $0 == 0 })
  }

  @Test("another update keeps slots of the same name and meaning only")
  func updateChanges() throws {
    var builder = ProgramBuilder()
    builder.update = update("adam")
    builder.laterUpdates = [3: update("adamw"), 6: update("sgd", ["momentum": .decimal(0.9)])]
    var session = try Session(try builder.program())
    try session.step(batch(3))
    let moment = session.store["fc1.weight/first_moment"]
    #expect(try session.lowering.transitionModule(into: 1) == nil)
    try session.enterNextPhase()
    #expect(session.store["fc1.weight/first_moment"] == moment)
    try session.enterNextPhase()
    try expectDeclared(session)
    try session.step(batch(3))
  }
}

/// A matrix for oracles written by hand.
private struct Table {
  var tensor: ReferenceTensor
  init(_ tensor: ReferenceTensor) { self.tensor = tensor }
  init(_ rows: Int, _ columns: Int, _ entry: (Int, Int) -> Double) {
    tensor = ReferenceTensor(shape: [rows, columns], values: (0..<(rows * columns)).map { entry($0 / columns, $0 % columns) })
  }
  var rows: Int { tensor.shape[0] }
  var columns: Int { tensor.shape[1] }
  func at(_ row: Int, _ column: Int) -> Double { tensor.values[row * columns + column] }
  var transposed: Table { Table(columns, rows) { at($1, $0) } }
  func scaled(by factor: Double) -> Table { Table(rows, columns) { factor * at($0, $1) } }
  static func * (left: Table, right: Table) -> Table {
    Table(left.rows, right.columns) { row, column in (0..<left.columns).reduce(0) { $0 + left.at(row, $1) * right.at($1, column) } }
  }
  static func + (left: Table, right: Table) -> Table { Table(left.rows, left.columns) { left.at($0, $1) + right.at($0, $1) } }
  static func - (left: Table, right: Table) -> Table { Table(left.rows, left.columns) { left.at($0, $1) - right.at($0, $1) } }
}
