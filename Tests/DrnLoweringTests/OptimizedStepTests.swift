import DrnIR
import DrnLowering
import DrnMethods
import DrnPasses
import DrnReference
import DrnSema
import DrnTestSupport
import Testing

@Suite("Lowered steps through the passes")
struct OptimizedStepTests {
  @Test("the optimized step computes what the lowered one says", arguments: matrixForms)
  func optimized(form: String) throws {
    var builder = ProgramBuilder()
    // Batch norm takes away a bias before it; Adam would step by the sign of the rounding in its gradient.
    builder.layers[0].layer = layer("linear", ["outputs": .integer(5), "bias": .boolean(false)])
    builder.layers.insert(("norm", layer("batch_norm")), at: 1)
    builder.layers.insert(("drop", layer("dropout")), at: 2)
    builder.stages["fc1"] = [Stage(0, form, form == "dense" ? nil : 3)]
    builder.update = update("adamw")
    builder.decay = 0.01
    builder.decayTarget = .product
    builder.clip = 0.5
    let session = try Session(try builder.program())
    let phase = try session.lowering.phaseModule(0, evaluationBatch: 2)
    let concrete = try expandGradients(try specialize(phase.module, ranks: phase.symbols.isEmpty ? [] : [3]))
    let fast = try optimize(concrete, roots: ["step"])
    try requireVerified(fast, after: "optimize")
    let scalars = ["rate": ReferenceTensor(0.1), "step": ReferenceTensor(1), "key": ReferenceTensor(key: 5)]
    let arguments = session.store.merging(batch(3)) { $1 }.merging(scalars) { $1 }
    let expected = try evaluate(function: try #require(concrete.function("step")), module: concrete, arguments: arguments)
    let found = try evaluate(function: try #require(fast.function("step")), module: fast, arguments: arguments)
    #expect(Set(found.keys) == Set(expected.keys))
    // Another order of multiplication: rounding only.
    for name in expected.keys.sorted() { #expect(distance(found[name], expected[name]) < 1e-12, "\(name)") }
  }

  @Test(
    "the optimized transition computes what the lowered one says",
    arguments: [("dense", "factored"), ("factored", "dense"), ("core", "adapter")])
  func transition(old: String, new: String) throws {
    var builder = ProgramBuilder()
    builder.stages["fc1"] = [Stage(0, old, old == "dense" ? nil : 3), Stage(5, new, new == "dense" ? nil : 4)]
    builder.update = update("adam")
    var session = try Session(try builder.program())
    try session.step(batch(3))
    let transition = try #require(try session.lowering.transitionModule(into: 1))
    var ranks = Array(repeating: 0, count: transition.module.symbols.count)
    for symbol in transition.oldSymbols.values { ranks[symbol.index] = 3 }
    for symbol in transition.newSymbols.values { ranks[symbol.index] = 4 }
    let concrete = try specialize(transition.module, ranks: ranks)
    let fast = try optimize(concrete, roots: ["transition"])
    let arguments = session.store.merging(["key": ReferenceTensor(key: 5)]) { $1 }
    let expected = try evaluate(function: try #require(concrete.function("transition")), module: concrete, arguments: arguments)
    let found = try evaluate(function: try #require(fast.function("transition")), module: fast, arguments: arguments)
    for name in expected.keys.sorted() { #expect(distance(found[name], expected[name]) < 1e-11, "\(name)") }
  }
}
