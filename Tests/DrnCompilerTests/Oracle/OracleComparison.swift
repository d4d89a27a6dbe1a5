/// Differences from PyTorch's numbers, collected.
struct OracleComparison {
  /// A tensor that differs by more than it may.
  struct Deviation: CustomStringConvertible {
    let tensor: String
    let step: Int
    let difference: Double
    let allowed: Double
    var description: String { "\(tensor) after step \(step) differs by \(difference) where \(allowed) is allowed" }
  }
  private(set) var deviations: [Deviation] = []
  /// Tensors compared so far.
  private(set) var count = 0

  /// Holds a tensor against PyTorch's: the norm of the difference may be `share` of the norm of PyTorch's, plus `rounding`.
  mutating func compare(
    _ tensor: String, step: Int, _ found: [Double], with expected: [Double], within share: Double, plus rounding: Double = 0
  ) {
    count += 1
    let difference = found.count == expected.count ? norm(minus(found, expected)) : .infinity
    let allowed = share * norm(expected) + rounding
    // Written so that a number that is not one deviates.
    if !(difference <= allowed) {
      deviations.append(Deviation(tensor: tensor, step: step, difference: difference, allowed: allowed))
    }
  }

  /// The first few deviations.
  var summary: String {
    "\(deviations.count) of \(count) tensors deviate: " + deviations.prefix(6).map(\.description).joined(separator: "; ")
  }
}

/// The root of the sum of squares.
func norm(_ values: [Double]) -> Double {
  var sum = 0.0
  values.withUnsafeBufferPointer { for value in $0 { sum += value * value } }
  return sum.squareRoot()
}

/// The difference, element by element, of two lists of one length.
func minus(_ left: [Double], _ right: [Double]) -> [Double] {
  left.withUnsafeBufferPointer { left in
    right.withUnsafeBufferPointer { right in
      [Double](unsafeUninitializedCapacity: left.count) { result, count in
        for index in 0..<left.count { result[index] = left[index] - right[index] }
        count = left.count
      }
    }
  }
}
