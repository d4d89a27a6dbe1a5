import DrnIR

/// Further positions of one sequence, row by row: a row sees the caches as those before it left them.
extension HLOBuilder {
  mutating func cachedAttention(_ operands: [HLOValue], _ shape: CachedAttentionShape, _ factor: Double) -> [HLOValue] {
    let columns = shape.groups * shape.size
    let own = [shape.groups, shape.heads / shape.groups, shape.size]
    var (queries, keys) = (reshape(operands[0], [shape.count] + own), reshape(operands[1], [shape.count, shape.groups, shape.size]))
    let places = operands[5]
    if shape.rotary > 0 {
      let table = cosinesAndSines(RotaryTable(length: shape.length, size: shape.size, base: shape.rotary))
      let (cosines, sines) = (rows(of: table.cosines, at: places), rows(of: table.sines, at: places))
      queries = turned(queries, overEnds(cosines, queries), overEnds(sines, queries))
      keys = turned(keys, overEnds(cosines, keys), overEnds(sines, keys))
    }
    let isThere = areIn(places, count: shape.length)
    var caches = (keys: operands[3], values: operands[4])
    var results: [HLOValue] = []
    for row in 0..<shape.count {
      let place = reshape(slice(places, [row], [1]), [])
      let key = broadcast(reshape(slice(keys, [row, 0, 0], [1, shape.groups, shape.size]), [columns]), [columns, shape.length], [0])
      let value = broadcast(reshape(slice(operands[2], [row, 0], [1, columns]), [columns]), [shape.length, columns], [1])
      // No place is that of a row outside, so that nothing of it enters.
      caches.keys = select(compare("EQ", iota(1, key.shape, .i32), place), key, caches.keys)
      caches.values = select(compare("EQ", iota(0, value.shape, .i32), place), value, caches.values)
      let query = reshape(slice(queries, [row, 0, 0, 0], [1] + own), own)
      let y = rowAttention(query, caches, place, shape, factor)
      let isKept = reshape(slice(isThere, [row], [1]), [])
      results.append(reshape(select(broadcast(isKept, y.shape, []), y, constant(0)), [1, shape.heads * shape.size]))
    }
    return [concatenate(results, axis: 0), caches.keys, caches.values]
  }

  /// Rows by pairs of columns, over the heads of x between them.
  private mutating func overEnds(_ table: HLOValue, _ x: HLOValue) -> HLOValue {
    let halves = Array(x.shape.dropLast()) + [table.shape[1]]
    return broadcast(table, halves, [0, halves.count - 1])
  }

  /// The attention of one query (G x R x d) to the positions up to its own.
  private mutating func rowAttention(
    _ query: HLOValue, _ caches: (keys: HLOValue, values: HLOValue), _ place: HLOValue, _ shape: CachedAttentionShape, _ factor: Double
  ) -> HLOValue {
    let keys = reshape(caches.keys, [shape.groups, shape.size, shape.length])
    let values = reshape(caches.values, [shape.length, shape.groups, shape.size])
    let all = scale(dot(query, keys, batching: ([0], [0]), contracting: ([2], [1])), factor)
    let isSeen = compare("LE", iota(2, all.shape, .i32), place)
    let scores = select(isSeen, all, constant(-.infinity))
    let weights = map("exponential", subtract(scores, broadcast(reduce(scores, [2], .maximum), scores.shape, [0, 1])))
    let shares = divide(weights, broadcast(reduce(weights, [2]), scores.shape, [0, 1]))
    return dot(shares, values, batching: ([0], [1]), contracting: ([2], [0]))
  }
}
