/// The extents of a cached attention.
public struct CachedAttentionShape: Hashable, Sendable {
  /// Positions n that are added.
  public let count: Int
  /// Positions T for which the caches have room.
  public let length: Int
  /// Heads H of the queries.
  public let heads: Int
  /// Heads G of keys and values; head h of the queries goes with number h / (H / G).
  public let groups: Int
  /// Columns d of a head.
  public let size: Int
  /// The base of the rotary embedding; 0 for none.
  public let rotary: Double

  /// Throws where the attributes do not describe queries of that shape (n x H*d) and a cache of values of that (T x G*d).
  init(_ attributes: Attributes, queries: [Dimension], values: [Dimension]) throws(IRError) {
    // Queries are those of one sequence.
    guard queries.count == 2, let count = queries[0].value, values.count == 2, let length = values[0].value, count >= 1, length >= 1 else {
      throw IRError("queries and caches are not matrices of known extents of at least 1")
    }
    guard let heads = attributes.integer("heads"), let groups = attributes.integer("groups") else {
      throw IRError("attribute heads or groups is missing")
    }
    let shape = try AttentionShape(
      AttentionSettings(length: count, heads: heads, groups: groups, scale: 1, rotary: attributes.number("rotary") ?? 0).attributes,
      queries: queries, message: TensorType.f32(queries).message)
    (self.count, self.length, self.heads, self.groups) = (count, length, shape.heads, shape.groups)
    (size, rotary) = (shape.size, shape.rotary)
  }

  /// Of a concrete operation; `nil` for other operations.
  public init?(_ operation: Operation, _ function: Function) {
    guard operation.opcode == .cachedAttention, operation.operands.count == 6 else { return nil }
    let types = operation.operands.map(function.type)
    guard let shape = try? CachedAttentionShape(operation.attributes, queries: types[0].shape, values: types[4].shape) else { return nil }
    self = shape
  }
}

/// Attention of the next positions of one sequence, which sees those before by caches of their keys and values: what `attention` with `causal`
/// gives for the last rows of the whole sequence.
///
/// Keys are kept turned, and as columns, so that a kernel takes the scores of neighbouring positions together.
extension OpSpec {
  static let cachedAttention = define(
    .cachedAttention,
    "Attention of n further positions of one sequence: of their queries (n x H*d), keys and values (n x G*d), with the caches of the keys (G*d x T, a column for each position, turned) and of the values (T x G*d) of those before, and their numbers (i32, n). "
      + "Row by row keys and values enter the caches, and position t sees those from 0 to t. Gives the attention (n x H*d), and the caches as they are then. Of a number outside 0 to T - 1 the attention is 0, and nothing enters.",
    arity: .exactly(6),
    attributes: [
      AttributeSpec("groups", .integer(0), "Heads G of keys and values; H is a multiple of it."),
      AttributeSpec("heads", .integer(0), "Heads H of the queries; head h goes with number h / (H / G) of keys and values."),
      AttributeSpec("rotary", .number(0), "The base of the rotary embedding of queries and keys, at least 1, with d even; 0 for none."),
      AttributeSpec("scale", .number(0), "The factor on the products of queries and keys, usually 1 / sqrt d."),
    ],
    gradient: .undefined("a sequence is continued after training, not in it"),
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in
      let queries = try request.shape(0, rank: 2)
      let shape = try CachedAttentionShape(request.attributes, queries: queries, values: try request.shape(4, rank: 2))
      let columns = Dimension(shape.groups * shape.size)
      let message = request.operands[0].message
      for index in [1, 2] {
        try request.require(index, is: .f32([Dimension(shape.count), columns]), because: "as keys or values of queries \(message)")
      }
      let caches = [TensorType.f32([columns, Dimension(shape.length)]), .f32([Dimension(shape.length), columns])]
      for (index, cache) in zip([3, 4], caches) { try request.require(index, is: cache, because: "as cache for queries \(message)") }
      try request.require(5, is: TensorType(.i32, [Dimension(shape.count)]), because: "as positions of queries \(message)")
      _ = try request.number("scale", in: -Double.greatestFiniteMagnitude..<Double.infinity)
      return [request.operands[0]] + caches
    })
}
