import DrnIR

/// Attention head by head. Queries are B x T x G x H/G x d, keys and values B x S x G x d: heads that share keys and values stand together.
extension HLOBuilder {
  mutating func translate(_ op: AttendOp, _ given: OperationTranslation) throws(TranslationError) -> [HLOValue] {
    let scale = given.attributes.number("scale") ?? 1
    switch op {
    case .cached:
      guard let shape = given.cachedAttention else { throw given.error("has no extents") }
      return cachedAttention(given.operands, shape, scale)
    case .forward, .gradient:
      guard let shape = given.attention else { throw given.error("has no extents") }
      let lengths = op.lengths.flatMap { given.operands.count > $0 ? given.operands[$0] : nil }
      let heads = heads(Array(given.operands[op.queries..<op.queries + 3]), shape)
      let mask = attentionMask(shape, lengths)
      if op == .forward { return attention(heads, shape, mask, scale) }
      return attentionGradient(given.operands, heads, shape, mask, scale)
    }
  }

  /// Queries and keys, turned, and values.
  private struct Heads {
    let queries: HLOValue
    let keys: HLOValue
    let values: HLOValue
  }

  /// What is seen: by key for each query (B x G x T x R x S), and which queries see anything (B x G x T x R). `nil` where all do.
  private struct AttentionMask {
    let keys: HLOValue?
    let queries: HLOValue?
  }

  private func own(_ shape: AttentionShape) -> [Int] {
    [shape.batch, shape.length, shape.groups, shape.heads / shape.groups, shape.size]
  }
  private func shared(_ shape: AttentionShape) -> [Int] { [shape.batch, shape.length, shape.groups, shape.size] }

  private mutating func heads(_ inputs: [HLOValue], _ shape: AttentionShape) -> Heads {
    Heads(
      queries: rotated(reshape(inputs[0], own(shape)), shape), keys: rotated(reshape(inputs[1], shared(shape)), shape),
      values: reshape(inputs[2], shared(shape)))
  }

  /// With the columns of each head turned by the position, the second axis; or turned back.
  private mutating func rotated(_ x: HLOValue, _ shape: AttentionShape, back: Bool = false) -> HLOValue {
    guard shape.rotary > 0 else { return x }
    let table = cosinesAndSines(RotaryTable(length: shape.length, size: shape.size, base: shape.rotary))
    let halves = Array(x.shape.dropLast()) + [shape.size / 2]
    let axes = [1, halves.count - 1]
    return turned(x, broadcast(table.cosines, halves, axes), broadcast(table.sines, halves, axes), back: back)
  }

  private mutating func attentionMask(_ shape: AttentionShape, _ lengths: HLOValue?) -> AttentionMask {
    let scores = [shape.batch, shape.groups, shape.length, shape.heads / shape.groups, shape.length]
    let square = [shape.length, shape.length]
    var seen: HLOValue?
    if shape.isCausal { seen = broadcast(compare("GE", iota(0, square, .i32), iota(1, square, .i32)), scores, [2, 4]) }
    guard let lengths else { return AttentionMask(keys: seen, queries: nil) }
    // A length outside 0 to T needs no rule of its own: the comparison with a position gives what the nearest would.
    let inside = [shape.batch, shape.length]
    let isOwn = compare("LT", iota(1, inside, .i32), broadcast(lengths, inside, [0]))
    let ofKey = broadcast(isOwn, scores, [0, 4])
    let ofQuery = broadcast(isOwn, Array(scores.dropLast()), [0, 2])
    let keys = map("and", ofKey, broadcast(ofQuery, scores, [0, 1, 2, 3]))
    return AttentionMask(keys: seen.map { map("and", $0, keys) } ?? keys, queries: ofQuery)
  }

  /// Products of queries and keys, B x G x T x R x S.
  private mutating func scores(_ heads: Heads, _ factor: Double) -> HLOValue {
    scale(dot(heads.queries, heads.keys, batching: ([0, 2], [0, 2]), contracting: ([4], [3])), factor)
  }

  /// From B x G x T x R x d to the rows of positions.
  private mutating func positions(_ x: HLOValue, _ shape: AttentionShape) -> HLOValue {
    reshape(transpose(x, [0, 2, 1, 3, 4]), [shape.batch * shape.length, shape.heads * shape.size])
  }

  private mutating func attention(
    _ heads: Heads, _ shape: AttentionShape, _ mask: AttentionMask, _ factor: Double
  ) -> [HLOValue] {
    var scores = scores(heads, factor)
    if let keys = mask.keys { scores = select(keys, scores, constant(-.infinity)) }
    let largest = reduce(scores, [4], .maximum)
    let weights = map("exponential", subtract(scores, broadcast(largest, scores.shape, [0, 1, 2, 3])))
    let sums = reduce(weights, [4])
    let shares = divide(weights, broadcast(sums, scores.shape, [0, 1, 2, 3]))
    var y = dot(shares, heads.values, batching: ([0, 1], [0, 2]), contracting: ([4], [1]))
    var logarithms = add(map("log", sums), largest)
    if let queries = mask.queries {
      y = select(broadcast(queries, y.shape, [0, 1, 2, 3]), y, constant(0))
      logarithms = select(queries, logarithms, constant(0))
    }
    let rows = [shape.batch * shape.heads, shape.length]
    return [positions(y, shape), reshape(transpose(logarithms, [0, 1, 3, 2]), rows)]
  }

  /// By queries, keys and values, with the probabilities that the logarithms give.
  private mutating func attentionGradient(
    _ operands: [HLOValue], _ heads: Heads, _ shape: AttentionShape, _ mask: AttentionMask, _ factor: Double
  ) -> [HLOValue] {
    let (dy, y) = (reshape(operands[0], own(shape)), reshape(operands[4], own(shape)))
    let means = transpose(reduce(multiply(dy, y), [4]), [0, 2, 1, 3])
    let grouped = [shape.batch, shape.groups, shape.heads / shape.groups, shape.length]
    let logarithms = transpose(reshape(operands[5], grouped), [0, 1, 3, 2])
    let scores = scores(heads, factor)
    var shares = map("exponential", subtract(scores, broadcast(logarithms, scores.shape, [0, 1, 2, 3])))
    if let keys = mask.keys { shares = select(keys, shares, constant(0)) }
    let slopes = dot(dy, heads.values, batching: ([0, 2], [0, 2]), contracting: ([4], [3]))
    let inner = multiply(shares, subtract(slopes, broadcast(means, scores.shape, [0, 1, 2, 3])))
    let queries = scale(dot(inner, heads.keys, batching: ([0, 1], [0, 2]), contracting: ([4], [1])), factor)
    let keys = scale(dot(inner, heads.queries, batching: ([0, 1], [0, 2]), contracting: ([2, 3], [1, 3])), factor)
    let values = dot(shares, dy, batching: ([0, 1], [0, 2]), contracting: ([2, 3], [1, 3]))
    let rows = [shape.batch * shape.length, shape.groups * shape.size]
    return [
      reshape(rotated(transpose(queries, [0, 2, 1, 3, 4]), shape, back: true), [rows[0], shape.heads * shape.size]),
      reshape(rotated(transpose(keys, [0, 2, 1, 3]), shape, back: true), rows), reshape(transpose(values, [0, 2, 1, 3]), rows),
    ]
  }
}
