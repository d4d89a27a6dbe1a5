import DrnNumbers
import DrnProgram

/// A quotient that sums of counts over a run fit.
struct ExactCost {
  var numerator: Int128
  var denominator: Int128

  /// A negative number where this is less than `limit`, or than `limit` times `other`; 0 where they are equal; `nil` beyond 128 bits.
  func order(to limit: Rational, times other: ExactCost) -> Int? {
    guard let left = product([numerator, other.denominator, Int128(limit.denominator)]),
      let right = product([other.numerator, denominator, Int128(limit.numerator)])
    else { return nil }
    return left < right ? -1 : left == right ? 0 : 1
  }

  private func product(_ factors: [Int128]) -> Int128? {
    factors.reduce(1) { product, factor in
      product.flatMap {
        let (next, overflow) = $0.multipliedReportingOverflow(by: factor)
        return overflow ? nil : next
      }
    }
  }
}

extension CostReport {
  /// A quantity over the whole run, exactly.
  func exactValue(_ quantity: Requirement.Quantity, _ aggregate: Requirement.Aggregate) -> ExactCost {
    let counts = phases.map { Int128($0.count(of: quantity)) }
    // Neither counts nor lengths come near 2^63, and there are few phases.
    let sum = zip(counts, lengths).reduce(Int128(0)) { $0 &+ $1.0 &* Int128($1.1) }
    let total = Int128(max(1, lengths.reduce(0, +)))
    switch aggregate {
    case .average: return ExactCost(numerator: sum, denominator: total)
    case .final: return ExactCost(numerator: counts.last ?? 0, denominator: 1)
    case .maximum: return ExactCost(numerator: counts.max() ?? 0, denominator: 1)
    case .total: return ExactCost(numerator: sum, denominator: steps == nil ? total : 1)
    }
  }

  /// The same quantity of the all-dense network.
  func exactDenseValue(_ quantity: Requirement.Quantity, _ aggregate: Requirement.Aggregate) -> ExactCost {
    let count = Int128(dense.count(of: quantity))
    switch aggregate {
    case .average, .final, .maximum: return ExactCost(numerator: count, denominator: 1)
    case .total: return ExactCost(numerator: count &* Int128(steps?.reduce(0, +) ?? 1), denominator: 1)
    }
  }
}
