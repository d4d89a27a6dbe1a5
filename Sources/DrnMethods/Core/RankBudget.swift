import DrnIR
import DrnNumbers

/// Ranks that several weights take together, so that they keep the most for what they cost: `rank: budget(parameters: 1/4)`.
///
/// Of each weight the leading singular values are kept; what is kept is the sum over the weights of the share of their squared norm, and the
/// cost is at most a share of that of the weights dense. From rank 1 each on, the weight whose next singular value is worth the most per unit of
/// cost gets it, while it fits. Where the cost of one more is always the same, as of `factored`, no other ranks of that cost keep more.
public struct RankBudget: Hashable, Sendable {
  /// What is counted.
  public enum Quantity: String, Hashable, Sendable, CaseIterable {
    /// Values of the form's tensors.
    case parameters
    /// Multiply-adds of the forward pass for one example, as if every tensor of the form were multiplied once at each place of the layer's
    /// result: exact but for `tucker` and `cp` behind a stride.
    case operations
  }
  public let quantity: Quantity
  /// Of what the dense weights cost.
  public let share: Rational
  public init(_ quantity: Quantity, share: Rational) {
    self.quantity = quantity
    self.share = share
  }

  /// A weight that takes part.
  public struct Candidate: Sendable {
    public let form: any Parameterization
    public let shape: WeightShape
    /// How many places of its layer's result one example has; 1 for a linear layer.
    public let places: Int
    public init(form: any Parameterization, shape: WeightShape, places: Int) {
      self.form = form
      self.shape = shape
      self.places = places
    }
  }

  private func weigh(_ count: Int, _ candidate: Candidate) -> Int { quantity == .parameters ? count : count &* max(1, candidate.places) }

  /// What a weight costs at a rank.
  public func cost(_ candidate: Candidate, rank: Int) -> Int {
    let tensors = candidate.form.parameters(candidate.shape, rank: Dimension(rank))
    return weigh(tensors.reduce(0) { $0 &+ $1.shape.reduce(1) { $0 &* ($1.value ?? 0) } }, candidate)
  }

  /// What all may cost together, rounded down.
  public func limit(_ candidates: [Candidate]) -> Int {
    share.of(candidates.reduce(0) { $0 &+ weigh($1.shape.inputs &* $1.shape.outputs, $1) }, .down)
  }

  /// The rank of each weight from its singular values, descending; `nil` where rank 1 of all is too much.
  public func ranks(_ candidates: [Candidate], singularValues: [[Double]]) -> [Int]? {
    var ranks = candidates.map { _ in 1 }
    var left = limit(candidates) - zip(candidates, ranks).reduce(0) { $0 + cost($1.0, rank: $1.1) }
    guard left >= 0 else { return nil }
    let norms = singularValues.map { $0.reduce(0) { $0 + $1 * $1 } }
    var isOpen = candidates.map { _ in true }
    while true {
      var best: (index: Int, worth: Double, price: Int)?
      for (index, candidate) in candidates.enumerated() where isOpen[index] {
        let rank = ranks[index]
        let price = rank < candidate.shape.shortSide ? cost(candidate, rank: rank + 1) - cost(candidate, rank: rank) : .max
        guard price <= left, singularValues[index].indices.contains(rank), norms[index] > 0 else {
          isOpen[index] = false
          continue
        }
        let value = singularValues[index][rank]
        let worth = value * value / norms[index] / Double(max(1, price))
        if worth > best?.worth ?? -1 { best = (index, worth, price) }
      }
      guard let best else { return ranks }
      ranks[best.index] += 1
      left -= best.price
    }
  }

  /// One share of the short sides for all, the largest that the budget holds: what is known of the ranks before training. `nil` as above.
  public func uniformRanks(_ candidates: [Candidate]) -> [Int]? {
    let limit = limit(candidates)
    func ranks(_ step: Int) -> [Int] { candidates.map { max(1, $0.shape.shortSide * step / Self.steps) } }
    func fits(_ step: Int) -> Bool { zip(candidates, ranks(step)).reduce(0) { $0 + cost($1.0, rank: $1.1) } <= limit }
    guard fits(0) else { return nil }
    var (low, high) = (0, Self.steps)
    while low < high {
      let middle = (low + high + 1) / 2
      if fits(middle) { low = middle } else { high = middle - 1 }
    }
    return ranks(low)
  }
  private static let steps = 4096
}
