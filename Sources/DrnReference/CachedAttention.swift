import DrnIR
import Foundation

/// Attention of further positions of a sequence from its definition (see the op `cached_attention`), one query at a time.
struct CachedAttention {
  let shape: CachedAttentionShape
  let scale: Double
  let operands: [ReferenceTensor]

  /// The attention, and both caches with the new positions.
  var results: [ReferenceTensor] {
    var (keys, values) = (operands[3], operands[4])
    var y = ReferenceTensor(shape: operands[0].shape, repeating: 0)
    for (row, number) in operands[5].values.enumerated() {
      guard let position = Int(exactly: number), (0..<shape.length).contains(position) else { continue }
      for column in 0..<shape.groups * shape.size {
        keys[column, position] = turned(operands[1], row, column, position)
        values[position, column] = operands[2][row, column]
      }
      for head in 0..<shape.heads {
        let shared = head / (shape.heads / shape.groups) * shape.size
        let query = (0..<shape.size).map { turned(operands[0], row, head * shape.size + $0, position) }
        let scores = (0...position).map { key in
          scale * (0..<shape.size).reduce(0) { $0 + query[$1] * keys[shared + $1, key] }
        }
        let largest = scores.contains(where: \.isNaN) ? Double.nan : scores.max() ?? 0
        let weights = scores.map { exp($0 - largest) }
        let sum = weights.reduce(0, +)
        for column in 0..<shape.size {
          y[row, head * shape.size + column] = (0...position).reduce(0) { $0 + weights[$1] / sum * values[$1, shared + column] }
        }
      }
    }
    return [y, keys, values]
  }

  /// An element of queries or keys, turned with the other of its pair by the angle of its position.
  private func turned(_ x: ReferenceTensor, _ row: Int, _ column: Int, _ position: Int) -> Double {
    guard shape.rotary > 0 else { return x[row, column] }
    let half = shape.size / 2
    let (place, first) = (column % shape.size, column / shape.size * shape.size)
    let pair = place % half
    let angle = Double(position) * pow(shape.rotary, -2 * Double(pair) / Double(shape.size))
    let (low, high) = (x[row, first + pair], x[row, first + pair + half])
    return place < half ? low * cos(angle) - high * sin(angle) : high * cos(angle) + low * sin(angle)
  }
}
