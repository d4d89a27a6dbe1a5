import DrnIR

extension Evaluation {
  /// What an op that moves elements gives.
  func evaluate(
    _ op: MoveOp, _ operands: [ReferenceTensor], to shape: [Int], _ attributes: Attributes
  ) throws(ReferenceError) -> ReferenceTensor {
    switch op {
    case .broadcast: broadcast(operands[0], to: shape, axes: attributes.integers("axes") ?? [])
    case .transpose: operands[0].transposed
    case .slice: slice(operands[0], to: shape, starts: try extents(attributes, "starts"))
    case .pad: pad(operands[0], to: shape, starts: try extents(attributes, "starts"))
    case .concatenate: concatenate(operands, to: shape, axis: attributes.integer("axis") ?? 0)
    case .diagonal: diagonal(operands[0])
    case .channelsLast: reorder(operands[0], to: shape, axes: [0, 2, 3, 1])
    case .channelsFirst: reorder(operands[0], to: shape, axes: [0, 3, 1, 2])
    }
  }
}

private func extents(_ attributes: Attributes, _ name: String) throws(ReferenceError) -> [Int] {
  let dimensions = attributes.dimensions(name) ?? []
  let values = dimensions.compactMap(\.value)
  guard values.count == dimensions.count else { throw ReferenceError("attribute \(name) is symbolic") }
  return values
}

extension Evaluation {
  /// What an op that sums elements gives.
  func evaluate(_ op: ReduceOp, _ operands: [ReferenceTensor], to shape: [Int], _ attributes: Attributes) -> ReferenceTensor {
    switch op {
    case .sum: sum(operands[0], to: shape, axes: attributes.integers("axes") ?? [])
    case .norm: ReferenceTensor(operands.reduce(0) { $1.values.reduce($0) { $0 + $1 * $1 } }.squareRoot())
    }
  }
}

/// The index vectors of a shape in row-major order.
private func indices(of shape: [Int]) -> [[Int]] {
  shape.reduce([[]]) { prefixes, extent in prefixes.flatMap { prefix in (0..<extent).map { prefix + [$0] } } }
}

/// The row-major position of an index vector.
private func offset(_ index: [Int], in shape: [Int]) -> Int {
  zip(index, shape).reduce(0) { $0 * $1.1 + $1.0 }
}

func broadcast(_ operand: ReferenceTensor, to shape: [Int], axes: [Int]) -> ReferenceTensor {
  let values = indices(of: shape).map { index in operand.values[offset(axes.map { index[$0] }, in: operand.shape)] }
  return ReferenceTensor(shape: shape, values: values)
}

func sum(_ operand: ReferenceTensor, to shape: [Int], axes: [Int]) -> ReferenceTensor {
  var result = ReferenceTensor(shape: shape, repeating: 0)
  let kept = operand.shape.indices.filter { !axes.contains($0) }
  for (index, value) in zip(indices(of: operand.shape), operand.values) {
    result.values[offset(kept.map { index[$0] }, in: shape)] += value
  }
  return result
}

func slice(_ operand: ReferenceTensor, to shape: [Int], starts: [Int]) -> ReferenceTensor {
  let values = indices(of: shape).map { index in operand.values[offset(zip(index, starts).map { $0 + $1 }, in: operand.shape)] }
  return ReferenceTensor(shape: shape, values: values)
}

func pad(_ operand: ReferenceTensor, to shape: [Int], starts: [Int]) -> ReferenceTensor {
  var result = ReferenceTensor(shape: shape, repeating: 0)
  for (index, value) in zip(indices(of: operand.shape), operand.values) {
    result.values[offset(zip(index, starts).map { $0 + $1 }, in: shape)] = value
  }
  return result
}

func concatenate(_ operands: [ReferenceTensor], to shape: [Int], axis: Int) -> ReferenceTensor {
  var result = ReferenceTensor(shape: shape, repeating: 0)
  var start = 0
  for operand in operands {
    for (index, value) in zip(indices(of: operand.shape), operand.values) {
      var place = index
      place[axis] += start
      result.values[offset(place, in: shape)] = value
    }
    start += operand.shape[axis]
  }
  return result
}

func diagonal(_ vector: ReferenceTensor) -> ReferenceTensor {
  let count = vector.shape[0]
  var result = ReferenceTensor(shape: [count, count], repeating: 0)
  for index in 0..<count { result[index, index] = vector.values[index] }
  return result
}

/// The axes of a tensor in another order: axis i of the result is axis `axes[i]` of the operand.
func reorder(_ operand: ReferenceTensor, to shape: [Int], axes: [Int]) -> ReferenceTensor {
  let strides = operand.shape.indices.map { operand.shape[($0 + 1)...].reduce(1, *) }
  var offsets = [0]
  for (extent, axis) in zip(shape, axes) { offsets = offsets.flatMap { base in (0..<extent).map { base + $0 * strides[axis] } } }
  return ReferenceTensor(shape: shape, values: offsets.map { operand.values[$0] })
}
