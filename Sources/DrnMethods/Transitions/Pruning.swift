import DrnNumbers

/// The values with all but the share `keep` of largest magnitude set to zero: `prune(keep:)` after a carry.
///
/// Keeps ceil(keep * count) values; of equal magnitudes the earlier one stays. NaN counts as smallest. Shares outside 0...1 are clamped.
public func pruneToLargest(_ values: [Float], keep: Rational) -> [Float] {
  pruneToLargest(values, count: min(max(keep, 0), 1).of(values.count, .up))
}

/// The values with all but so many of largest magnitude set to zero; of equal magnitudes the earlier one stays, and NaN counts as smallest.
public func pruneToLargest(_ values: [Float], count: Int) -> [Float] {
  guard count < values.count else { return values }
  let magnitudes = values.map { $0.isNaN ? -1 : abs($0) }
  let order = values.indices.sorted { magnitudes[$0] == magnitudes[$1] ? $0 < $1 : magnitudes[$0] > magnitudes[$1] }
  var pruned = Array(repeating: Float(0), count: values.count)
  for index in order.prefix(count) { pruned[index] = values[index] }
  return pruned
}
