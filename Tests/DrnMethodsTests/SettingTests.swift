import DrnIR
import DrnMethods
import DrnReference
import DrnTestSupport
import Foundation
import Testing

@Suite("Rates")
struct RateTests {
  private let time = RateTime(stepsPerEpoch: 10, end: 100)
  private func rate(_ name: String, _ options: [String: OptionValue]) throws -> any Rate {
    let type = try #require(Rates.named(name))
    return type.init(options: Options(defaultsOf: type.spec).replacing(options.merging(["rate": .decimal(0.2)]) { _, new in new }))
  }
  private let warmup = ["warmup": OptionValue.duration(Duration(.step, 4))]

  @Test("every word leads to its schedule; a bare number is a constant")
  func words() {
    for type in Rates.all { #expect(Rates.named(type.spec.name)?.spec.name == type.spec.name) }
    #expect(Rates.named("stepp") == nil)
    #expect(ConstantRate(0.3).value(at: 77, time: time) == 0.3)
  }

  @Test(
    "the warm-up of W steps gives step t the share (t + 1) / W and ends at the full rate",
    arguments: ["constant", "cosine", "linear", "step", "plateau"])
  func warmUp(name: String) throws {
    let options = name == "step" ? warmup.merging(["at": .moment(Moment(.epoch, 5))]) { $1 } : warmup
    let rate = try rate(name, options)
    for (step, share) in [0.25, 0.5, 0.75, 1, 1].enumerated() {
      #expect(abs(rate.value(at: step, time: time) - 0.2 * share) < 1e-12)
    }
  }

  @Test("step jumps at its moments, the step at the moment included")
  func steps() throws {
    let span = testSpan
    let at = OptionValue.list([LocatedOption(.moment(Moment(.epoch, 3)), span), LocatedOption(.moment(Moment(.step, 50)), span)])
    let rate = try rate("step", ["factor": .decimal(0.1), "at": at])
    #expect(rate.jumps == [Moment(.epoch, 3), Moment(.step, 50)])
    for (step, expected) in [(0, 0.2), (29, 0.2), (30, 0.02), (49, 0.02), (50, 0.002), (99, 0.002)] {
      #expect(abs(rate.value(at: step, time: time) - expected) < 1e-15)
    }
  }

  @Test("cosine and linear go from the rate to the end value, with the middle in the middle")
  func smooth() throws {
    for (name, end) in [("cosine", "floor"), ("linear", "final")] {
      let rate = try rate(name, [end: .decimal(0.1)])
      #expect(abs(rate.value(at: 0, time: time) - 0.2) < 1e-12)
      #expect(abs(rate.value(at: 50, time: time) - 0.15) < 1e-12)
      #expect(abs(rate.value(at: 100, time: time) - 0.1) < 1e-12)
      #expect(rate.jumps.isEmpty)
    }
    let cosine = try rate("cosine", [:])
    #expect(abs(cosine.value(at: 25, time: time) - 0.1 * (1 + 0.5.squareRoot())) < 1e-12)
  }

  @Test("exponential multiplies once after every stretch, from the start of its span")
  func exponential() throws {
    let rate = try rate("exponential", ["factor": .decimal(0.5)])
    for (step, share) in [(0, 1.0), (9, 1), (10, 0.5), (19, 0.5), (35, 0.125)] {
      #expect(abs(rate.value(at: step, time: time) - 0.2 * share) < 1e-15)
    }
    let often = try self.rate("exponential", ["factor": .decimal(0.9), "every": .duration(Duration(.step, 3))])
    #expect(abs(often.value(at: 11, time: RateTime(stepsPerEpoch: 10, start: 5, end: 100)) - 0.2 * 0.81) < 1e-15)
    #expect(rate.jumps.isEmpty)
  }

  /// `OneCycleLR` of PyTorch 2.13 at every step of a run, the last one included.
  struct Cycle: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let options: [String: OptionValue]
    let rates: [Double]
  }

  private static let staged: [String: OptionValue] = [
    "rise": .decimal(0.4), "start_divisor": .integer(10), "final_divisor": .integer(100), "three_phases": .boolean(true),
  ]
  private static let cycles = [
    Cycle(
      testDescription: "cosine", options: [:],
      rates: [
        0.008000000000000007, 0.10400000000000001, 0.2, 0.19009692640269477, 0.1623491307899526, 0.12225240438725786, 0.07774839561274215,
        0.0376516692100474, 0.009903873597305258, 8e-07,
      ]),
    Cycle(
      testDescription: "linear", options: ["anneal": .word("linear")],
      rates: [
        0.008, 0.104, 0.2, 0.1714286857142857, 0.14285737142857144, 0.11428605714285715, 0.08571474285714287, 0.05714342857142857,
        0.028572114285714295, 8e-07,
      ]),
    Cycle(
      testDescription: "cosine in three phases", options: staged,
      rates: [
        0.01999999999999999, 0.049044658553683285, 0.11743214109250986, 0.18102264584567543, 0.19877251730624504, 0.15922533423101848,
        0.08790630615732818, 0.030847362391416045, 0.019331475071103128, 0.01280926360171363, 0.004133917099845366, 0.0002,
      ]),
    Cycle(
      testDescription: "linear in three phases", options: staged.merging(["anneal": .word("linear")]) { $1 },
      rates: [
        0.02, 0.06736842105263158, 0.11473684210526315, 0.16210526315789472, 0.19052631578947374, 0.14315789473684215, 0.09578947368421058,
        0.048421052631579004, 0.017670588235294125, 0.011847058823529417, 0.006023529411764709, 0.0002,
      ]),
    Cycle(
      testDescription: "with a quarter of seven steps", options: ["rise": .decimal(0.25), "rate": .decimal(0.5)],
      rates: [
        0.020000000000000018, 0.49720771772545586, 0.4332632349055847, 0.30563101096814466, 0.15866610924942562, 0.043442132659775645,
        2e-06,
      ]),
  ]

  @Test("one cycle has PyTorch's rate at every step, wherever its span begins", arguments: cycles)
  func oneCycle(_ cycle: Cycle) throws {
    let options = Options(defaultsOf: OneCycleRate.spec).replacing(["rate": .decimal(0.2)].merging(cycle.options) { $1 })
    for start in [0, 13] {
      let time = RateTime(stepsPerEpoch: 3, start: start, end: start + cycle.rates.count)
      for (step, expected) in cycle.rates.enumerated() {
        let rate = OneCycleRate(options: options).value(at: start + step, time: time)
        #expect(abs(rate - expected) < 1e-14, "step \(step)")
      }
    }
  }

  @Test("no length of run or warm-up traps")
  func extremes() throws {
    for name in ["constant", "cosine", "linear", "plateau", "one_cycle"] {
      let rate = try rate(name, name == "one_cycle" ? [:] : ["warmup": .duration(Duration(.epoch, Int.max))])
      for total in [0, 1, Int.max] {
        let value = rate.value(at: 3, time: RateTime(stepsPerEpoch: 3, end: total))
        #expect(value.isFinite)
      }
    }
  }
}

@Suite("Losses")
struct LossTests {
  @Test("class weights reach the loss, and equal ones change nothing")
  func classWeights() throws {
    let logits = Matrix(3, 4, seed: 2)
    let labels = [2, 0, 3]
    func value(_ weights: [Double], smoothing: Double = 0) throws -> Double {
      var bench = Bench()
      let x = bench.input("x", logits)
      let y = bench.labels(labels)
      let loss = CrossEntropy(options: Options(["smoothing": .decimal(smoothing)])).weighted(by: weights)
      bench.output("loss", try loss.emit(outputs: x, labels: y, in: &bench.builder))
      return try #require(try bench.run()["loss"]).values[0]
    }
    func logLoss(_ row: Int) -> Double {
      let exponentials = (0..<4).map { exp(logits[row, $0]) }
      return -log(exponentials[labels[row]] / exponentials.reduce(0, +))
    }
    let plain = (0..<3).reduce(0) { $0 + logLoss($1) } / 3
    #expect(abs(try value([]) - plain) < 1e-12)
    #expect(abs(try value([2, 2, 2, 2]) - plain) < 1e-12)
    let weighted = (5 * logLoss(0) + 1 * logLoss(1) + 1 * logLoss(2)) / 7
    #expect(abs(try value([1, 1, 5, 1]) - weighted) < 1e-12)
  }

  @Test("mean squared error averages over all elements")
  func squares() throws {
    let (outputs, targets) = (Matrix(3, 2, seed: 1), Matrix(3, 2, seed: 2))
    var bench = Bench()
    let (x, y) = (bench.input("x", outputs), bench.input("y", targets))
    bench.output("loss", try MeanSquaredError(options: Options()).emit(outputs: x, labels: y, in: &bench.builder))
    let difference = (outputs - targets).norm
    #expect(abs(try #require(try bench.run()["loss"]).values[0] - difference * difference / 6) < 1e-14)
  }

  @Test("the Huber loss is half the square near the target and linear beyond delta, averaged over all elements", arguments: [0.3, 1.0, 50])
  func huber(delta: Double) throws {
    let (outputs, targets) = (Matrix(3, 2, seed: 1), Matrix(3, 2, seed: 2))
    var bench = Bench()
    let (x, y) = (bench.input("x", outputs), bench.input("y", targets))
    bench.output("loss", try Huber(options: Options(["delta": .decimal(delta)])).emit(outputs: x, labels: y, in: &bench.builder))
    let distances = (outputs - targets).values.map { abs($0) }
    let terms = distances.map { $0 < delta ? $0 * $0 / 2 : delta * ($0 - delta / 2) }
    #expect(abs(try #require(try bench.run()["loss"]).values[0] - terms.reduce(0, +) / 6) < 1e-14)
  }

  @Test("every word leads to its loss")
  func words() {
    for type in Losses.all { #expect(Losses.named(type.spec.name)?.spec.name == type.spec.name) }
    #expect(Losses.named("cross_entrpy") == nil)
  }
}

@Suite("The trim event")
struct TrimTests {
  private let shape = WeightShape(inputs: 400, outputs: 300)
  private func trim(_ options: [String: OptionValue]) -> Trim {
    Trim(options: Options(defaultsOf: Trim.spec).replacing(["state": .word("carry")].merging(options) { $1 }))
  }

  @Test("cuts at the first singular value below the share, but not below half nor below the floor")
  func decides() {
    let values: [Float] = [10, 8, 6, 4, 2, 1, 0.5, 0.1]
    #expect(trim(["below": .decimal(0.15)]).decide(singularValues: values, rank: 8, shape: shape) == 5)
    #expect(trim(["below": .decimal(0.9)]).decide(singularValues: values, rank: 8, shape: shape) == 4)
    #expect(trim(["below": .decimal(0.001)]).decide(singularValues: values, rank: 8, shape: shape) == 8)
    // An odd rank keeps the larger half.
    #expect(trim(["below": .decimal(0.9)]).decide(singularValues: Array(values.prefix(7)), rank: 7, shape: shape) == 4)
    // 1 % of 300.
    let loose = trim(["below": .decimal(0.9), "drop_at_most": .integer(1)])
    #expect(loose.decide(singularValues: values, rank: 8, shape: shape) == 3)
    #expect(loose.decide(singularValues: [5], rank: 1, shape: shape) == 1)
  }

  @Test("singular values that say nothing leave the rank", arguments: [[], [Float.nan, 1], [0, 0], [Float.infinity, 1]])
  func undecided(values: [Float]) {
    #expect(trim(["below": .decimal(0.5)]).decide(singularValues: values, rank: 2, shape: shape) == 2)
  }

  @Test("bounds reach down to the floor")
  func bounds() {
    #expect(trim(["below": .decimal(0.1)]).bounds(rank: 200...300, shape: shape) == 3...300)
    #expect(trim(["below": .decimal(0.1)]).bounds(rank: 2...2, shape: shape) == 2...2)
    #expect(trim(["below": .decimal(0.1), "at_least": .integer(0)]).bounds(rank: 5...9, shape: shape) == 1...9)
  }

  @Test("the scope grows from the output, at least one weight a firing")
  func scope() {
    let span = testSpan
    func scoped(_ share: Double) -> Trim {
      let argument = OptionCall.Argument(name: nil, nameSpan: nil, value: LocatedOption(.percent(share), span))
      return trim([
        "below": .decimal(0.1), "scope": .call(OptionCall(name: "from_output", nameSpan: span, arguments: [argument], span: span)),
      ])
    }
    #expect((0..<4).map { scoped(0.2).scope(firing: $0, count: 11) } == [9..<11, 7..<11, 5..<11, 3..<11])
    #expect(scoped(0.2).scope(firing: Int.max - 1, count: 11) == 0..<11)
    #expect(scoped(0.1).scope(firing: 0, count: 3) == 2..<3)
    #expect(trim(["below": .decimal(0.1)]).scope(firing: 0, count: 3) == 0..<3)
    #expect(scoped(0.1).scope(firing: 0, count: 0).isEmpty)
  }

  @Test("its state policy is read from its options", arguments: [("carry", StatePolicy.carry), ("reset", .reset)])
  func state(word: String, policy: StatePolicy) {
    #expect(trim(["state": .word(word)]).state == policy)
    #expect(WeightEvents.named("trim") != nil && WeightEvents.named("trimm") == nil)
  }
}
