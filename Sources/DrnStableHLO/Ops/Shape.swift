import DrnIR

extension HLOBuilder {
  mutating func translate(_ op: MoveOp, _ given: OperationTranslation) -> HLOValue {
    let (x, shape) = (given.operands[0], given.shape)
    switch op {
    case .broadcast: return broadcast(x, shape, given.attributes.integers("axes") ?? [])
    case .transpose: return transpose(x, [1, 0])
    case .slice: return slice(x, given.extents("starts"), shape)
    case .pad:
      let low = given.extents("starts")
      return pad(x, low: low, high: shape.indices.map { shape[$0] - low[$0] - x.shape[$0] })
    case .concatenate: return concatenate(given.operands, axis: given.attributes.integer("axis") ?? 0)
    case .diagonal:
      let isDiagonal = compare("EQ", iota(0, shape, .i32), iota(1, shape, .i32))
      return select(isDiagonal, overColumns(x, shape), constant(0))
    case .channelsLast: return transpose(x, [0, 2, 3, 1])
    case .channelsFirst: return transpose(x, [0, 3, 1, 2])
    }
  }

  mutating func translate(_ op: ReduceOp, _ given: OperationTranslation) -> HLOValue {
    switch op {
    case .sum: return reduce(given.operands[0], given.attributes.integers("axes") ?? [])
    case .norm:
      // In double precision, as the op is defined: no square overflows.
      var total = constant(0, [], .f64)
      for operand in given.operands {
        let wide = convert(operand, .f64)
        total = add(total, reduce(multiply(wide, wide), wide.type.axes))
      }
      return convert(map("sqrt", total), .f32)
    }
  }

  /// The product of two matrices; the axis that a transposed one has in its other place is contracted there.
  mutating func product(_ given: OperationTranslation) -> HLOValue {
    let left = given.attributes.boolean("transpose_left") ?? false
    let right = given.attributes.boolean("transpose_right") ?? false
    return dot(given.operands[0], given.operands[1], contracting: ([left ? 0 : 1], [right ? 1 : 0]))
  }
}
