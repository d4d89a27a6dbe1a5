import DrnIR
import DrnLowering
import DrnMethods
import DrnReference
import DrnSema
import DrnTestSupport
import Testing

/// W = by * m with m trained: a form without a rank whose numbers are not those of W.
private struct Scaled: Parameterization {
  static let spec = MethodSpec(
    "scaled", summary: "W = by * m.", options: [OptionSpec("by", .number(1...10), default: .integer(2), "The scale.")], positional: 1)
  let options: Options
  init(options: Options) { self.options = options }
  init(by scale: Int) { options = Options(["by": .integer(scale)]) }
  private var scale: Double { options.number("by") ?? 2 }
  var rank: RankRule? { nil }

  func parameters(_ shape: WeightShape, rank: Dimension) -> [ParameterSpec] {
    [ParameterSpec("m", [Dimension(shape.inputs), Dimension(shape.outputs)])]
  }
  func apply(
    _ input: WeightInput, parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> Value {
    try builder.matmul(try input.matrix(in: &builder), try reconstruct(parameters, shape: shape, rank: rank, in: &builder))
  }
  func reconstruct(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> Value {
    try builder.scale(parameters[0], by: scale)
  }
  func represent(
    _ dense: Value, shape: WeightShape, rank: Dimension, name: String, key: Value, in builder: inout Builder
  ) throws(IRError) -> [Value] { [try builder.scale(dense, by: 1 / scale)] }
  func initialize(
    dense: Value, shape: WeightShape, rank: Dimension, name: String, key: Value, in builder: inout Builder
  ) throws(IRError) -> [Value] { try represent(dense, shape: shape, rank: rank, name: name, key: key, in: &builder) }
  func sides(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> Sides? { nil }
  func fidelity(rank: Int, shape: WeightShape) -> Fidelity { .exact }
}

@Suite("A form without a rank whose numbers are not those of the weight") struct ScaledFormTests {
  /// The matrix m after one step from the same start.
  private func stepped(_ target: DecayTarget, decay: Double) throws -> (before: ReferenceTensor, after: ReferenceTensor) {
    var builder = ProgramBuilder()
    builder.stages["fc1"] = [Stage(0, form: Scaled(by: 3))]
    builder.update = update("sgd")
    (builder.decay, builder.decayTarget) = (decay, target)
    var session = try Session(try builder.program())
    let before = try #require(session.store["fc1.weight.m"])
    try session.step(batch(3), rate: 0.1)
    return (before, try #require(session.store["fc1.weight.m"]))
  }

  @Test(
    "decay of the product is that of W, decay of the factors that of m, and none is none",
    arguments: [(DecayTarget.product, 9.0), (.factors, 1), (.none, 0)])
  func decay(target: DecayTarget, factor: Double) throws {
    let (plain, decayed) = (try stepped(target, decay: 0), try stepped(target, decay: 0.5))
    for (index, value) in plain.before.values.enumerated() {
      // Beside the same gradient, rate times decay times the gradient of |W|^2 / 2 = 9 |m|^2 / 2.
      #expect(abs(plain.after.values[index] - decayed.after.values[index] - 0.1 * 0.5 * factor * value) < 1e-14)
    }
  }

  @Test("the same word with another option is another form: W stays, the numbers do not, and state does not simply go on")
  func otherOption() throws {
    var builder = ProgramBuilder()
    builder.stages["fc1"] = [Stage(0, form: Scaled(by: 3)), Stage(5, form: Scaled(by: 2))]
    builder.state = .reset
    var session = try Session(try builder.program())
    try session.step(batch(3))
    let (dense, m) = (try session.dense()["fc1.weight"], try #require(session.store["fc1.weight.m"]))
    try session.enterNextPhase()
    #expect(distance(try session.dense()["fc1.weight"], dense) < 1e-14)
    for (now, before) in zip(try #require(session.store["fc1.weight.m"]).values, m.values) { #expect(abs(now - 1.5 * before) < 1e-14) }

    let shape = WeightShape(inputs: 6, outputs: 5)
    func gradient(from old: Int, to new: Int) -> TransitionCell.State {
      transitionCell(from: Scaled(by: old), rank: 0, to: Scaled(by: new), rank: 0, shape: shape).gradient
    }
    #expect(gradient(from: 3, to: 3) == .exact)
    if case .resetOnly = gradient(from: 3, to: 2) {} else { Issue.record("state goes on through another coordinate") }
    #expect(Scaled(by: 3).isSame(as: Scaled(by: 3)) && !Scaled(by: 3).isSame(as: Scaled(by: 2)))
  }

  @Test("what the forms of the list say of themselves")
  func properties() {
    for type in Parameterizations.all {
      let form = form(type.spec.name, rank: type.spec.options.contains { $0.name == "rank" } ? 3 : nil)
      let isDense = type.spec.name == "dense"
      let hasRank = !["dense", "power", "sparse", "kronecker"].contains(type.spec.name)
      #expect(form.isReparameterized == !isDense, "\(type.spec.name)")
      #expect(form.decaysByItself == ["dense", "sparse"].contains(type.spec.name), "\(type.spec.name)")
      #expect(form.isChangedByEvents == hasRank && form.reportsRank == hasRank && !form.isPricedAsRange, "\(type.spec.name)")
    }
    let measured = Factored(options: Options(defaultsOf: Factored.spec).replacing(["rank": .call(energy)]))
    #expect(measured.isPricedAsRange)
    #expect(Scaled(by: 2).isReparameterized && !Scaled(by: 2).isChangedByEvents && !Scaled(by: 2).reportsRank)
  }

  private var energy: OptionCall {
    OptionCall(
      name: "energy", nameSpan: testSpan, arguments: [.init(name: nil, nameSpan: nil, value: LocatedOption(.decimal(0.9), testSpan))],
      span: testSpan)
  }

  @Test("factors drawn otherwise are the same form, an adapter of another scale is not")
  func sameForms() {
    #expect(form("factored", rank: 3, ["initial": .word("svd")]).isSame(as: form("factored", rank: 4)))
    #expect(!form("factored", rank: 3).isSame(as: form("core", rank: 3)))
    #expect(!form("adapter", rank: 3, ["alpha": .integer(2)]).isSame(as: form("adapter", rank: 3, ["alpha": .integer(4)])))
    #expect(!form("adapter", rank: 3, ["form": .word("cp")]).isSame(as: form("adapter", rank: 3)))
    #expect(form("tucker", rank: 3, ["input_rank": .integer(2)]).isSame(as: form("tucker", rank: 3)))
  }
}
