import DrnMethods
import DrnProgram
import Foundation
import Testing

@Suite("The share of mixup") struct MixupTests {
  private func mixup(_ alpha: Double) -> Mixup { Mixup(options: Options(["alpha": .decimal(alpha)])) }

  /// Distribution functions of Beta(alpha, alpha) that have a closed form.
  private static let distributions: [(alpha: Double, function: @Sendable (Double) -> Double)] = [
    (0.5, { (x: Double) -> Double in 2 / Double.pi * asin(x.squareRoot()) }), (1, { (x: Double) -> Double in x }),
    (2, { (x: Double) -> Double in x * x * (3 - 2 * x) }), (3, { (x: Double) -> Double in x * x * x * (10 - 15 * x + 6 * x * x) }),
  ]

  @Test("is the larger of a number from Beta(alpha, alpha) and what is left of one", arguments: distributions.indices)
  func distribution(_ place: Int) {
    let (alpha, function) = Self.distributions[place]
    let count = 4000
    let shares = (0..<count).map { mixup(alpha).share(at: $0, seed: 3) }.sorted()
    #expect(shares.allSatisfy { (0.5...1).contains($0) })
    // Kolmogorov and Smirnov: more than 1.95 over the root of the count is one in a thousand.
    var distance = 0.0
    for (rank, share) in shares.enumerated() {
      let found = (Double(rank) + 0.5) / Double(count)
      distance = max(distance, abs(2 * function(share) - 1 - found))
    }
    #expect(distance < 1.95 / Double(count).squareRoot(), "\(alpha): \(distance)")
  }

  @Test("is a number for any alpha, of seed and step alone") func extremes() {
    for alpha in [0.001, 0.01, 1000] {
      let shares = (0..<200).map { mixup(alpha).share(at: $0, seed: 3) }
      #expect(shares.allSatisfy { (0.5...1).contains($0) })
      #expect(shares == (0..<200).map { mixup(alpha).share(at: $0, seed: 3) })
      #expect(shares != (0..<200).map { mixup(alpha).share(at: $0, seed: 4) })
      #expect(alpha > 1 ? shares.allSatisfy { $0 < 0.6 } : shares.filter { $0 > 0.99 }.count > 180)
    }
  }
}
