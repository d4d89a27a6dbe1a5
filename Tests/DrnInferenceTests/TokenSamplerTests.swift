import DrnInference
import Foundation
import Testing

@Suite("Draws of tokens")
struct TokenSamplerTests {
  /// Probabilities 1/2, 1/4, 1/8, 1/16, 1/16, in another order.
  private let logits: [Float] = [1, 4, 2, 1, 3].map { Float(Double($0 - 1) * log(2)) + 5 }

  private func shares(_ sampler: TokenSampler, draws: Int = 20_000) -> [Double] {
    var sampler = sampler
    var counts = [Int](repeating: 0, count: logits.count)
    for _ in 0..<draws { counts[sampler.draw(logits)] += 1 }
    return counts.map { Double($0) / Double(draws) }
  }

  @Test(
    "tokens come as often as the closed form says",
    arguments: [
      (1.0, nil, [1, 8, 2, 1, 4].map { Double($0) / 16 }),
      // Temperature 1/2 squares the weights, 2 takes their roots.
      (0.5, nil, [1, 64, 4, 1, 16].map { Double($0) / 86 }),
      (2.0, nil, [1, 8, 2, 1, 4].map { Double($0).squareRoot() / (4 + 3 * 2.0.squareRoot()) }),
      (1.0, 2, [0, 8, 0, 0, 4].map { Double($0) / 12 }),
      (0.5, 3, [0, 64, 4, 0, 16].map { Double($0) / 84 }),
      (1.0, 1, [0, 1, 0, 0, 0]), (0.0, nil, [0, 1, 0, 0, 0]), (0.0, 3, [0, 1, 0, 0, 0]),
      // At a tie the lower number comes first.
      (1.0, 4, [1, 8, 2, 0, 4].map { Double($0) / 15 }), (1.0, 99, [1, 8, 2, 1, 4].map { Double($0) / 16 }),
    ] as [(Double, Int?, [Double])])
  func distribution(temperature: Double, topK: Int?, expected: [Double]) {
    let sampler = TokenSampler(temperature: temperature, topK: topK, seed: 3)
    var stated = [Double](repeating: 0, count: logits.count)
    for (token, probability) in sampler.distribution(logits) { stated[token] = probability }
    #expect(zip(stated, expected).allSatisfy { abs($0 - $1) < 1e-6 }, "\(stated)")
    // Five deviations of a share of 20000 draws are at most 0.018.
    for (share, right) in zip(shares(sampler), expected) {
      #expect(abs(share - right) <= 5 * (right * (1 - right) / 20_000).squareRoot(), "\(share), \(right)")
    }
  }

  @Test("one seed gives one sequence, another seed another")
  func seeds() {
    func drawn(_ seed: UInt64) -> [Int] {
      var sampler = TokenSampler(temperature: 1, topK: nil, seed: seed)
      return (0..<50).map { _ in sampler.draw(logits) }
    }
    #expect(drawn(1) == drawn(1) && drawn(1) != drawn(2))
  }

  @Test("weights that underflow leave the likeliest")
  func extremes() {
    var sampler = TokenSampler(temperature: 1e-300, topK: nil, seed: 1)
    #expect((0..<20).allSatisfy { _ in sampler.draw([-3e38, 2, 3e38] as [Float]) == 2 })
    #expect(sampler.distribution([] as [Float]).isEmpty)
  }
}
