import DrnIR
import DrnMethods
import DrnReference
import DrnTestSupport
import Testing

@Suite("The shrink_perturb event")
struct ShrinkPerturbTests {
  private func event(_ shrink: Double, _ noise: Double, _ options: [String: OptionValue] = [:]) -> ShrinkPerturb {
    ShrinkPerturb(
      options: Options(defaultsOf: ShrinkPerturb.spec).replacing(
        ["shrink": .decimal(shrink), "noise": .decimal(noise)].merging(options) { $1 }))
  }
  /// The parameters afterwards, then a slot of each that is trained, then the measured norms.
  private func run(
    _ event: ShrinkPerturb, _ form: any Parameterization, _ shape: WeightShape, _ values: [Matrix], rank: Int = 0, name: String = "w"
  ) throws -> (parameters: [Matrix], slots: [Matrix], norms: [Double]) {
    var bench = Bench(ranks: [max(1, rank)])
    let key = bench.key()
    let symbol: Dimension = rank == 0 ? 0 : bench.rank(0)
    let parameters = bench.parameters(form, shape, symbol, values)
    let trained = form.trainedIndices(shape, rank: symbol)
    let content = Dictionary(uniqueKeysWithValues: trained.map { ($0, parameters[$0]) })
    let changed = try event.change(
      ValueChange(
        weight: WeightInForm(form: form, shape: shape, rank: symbol), name: name, variant: event.variant(passed: 0), parameters: parameters,
        slots: [TransitionRequest.Slot(SlotSpec("momentum", .gradient), content: content)], key: key), in: &bench.builder)
    for (index, value) in changed.parameters.enumerated() { bench.output("p\(index)", value) }
    for index in trained { bench.output("m\(index)", try #require(changed.slots[0].content[index])) }
    for (name, value) in changed.measured { bench.output(name, value) }
    let found = try bench.run()
    return (
      try values.indices.map { try #require(found["p\($0)"]) }, try trained.map { try #require(found["m\($0)"]) },
      try ["norm_before", "norm"].map { try #require(found[$0]).values[0] }
    )
  }

  @Test("theta becomes shrink theta + noise p, p standard normal and another one for each weight and tensor; moments stay")
  func formula() throws {
    let shape = WeightShape(inputs: 100, outputs: 80)
    let w = Matrix(100, 80, seed: 5)
    let p = try run(event(0, 1), form("dense"), shape, [w]).parameters[0]
    let count = Double(p.values.count)
    let mean = p.values.reduce(0, +) / count
    // 8,000 draws: the mean has a deviation of 0.011, the mean square one of 0.016, and 68.27 % lie within one deviation, give or take 0.5 %.
    #expect(abs(mean) < 0.05 && abs(p.norm * p.norm / count - 1) < 0.08)
    #expect(abs(Double(p.values.filter { abs($0) < 1 }.count) / count - 0.6827) < 0.025)
    let both = try run(event(0.4, 0.01), form("dense"), shape, [w])
    #expect(both.parameters[0].distance(to: 0.4 * w + 0.01 * p) < 1e-15)
    #expect(both.slots == [w])
    #expect(abs(both.norms[0] - w.norm) < 1e-12 && abs(both.norms[1] - both.parameters[0].norm) < 1e-12)
    #expect(try run(event(0, 1), form("dense"), shape, [w], name: "v").parameters[0] != p)
  }

  @Test("each trained tensor by itself; bases and a frozen base stay, and so do zeros outside a mask")
  func forms() throws {
    let shape = WeightShape(inputs: 7, outputs: 5)
    for word in matrixForms {
      let rank = hasRank(word) ? 3 : 0
      let form = form(word, rank: rank == 0 ? nil : rank)
      let values = try randomParameters(form, shape, rank: rank, seed: 9)
      let alone = try run(event(0.5, 0), form, shape, values, rank: rank).parameters
      let noisy = try run(event(0.5, 0.1), form, shape, values, rank: rank).parameters
      for (index, spec) in form.parameters(shape, rank: Dimension(rank)).enumerated() {
        #expect(alone[index] == (spec.isTrainable ? 0.5 * values[index] : values[index]), "\(word)")
        #expect((noisy[index] == alone[index]) != spec.isTrainable, "\(word)")
      }
      guard word == "sparse" else { continue }
      for (place, kept) in values[1].values.enumerated() where kept == 0 {
        #expect(noisy[0].values[place] == 0.5 * values[0].values[place])
      }
    }
  }

  @Test("a shrink of 1 and noise of 0 do nothing, and say so")
  func pointless() {
    #expect(event(1, 0).pointless.map(\.option) == ["shrink", "noise"])
    #expect(event(0.4, 0.01).pointless.isEmpty && event(0.4, 0.01).moments.isEmpty)
    #expect(event(0.4, 0.01, ["before": .moment(Moment(.epoch, 2))]).moments == [Moment(.epoch, 2)])
  }
}
