import DrnIR
import DrnMethods
import DrnReference
import DrnTestSupport
import Testing

@Suite("The mutate event")
struct MutateTests {
  private func list(_ numbers: [Double]) -> OptionValue { .list(numbers.map { LocatedOption(.decimal($0), testSpan) }) }
  private func mutate(_ prune: [Double], _ grow: [Double], _ options: [String: OptionValue] = [:]) -> Mutate {
    Mutate(options: Options(["prune_to": list(prune), "grow_to": list(grow), "state": .word("carry")].merging(options) { $1 }))
  }
  /// A weight of 1,000 entries, of which 100 are in the mask.
  private struct Weight {
    var w = Matrix(40, 25)
    var mask = Matrix(40, 25)
    init(_ value: (Int) -> Double) {
      for index in 0..<100 {
        let place = (index * 7) % 1000
        mask.values[place] = 1
        w.values[place] = value(index)
      }
    }
  }
  private struct Outcome {
    let w: Matrix
    let mask: Matrix
    let moment: Matrix
    let measured: [String: Double]
  }
  private func run(_ event: Mutate, variant: Int = 0, _ weight: Weight, key: UInt64 = 7) throws -> Outcome {
    var bench = Bench()
    let keyValue = bench.key(key)
    let (w, mask, moment) = (bench.input("w", weight.w), bench.input("mask", weight.mask), bench.input("m", Matrix(40, 25, repeating: 0.5)))
    let slot = TransitionRequest.Slot(SlotSpec("momentum", .gradient), content: [0: moment])
    let shape = WeightShape(inputs: 40, outputs: 25)
    let changed = try event.change(
      ValueChange(
        weight: WeightInForm(form: form("sparse", ["density": .decimal(0.1)]), shape: shape, rank: 0), name: "w", variant: variant,
        parameters: [w, mask], slots: [slot], key: keyValue), in: &bench.builder)
    bench.output("new w", changed.parameters[0])
    bench.output("new mask", changed.parameters[1])
    bench.output("new m", try #require(changed.slots[0].content[0]))
    for (name, value) in changed.measured { bench.output("measured \(name)", value) }
    let found = try bench.run()
    let measured = found.filter { $0.key.hasPrefix("measured ") }.map { (String($0.key.dropFirst(9)), $0.value.values[0]) }
    return Outcome(
      w: try #require(found["new w"]), mask: try #require(found["new mask"]), moment: try #require(found["new m"]),
      measured: Dictionary(uniqueKeysWithValues: measured))
  }

  /// Densities for N = 1000 at a sparsity of 0.9 in the notation of the published code, and what it keeps and grows.
  @Test(
    "as many stay and enter as in the published code",
    arguments: [(0.08, 0.1, 80, 20), (0.09, 0.1, 90, 10), (0.1, 0.15, 100, 50), (0.1, 0.125, 100, 25), (0.1, 0.1, 100, 0)])
  func counts(prune: Double, grow: Double, kept: Int, entered: Int) throws {
    let weight = Weight { Double($0 + 1) * ($0 % 2 == 0 ? 1 : -1) }
    let outcome = try run(mutate([prune], [grow]), weight)
    #expect(outcome.mask.values.allSatisfy { $0 == 0 || $0 == 1 })
    #expect(outcome.mask.values.filter { $0 == 1 }.count == kept + entered)
    #expect(outcome.measured == ["active_before": 100, "active": Double(kept + entered), "entered": outcome.measured["entered"] ?? -1])
    // The largest stay with their values; what enters is zero, and so are all moments outside what stayed.
    let stayed = Set((0..<100).filter { $0 >= 100 - kept }.map { ($0 * 7) % 1000 })
    for place in 0..<1000 {
      #expect(outcome.w.values[place] == (stayed.contains(place) ? weight.w.values[place] : 0))
      #expect(outcome.moment.values[place] == (stayed.contains(place) ? 0.5 : 0))
      if stayed.contains(place) { #expect(outcome.mask.values[place] == 1) }
    }
    #expect(outcome.measured["entered"] ?? -1 <= Double(entered))
  }

  @Test("growth leaves W as it is, differs from firing to firing and depends on the key alone")
  func growth() throws {
    let weight = Weight { Double($0 + 1) }
    let event = mutate([0.1], [0.2])
    let (first, again, other) = (try run(event, weight), try run(event, weight), try run(event, weight, key: 8))
    #expect(first.w == weight.w && first.mask == again.mask && first.mask != other.mask)
  }

  @Test("of equal magnitudes the mask keeps its count, and live zeros stay before entries outside")
  func ties() throws {
    let constant = try run(mutate([0.06], [0.06]), Weight { _ in 0.25 })
    #expect(constant.mask.values.filter { $0 == 1 }.count == 60)
    let zeros = Weight { $0 < 30 ? 0 : 1 }
    let frozen = try run(mutate([0.1], [0.1]), zeros)
    #expect(frozen.mask == zeros.mask && frozen.w == zeros.w)
  }

  @Test("a later variant takes the next densities, the last where a list is shorter")
  func variants() throws {
    let event = mutate(
      [0.05], [0.2, 0.1, 0.05],
      ["at": .list([LocatedOption(.moment(Moment(.epoch, 1)), testSpan), LocatedOption(.moment(Moment(.epoch, 2)), testSpan)])])
    let weight = Weight { Double($0 + 1) }
    for (variant, active) in [(0, 200), (1, 100), (2, 50), (3, 50)] {
      #expect(try run(event, variant: event.variant(passed: variant), weight).mask.values.filter { $0 == 1 }.count == active)
    }
    #expect(event.moments == [Moment(.epoch, 1), Moment(.epoch, 2)])
    #expect(event.pointless.isEmpty)
  }

  @Test("densities that leave nothing to do are pointless")
  func pointless() {
    #expect(mutate([0.1], [0.05]).pointless.map(\.option) == ["grow_to"])
    #expect(mutate([1], [1]).pointless.map(\.option) == ["grow_to", "prune_to"])
    #expect(mutate([0.1, 0.2], [0.3]).pointless.map(\.option) == ["prune_to"])
  }
}
