import DrnMethods
import Testing

@Suite("Ranks taken of singular values") struct RankRuleTests {
  /// Values and figures of InRank's criterion, against the share of the squares; checked with numpy.
  static let values = [10, 5, 2, 1, 0.5, 0.1] + [Double](repeating: 0, count: 10)

  @Test("explained variance is of the singular values, energy of their squares")
  func criteria() {
    let (variance, energy) = (RankRule.explainedVariance(0.9), RankRule.energy(0.9))
    for (rank, explained, kept) in [(1, 0.7640, 0.7677), (2, 0.9590, 0.9596), (3, 0.9899, 0.9903)] {
      #expect(abs(variance.criterion(rank: rank, singularValues: Self.values) - explained) < 5e-5)
      #expect(abs(energy.criterion(rank: rank, singularValues: Self.values) - kept) < 5e-5)
    }
  }

  @Test(
    "the smallest rank that passes is chosen",
    arguments: [
      (0.5, 1, 1), (0.764, 1, 1), (0.765, 2, 1), (0.768, 2, 2), (0.9, 2, 2), (0.9592, 3, 2), (0.9597, 3, 3), (0.99, 4, 3), (0.999, 5, 5),
      (1, 6, 6),
    ])
  func choice(threshold: Double, explained: Int, kept: Int) {
    #expect(RankRule.explainedVariance(threshold).choose(singularValues: Self.values) == explained)
    #expect(RankRule.energy(threshold).choose(singularValues: Self.values) == kept)
  }

  @Test("at any scale, for equal values, for zeros and for one value", arguments: [1e-30, 1, 1e30])
  func extremes(scale: Double) {
    for rule in [RankRule.energy(0.9), .explainedVariance(0.9)] {
      #expect(rule.choose(singularValues: Self.values.map { $0 * scale }) == 2)
      #expect(rule.choose(singularValues: [scale]) == 1)
      #expect(rule.choose(singularValues: [0, 0, 0]) == 1)
      #expect(rule.choose(singularValues: []) == 1)
    }
    // Three of four equal squares are 75 %; that they all are equal, no proper part of them explains.
    #expect(RankRule.energy(0.75).choose(singularValues: [scale, scale, scale, scale]) == 3)
    #expect(RankRule.explainedVariance(0.1).choose(singularValues: [scale, scale, scale, scale]) == 4)
  }

  @Test(
    "a share that is met exactly is met",
    arguments: [(0.9, [3.0, 1]), (0.07, [2.6457513110645907, 9.643650760992955]), (0.96, [7, 7, 1, 1])])
  func exactly(share: Double, values: [Double]) {
    let rule = RankRule.energy(share)
    let descending = values.sorted(by: >)
    let met = (1...values.count).first { rank in
      let squares = descending.map { ($0 * $0).rounded() }
      return squares.prefix(rank).reduce(0, +) * 100 >= (share * 100).rounded() * squares.reduce(0, +)
    }
    #expect(rule.choose(singularValues: descending) == met)
  }

  @Test("other rules take no rank of singular values")
  func others() {
    for rule in [RankRule.full, .current, .exact(3), .fraction(numerator: 1, denominator: 2, of: .outputs)] {
      #expect(rule.choose(singularValues: Self.values) == nil)
    }
  }
}
