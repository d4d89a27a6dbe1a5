/// One method per op on sequences and tokens. A sequence is the matrix of its positions: row b*T + t is position t of sequence b.
extension Builder {
  /// A row of `classes` columns for each token, 1 in the column of that number.
  public mutating func oneHot(_ tokens: Value, classes: Int) throws(IRError) -> Value {
    try emitOne(.oneHot, [tokens], ["classes": .integer(classes)])
  }
  /// The rows of a table that tokens name.
  public mutating func gatherRows(_ tokens: Value, _ table: Value) throws(IRError) -> Value { try emitOne(.gatherRows, [tokens, table]) }
  /// The sums of rows by token: a table of so many rows.
  public mutating func scatterRows(_ tokens: Value, _ rows: Value, rows count: Int) throws(IRError) -> Value {
    try emitOne(.scatterRows, [tokens, rows], ["rows": .integer(count)])
  }
  /// The attention of queries (B*T x H*d) to keys and values (B*T x G*d), all of the same sequences; see `AttentionSettings`.
  public mutating func attention(
    _ queries: Value, _ keys: Value, _ values: Value, lengths: Value? = nil, _ settings: AttentionSettings
  ) throws(IRError) -> Value {
    try emit(.attention, [queries, keys, values] + (lengths.map { [$0] } ?? []), settings.attributes)[0]
  }
  /// The attention of further positions (i32, n) of a sequence, and the caches with them in; of `settings` no length is read, and each position
  /// sees those before it. See the op `cached_attention`.
  public mutating func cachedAttention(
    _ queries: Value, _ keys: Value, _ values: Value, caches: (keys: Value, values: Value), positions: Value, _ settings: AttentionSettings
  ) throws(IRError) -> (result: Value, keys: Value, values: Value) {
    var attributes = settings.attributes
    for name in ["causal", "length"] { attributes[name] = nil }
    let results = try emit(.cachedAttention, [queries, keys, values, caches.keys, caches.values, positions], attributes)
    return (results[0], results[1], results[2])
  }
}

/// What an attention is told beside its operands.
public struct AttentionSettings: Hashable, Sendable {
  /// Positions of a sequence.
  public var length: Int
  /// Heads of the queries.
  public var heads: Int
  /// Heads of keys and values; `heads` is a multiple of it.
  public var groups: Int
  /// Whether a position sees itself and those before it only.
  public var isCausal: Bool
  /// The factor on the products of queries and keys.
  public var scale: Double
  /// The base of the rotary embedding of queries and keys; 0 for none.
  public var rotary: Double

  /// As many heads of keys and values as of queries where `groups` is not given.
  public init(length: Int, heads: Int, groups: Int? = nil, isCausal: Bool = false, scale: Double, rotary: Double = 0) {
    (self.length, self.heads, self.groups, self.isCausal) = (length, heads, groups ?? heads, isCausal)
    (self.scale, self.rotary) = (scale, rotary)
  }

  /// The attributes of `attention` and of its gradient.
  public var attributes: Attributes {
    [
      "causal": .boolean(isCausal), "groups": .integer(groups), "heads": .integer(heads), "length": .integer(length),
      "rotary": .number(rotary), "scale": .number(scale),
    ]
  }
}
