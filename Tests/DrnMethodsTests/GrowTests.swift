import DrnMethods
import DrnTestSupport
import Testing

@Suite("The grow event")
struct GrowTests {
  private let shape = WeightShape(inputs: 400, outputs: 300)
  private func grow(_ rule: String, _ share: Double, buffer: Int, _ options: [String: OptionValue] = [:]) -> Grow {
    let threshold = OptionCall.Argument(name: nil, nameSpan: nil, value: LocatedOption(.decimal(share), testSpan))
    let until = OptionValue.call(OptionCall(name: rule, nameSpan: testSpan, arguments: [threshold], span: testSpan))
    let given = ["until": until, "buffer": .integer(buffer)].merging(options) { $1 }
    return Grow(options: Options(defaultsOf: Grow.spec).replacing(given))
  }

  /// The spectrum of `RankRuleTests` over 16 values: 0.7640, 0.9590 and 0.9899 of the variance for 1, 2 and 3 modes, 0.7677, 0.9596 and 0.9903 of
  /// the energy.
  private static let spectrum: [Float] = [10, 5, 2, 1, 0.5, 0.1]

  @Test(
    "the modes become the least number that passes, from the present one on, and the rank that and the buffer",
    arguments: [
      ("explained_variance", 0.5, 1), ("explained_variance", 0.7659, 2), ("explained_variance", 0.9593, 3), ("explained_variance", 0.98, 3),
      ("energy", 0.7659, 1), ("energy", 0.9593, 2), ("energy", 0.995, 4),
    ])
  func least(rule: String, share: Double, modes: Int) {
    let square = WeightShape(inputs: 16, outputs: 16)
    let event = grow(rule, share, buffer: 5, ["at_most": .integer(16)])
    // One mode and five beside it.
    #expect(event.decide(singularValues: Self.spectrum, rank: 6, shape: square) == modes + 5)
    #expect(event.bounds(rank: 6...6, shape: square) == 6...16)
  }

  @Test("one firing adds fewer modes than the buffer has, and the rank never falls nor passes its bound")
  func bounds() {
    let flat = [Float](repeating: 1, count: 150)
    let event = grow("explained_variance", 1, buffer: 32)
    var (rank, ranks) = (34, [34])
    for _ in 0..<6 {
      rank = event.decide(singularValues: Array(flat.prefix(rank)), rank: rank, shape: shape)
      ranks.append(rank)
    }
    // Thirty-one more at each firing, as far as half of 300 with the buffer in it allows.
    #expect(ranks == [34, 65, 96, 127, 149, 149, 149])
    #expect(grow("energy", 0.1, buffer: 32).decide(singularValues: Array(flat.prefix(100)), rank: 100, shape: shape) == 100)
    #expect(event.decide(singularValues: flat, rank: 200, shape: shape) == 200)
  }

  @Test("singular values that say nothing lead to no trap", arguments: [[], [Float.nan, 1], [0, 0], [Float.infinity, 1]])
  func undecided(values: [Float]) {
    let rank = grow("explained_variance", 0.5, buffer: 3).decide(singularValues: values, rank: 2, shape: shape)
    #expect((2...150).contains(rank))
    #expect(grow("energy", 0.5, buffer: 3).decide(singularValues: values, rank: 0, shape: WeightShape(inputs: 1, outputs: 1)) <= 1)
  }
}
