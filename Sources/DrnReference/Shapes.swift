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
