import DrnIR
import DrnLowering
import DrnMethods
import DrnPasses
import DrnReference
import DrnTestSupport
import Testing

@Suite("The stage portable") struct PortableStepTests {
  @Test("the portable step and forward pass compute what the lowered ones say", arguments: matrixForms)
  func portable(form: String) throws {
    var builder = ProgramBuilder()
    builder.layers[0].layer = layer("linear", ["outputs": .integer(5), "bias": .boolean(false)])
    builder.layers.insert(("norm", layer("batch_norm")), at: 1)
    builder.layers.insert(("drop", layer("dropout")), at: 2)
    builder.stages["fc1"] = [Stage(0, form, form == "dense" ? nil : 3)]
    builder.update = update("sgd")
    let session = try Session(try builder.program())
    let phase = try session.lowering.phaseModule(0, evaluationBatch: 3)
    let concrete = try expandGradients(try specialize(phase.module, ranks: phase.symbols.isEmpty ? [] : [3]))
    let portable = try makePortable(concrete, roots: ["step", "evaluate"])
    #expect(verify(portable) == [] && PortableRule().check(portable) == [])
    #expect(Set(portable.functions.map(\.name)) == ["step", "evaluate"])
    let scalars = ["rate": ReferenceTensor(0.1), "step": ReferenceTensor(1), "key": ReferenceTensor(key: 5)]
    let arguments = session.store.merging(batch(3)) { $1 }.merging(scalars) { $1 }
    for name in ["step", "evaluate"] {
      let function = try #require(concrete.function(name))
      let given = arguments.filter { function.argument($0.key) != nil }
      let expected = try evaluate(function: function, module: concrete, arguments: given)
      let found = try evaluate(function: try #require(portable.function(name)), module: portable, arguments: given)
      #expect(Set(found.keys) == Set(expected.keys))
      for key in expected.keys.sorted() { #expect(distance(found[key], expected[key]) < 1e-12, "\(name) \(key)") }
    }
  }

  @Test("what fusion makes is not portable")
  func fusedIsRefused() throws {
    var builder = ProgramBuilder()
    builder.update = update("adamw")
    let session = try Session(try builder.program())
    let phase = try session.lowering.phaseModule(0, evaluationBatch: 3)
    let concrete = try expandGradients(try specialize(phase.module, ranks: []))
    let found = PortableRule().check(try optimize(concrete, roots: ["step"]))
    #expect(found.contains { $0.message.contains("private to drnc") || $0.message.contains("carries") })
    #expect(throws: IRError.self) { try requirePortable(phase.module) }
  }
}
