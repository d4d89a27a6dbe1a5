import DrnIR
import Foundation

extension Evaluation {
  /// What attention or its gradient gives.
  func evaluate(
    _ op: AttendOp, _ operation: DrnIR.Operation, _ operands: [ReferenceTensor], _ function: Function
  ) throws(ReferenceError) -> [ReferenceTensor] {
    let attributes = operation.attributes
    if let shape = CachedAttentionShape(operation, function) {
      return CachedAttention(shape: shape, scale: attributes.number("scale") ?? 1, operands: operands).results
    }
    guard let shape = AttentionShape(operation, function) else { throw ReferenceError("\(op.rawValue) has no extents") }
    let lengths = op.lengths.flatMap { operands.count > $0 ? operands[$0].values : nil }
    let attention = Attention(
      shape: shape, scale: attributes.number("scale") ?? 1, lengths: lengths,
      inputs: Array(operands[op.queries..<op.queries + 3]))
    return op == .forward ? attention.results : attention.gradients(operands[0], y: operands[4], logarithms: operands[5])
  }
}

/// Attention from its definition (see the op `attention`), one query at a time.
private struct Attention {
  let shape: AttentionShape
  let scale: Double
  /// The positions of each sequence that are seen; all of them where there are no lengths.
  let lengths: [Double]?
  /// Queries, keys and values.
  let inputs: [ReferenceTensor]

  /// A query of one head, with the keys that it sees.
  private struct Query {
    /// The sequence and the head together: the row of the logarithms.
    let index: Int
    let position: Int
    /// Rows of the matrices: its own, and those of the keys.
    let row: Int
    let keys: Range<Int>
    /// The first columns of its head among the queries, and among keys and values.
    let column: Int
    let keyColumn: Int
  }

  private var queries: [Query] {
    (0..<shape.batch * shape.heads).flatMap { index in
      let (sequence, head) = (index / shape.heads, index % shape.heads)
      let end = lengths.map { max(0, min(shape.length, Int($0[sequence]))) } ?? shape.length
      let first = sequence * shape.length
      return (0..<end).map { position in
        Query(
          index: index, position: position, row: first + position, keys: first..<first + (shape.isCausal ? position + 1 : end),
          column: head * shape.size, keyColumn: head / (shape.heads / shape.groups) * shape.size)
      }
    }
  }

  /// The cosine and the sine of the angle by which a pair of columns turns.
  private func turn(_ position: Int, _ pair: Int) -> (cosine: Double, sine: Double) {
    let angle = Double(position) * pow(shape.rotary, -2 * Double(pair) / Double(shape.size))
    return (cos(angle), sin(angle))
  }

  /// A matrix of positions with the columns of each head turned, or turned back.
  private func rotated(_ x: ReferenceTensor, back: Bool = false) -> ReferenceTensor {
    guard shape.rotary > 0 else { return x }
    var result = x
    let half = shape.size / 2
    for row in 0..<x.rows {
      for pair in 0..<half {
        var (cosine, sine) = turn(row % shape.length, pair)
        if back { sine = -sine }
        for first in stride(from: pair, to: x.columns, by: shape.size) {
          result[row, first] = x[row, first] * cosine - x[row, first + half] * sine
          result[row, first + half] = x[row, first + half] * cosine + x[row, first] * sine
        }
      }
    }
    return result
  }

  private func score(_ query: Query, _ key: Int, _ q: ReferenceTensor, _ k: ReferenceTensor) -> Double {
    scale * product(query.row, query.column, q, key, query.keyColumn, k)
  }

  /// The product of two rows over the columns of a head.
  private func product(
    _ row: Int, _ column: Int, _ x: ReferenceTensor, _ otherRow: Int, _ otherColumn: Int, _ y: ReferenceTensor
  ) -> Double {
    (0..<shape.size).reduce(0) { $0 + x[row, column + $1] * y[otherRow, otherColumn + $1] }
  }

  /// The attention, and the logarithms of the sums.
  var results: [ReferenceTensor] {
    let (q, k) = (rotated(inputs[0]), rotated(inputs[1]))
    var y = ReferenceTensor(shape: q.shape, repeating: 0)
    var logarithms = ReferenceTensor(shape: [shape.batch * shape.heads, shape.length], repeating: 0)
    for query in queries {
      let scores = query.keys.map { score(query, $0, q, k) }
      let largest = scores.contains(where: \.isNaN) ? Double.nan : scores.max() ?? 0
      let weights = scores.map { exp($0 - largest) }
      let sum = weights.reduce(0, +)
      logarithms[query.index, query.position] = log(sum) + largest
      for (key, weight) in zip(query.keys, weights) {
        for column in 0..<shape.size {
          y[query.row, query.column + column] += weight / sum * inputs[2][key, query.keyColumn + column]
        }
      }
    }
    return [y, logarithms]
  }

  /// The gradients by queries, keys and values, with the probabilities that the logarithms give.
  func gradients(_ dy: ReferenceTensor, y: ReferenceTensor, logarithms: ReferenceTensor) -> [ReferenceTensor] {
    let (q, k, v) = (rotated(inputs[0]), rotated(inputs[1]), inputs[2])
    var (dq, dk, dv) = (q.map { _ in 0 }, k.map { _ in 0 }, v.map { _ in 0 })
    for query in queries {
      let mean = product(query.row, query.column, dy, query.row, query.column, y)
      for key in query.keys {
        let probability = exp(score(query, key, q, k) - logarithms[query.index, query.position])
        let slope = probability * (product(query.row, query.column, dy, key, query.keyColumn, v) - mean)
        for column in 0..<shape.size {
          let (own, other) = (query.column + column, query.keyColumn + column)
          dv[key, other] += probability * dy[query.row, own]
          dq[query.row, own] += scale * slope * k[key, other]
          dk[key, other] += scale * slope * q[query.row, own]
        }
      }
    }
    return [rotated(dq, back: true), rotated(dk, back: true), dv]
  }
}
