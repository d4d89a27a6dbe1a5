import DrnIR

/// A task of a cached attention is a head of keys and values with every query that goes with it.
extension CachedAttentionShape {
  /// Floats that a task works in: the scores of a query, and a row of queries or keys.
  public var workFloats: Int { saturatedSum(roundedToBlock(length), roundedToBlock(size)) }

  /// Multiply-adds where the caches are full, an exponential counted as what takes as long.
  public var multiplyAdds: Double {
    Double(count) * Double(heads) * Double(length) * (2 * Double(roundedToBlock(size)) + AttentionPlan.exponential)
  }
}
