import DrnIR
import DrnMethods
import DrnNumbers
import DrnTestSupport
import Testing

@Suite("Ranks that weights take together")
struct RankBudgetTests {
  private func candidate(_ inputs: Int, _ outputs: Int, places: Int = 1, form word: String = "factored") -> RankBudget.Candidate {
    RankBudget.Candidate(form: form(word, rank: 1), shape: WeightShape(inputs: inputs, outputs: outputs), places: places)
  }
  /// The share of the squared norms that ranks keep.
  private func kept(_ ranks: [Int], _ values: [[Double]]) -> Double {
    zip(ranks, values).reduce(0) { sum, pair in
      let squares = pair.1.map { $0 * $0 }
      return sum + squares.prefix(pair.0).reduce(0, +) / squares.reduce(0, +)
    }
  }
  /// Descending numbers of several kinds of decay.
  private func spectra(_ seed: UInt64, _ sides: [Int]) -> [[Double]] {
    sides.enumerated().map { index, side in
      let draw = Matrix(1, side, seed: seed + UInt64(index)).values.map { abs($0) + 0.01 }
      return draw.enumerated().map { $0.element / Double(1 + ($0.offset * index)) }.sorted(by: >)
    }
  }

  @Test("no other ranks of factors of equal sides keep more within the budget", arguments: 1...8)
  func isBest(seed: UInt64) throws {
    let (sides, budget) = ([5, 5, 5], RankBudget(.parameters, share: 0.9))
    let candidates = sides.map { candidate($0, $0) }
    let values = spectra(seed, sides)
    let ranks = try #require(budget.ranks(candidates, singularValues: values))
    func cost(_ ranks: [Int]) -> Int { zip(sides, ranks).reduce(0) { $0 + 2 * $1.0 * $1.1 } }
    #expect(cost(ranks) <= 67)
    var best = 0.0
    for a in 1...5 { for b in 1...5 { for c in 1...5 where cost([a, b, c]) <= 67 { best = max(best, kept([a, b, c], values)) } } }
    // Rounding of a sum of a few shares.
    #expect(abs(kept(ranks, values) - best) < 1e-12)
    let uniform = try #require(budget.uniformRanks(candidates))
    #expect(kept(ranks, values) >= kept(uniform, values) && cost(uniform) <= 67 && uniform == [2, 2, 2])
  }

  @Test("what a multiply-add is worth decides where operations are counted, and places multiply the cost")
  func operations() throws {
    let values = [[3, 2.0, 1, 0.5], [3, 2.0, 1, 0.5]]
    let candidates = [candidate(4, 4, places: 100), candidate(4, 4)]
    #expect(RankBudget(.operations, share: 1).limit(candidates) == 16 * 101)
    #expect(RankBudget(.parameters, share: 1).limit(candidates) == 32)
    let byOperations = try #require(RankBudget(.operations, share: 0.6).ranks(candidates, singularValues: values))
    let byParameters = try #require(RankBudget(.parameters, share: 1).ranks(candidates, singularValues: values))
    // 969 multiply-adds: one rank of the first costs 800, all four of the second 32.
    #expect(byOperations == [1, 4])
    #expect(byParameters == [2, 2])
  }

  @Test("a budget below rank 1 of every weight gives no ranks, and a weight of zeros stays at rank 1")
  func edges() throws {
    let candidates = [candidate(6, 6), candidate(6, 6)]
    #expect(RankBudget(.parameters, share: 0.3).ranks(candidates, singularValues: [[1], [1]]) == nil)
    #expect(RankBudget(.parameters, share: 0.3).uniformRanks(candidates) == nil)
    let zeros = [Double](repeating: 0, count: 6)
    let ranks = try #require(RankBudget(.parameters, share: 1).ranks(candidates, singularValues: [zeros, [1, 1, 1, 1, 1, 1]]))
    #expect(ranks == [1, 5])
  }

  @Test("the words of the source are read")
  func rule() {
    func argument(_ name: String?, _ value: OptionValue) -> OptionCall.Argument {
      .init(name: name, nameSpan: nil, value: LocatedOption(value, testSpan))
    }
    func rule(_ arguments: [OptionCall.Argument]) -> RankRule? {
      RankRule(.call(OptionCall(name: "budget", nameSpan: testSpan, arguments: arguments, span: testSpan)))
    }
    let quarter = OptionValue.rational(numerator: 1, denominator: 4)
    #expect(rule([argument("parameters", quarter)]) == .budget(RankBudget(.parameters, share: 0.25)))
    #expect(rule([argument("operations", .percent(0.25))]) == .budget(RankBudget(.operations, share: 0.25)))
    #expect(rule([argument(nil, quarter)]) == nil && rule([]) == nil && rule([argument("bytes", quarter)]) == nil)
    #expect(rule([argument("parameters", quarter)])?.isDecidedAtRunTime == true)
  }
}
