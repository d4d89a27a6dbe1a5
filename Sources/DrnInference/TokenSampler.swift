import DrnData
import Foundation

/// Draws tokens from the logits of a network, each by the next number of a stream of its own.
public struct TokenSampler: Sendable {
  /// Logits are divided by it; 0 takes the likeliest token.
  public let temperature: Double
  /// How many of the likeliest tokens there are to choose from; `nil` for all.
  public let topK: Int?
  private let stream: RandomStream
  private var drawn: UInt64 = 0

  public init(temperature: Double, topK: Int?, seed: UInt64) {
    (self.temperature, self.topK) = (temperature, topK)
    stream = RandomStream(seed: seed, purpose: "sample", name: "tokens")
  }

  /// The tokens to choose from, likeliest first and at a tie the lower number first, with their probabilities.
  public func distribution(_ logits: some Collection<Float>) -> [(token: Int, probability: Double)] {
    let ordered = logits.enumerated().sorted { ($1.element, $0.offset) < ($0.element, $1.offset) }
    let count = temperature > 0 ? min(topK ?? ordered.count, ordered.count) : min(1, ordered.count)
    let kept = ordered.prefix(count)
    guard let largest = kept.first.map({ Double($0.element) }) else { return [] }
    // At 0 one token is left, of whatever weight.
    let weights = kept.map { temperature > 0 ? exp((Double($0.element) - largest) / temperature) : 1 }
    let sum = weights.reduce(0, +)
    return zip(kept, weights).map { ($0.offset, $1 / sum) }
  }

  /// The next token.
  public mutating func draw(_ logits: some Collection<Float>) -> Int {
    let tokens = distribution(logits)
    let number = Double(stream.bits(at: drawn)) * 0x1p-32
    drawn += 1
    var sum = 0.0
    for (token, probability) in tokens {
      sum += probability
      if number < sum { return token }
    }
    return tokens.last?.token ?? 0
  }
}
