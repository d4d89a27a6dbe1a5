import DrnNumbers

/// How a rank is stated in the source; resolved to a number against a weight's shape, always rounding down.
public enum RankRule: Hashable, Sendable {
  /// The extent of a weight's matrix that a proportion is of.
  public enum Base: String, Hashable, Sendable, CaseIterable {
    case outputs, inputs
    case shortSide = "short_side"
  }
  case exact(Int)
  /// `numerator/denominator of base`
  case fraction(numerator: Int, denominator: Int, of: Base)
  /// The short side.
  case full
  /// The rank the weight has when the clause takes effect.
  case current
  /// The smallest rank that keeps this share of the squared singular values; decided at run time.
  case energy(Double)
  /// InRank's criterion (arXiv 2306.11250): the smallest k with 1 - Var(tail)/Var(all) above the threshold, where the tail is the vector of
  /// all singular values with the first k set to zero; not the energy.
  case explainedVariance(Double)
  /// What all weights of the entry take together for a share of their dense cost; decided at run time.
  case budget(RankBudget)
  /// From the first to the last selected layer, linear in the layer's index.
  case linear(first: Rational, last: Rational, of: Base)

  /// Reads a rank written as an option value; `nil` when it is none.
  public init?(_ value: OptionValue) {
    switch value {
    case .integer(let number): self = .exact(number)
    case .word("full"): self = .full
    case .word("current"): self = .current
    case .proportion(let share, of: let word):
      guard let base = Base(rawValue: word) else { return nil }
      self.init(share: share, of: base)
    case .call(let call): self.init(call)
    case .rational, .decimal, .percent, .boolean, .text, .word, .moment, .duration, .list, .pattern: return nil
    }
  }

  private init?(share: OptionValue, of base: Base) {
    switch share {
    case .integer(let number): self = .fraction(numerator: number, denominator: 1, of: base)
    case .rational(let numerator, let denominator): self = .fraction(numerator: numerator, denominator: denominator, of: base)
    case .percent(let value), .decimal(let value):
      guard value.isFinite, abs(value) < 1e6 else { return nil }
      let exact = Rational(nearest: value)
      self = .fraction(numerator: exact.numerator, denominator: exact.denominator, of: base)
    case .call(let call):
      let numbers = call.arguments.compactMap(\.value.value.share)
      guard call.name == "linear", numbers.count == 2 else { return nil }
      self = .linear(first: numbers[0], last: numbers[1], of: base)
    case .boolean, .text, .word, .moment, .duration, .proportion, .list, .pattern: return nil
    }
  }

  private init?(_ call: OptionCall) {
    if call.name == "budget" {
      guard let argument = call.arguments.first, call.arguments.count == 1, let share = argument.value.value.share,
        let quantity = argument.name.flatMap(RankBudget.Quantity.init)
      else { return nil }
      self = .budget(RankBudget(quantity, share: share))
      return
    }
    guard let threshold = call.arguments.first?.value.value.number, call.arguments.count == 1 else { return nil }
    switch call.name {
    case "energy": self = .energy(threshold)
    case "explained_variance": self = .explainedVariance(threshold)
    case _: return nil
    }
  }

  /// Whether the number is known only while training.
  public var isDecidedAtRunTime: Bool {
    switch self {
    case .energy, .explainedVariance, .budget: true
    case .exact, .fraction, .full, .current, .linear: false
    }
  }
  /// Whether a weight's own singular values decide.
  public var isDecidedAlone: Bool {
    switch self {
    case .energy, .explainedVariance: true
    case .exact, .fraction, .full, .current, .linear, .budget: false
    }
  }

  /// The rank that a rule of run time takes of a weight alone, from 1 to the number of its singular values; `nil` for the other rules.
  ///
  /// `singularValues` descend and are all of them, zeros included. A rank that leaves nothing over passes at any threshold; a matrix of zeros
  /// has rank 1.
  public func choose(singularValues: [Double]) -> Int? {
    guard isDecidedAlone else { return nil }
    guard let largest = singularValues.first, largest > 0 else { return 1 }
    return (1..<singularValues.count).first { passes(criterion(rank: $0, singularValues: singularValues)) } ?? max(1, singularValues.count)
  }

  /// What a rule of run time compares with its threshold at a rank: for `energy` and `budget` the share of the squared singular values that is kept, for
  /// `explained_variance` the share of their variance that is explained.
  public func criterion(rank: Int, singularValues: [Double]) -> Double {
    // Divided by the power of two below the largest: squares neither overflow nor vanish, and nothing is rounded.
    let scale = singularValues.first.map { $0.isNormal ? $0.binade : 1 } ?? 1
    let values = singularValues.map { $0 / scale }
    let tail = values.enumerated().map { $0.offset < rank ? 0 : $0.element }
    switch self {
    case .explainedVariance:
      // Over one number of values, so whether it is the biased or the unbiased variance makes no difference.
      let (all, left) = (sumOfSquaredDeviations(values), sumOfSquaredDeviations(tail))
      return all > 0 ? 1 - left / all : left > 0 ? -.infinity : 1
    case .exact, .fraction, .full, .current, .energy, .linear, .budget:
      let (all, kept) = (values.reduce(0) { $0 + $1 * $1 }, values.prefix(rank).reduce(0) { $0 + $1 * $1 })
      return all > 0 ? kept / all : 1
    }
  }

  /// Whether a rank passes the threshold of a rule of run time; see `choose`.
  func isEnough(rank: Int, singularValues: [Double]) -> Bool { passes(criterion(rank: rank, singularValues: singularValues)) }

  private func passes(_ criterion: Double) -> Bool {
    switch self {
    case .energy(let share): criterion >= share
    case .explainedVariance(let threshold): criterion > threshold || criterion >= 1
    case .exact, .fraction, .full, .current, .linear, .budget: false
    }
  }

  private func sumOfSquaredDeviations(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(max(1, values.count))
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  }

  /// The number for a weight, before any check of its range; `nil` when it is decided at run time or overflows.
  /// `position` is the weight's index among the `count` selected ones.
  public func resolve(_ shape: WeightShape, current: Int?, position: Int = 0, count: Int = 1) -> Int? {
    switch self {
    case .exact(let rank): return rank
    case .full: return shape.shortSide
    case .current: return current
    case .fraction(let numerator, let denominator, let base):
      return Rational(numerator, denominator)?.of(shape.extent(base), .down)
    case .linear(let first, let last, let base):
      return share(from: first, to: last, position, of: count).of(shape.extent(base), .down)
    case .energy, .explainedVariance, .budget: return nil
    }
  }

  /// The share of layer number `position` of `count`, exact where it fits 64 bits.
  private func share(from first: Rational, to last: Rational, _ position: Int, of count: Int) -> Rational {
    guard count > 1, let way = Rational(position, count - 1) else { return first }
    return last.subtracting(first)?.multiplied(by: way)?.adding(first)
      ?? Rational(nearest: first.number + (last.number - first.number) * Double(position) / Double(count - 1))
  }
}
