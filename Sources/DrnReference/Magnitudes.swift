import DrnIR
import Foundation

extension Evaluation {
  /// What an op of magnitudes gives.
  func evaluate(_ op: MagnitudeOp, _ x: ReferenceTensor, _ attributes: Attributes) -> ReferenceTensor {
    let exponent = attributes.number("exponent") ?? 1
    switch op {
    case .power: return x.map { $0 * pow(abs($0), exponent - 1) }
    case .powerDerivative: return x.map { exponent * pow(abs($0), exponent - 1) }
    case .largest: return largest(x, share: attributes.integers("share") ?? [0, 1])
    }
  }
}

/// A stable sort by magnitude, NaN last; the share of the entries is rounded down.
private func largest(_ x: ReferenceTensor, share: [Int]) -> ReferenceTensor {
  let count = x.values.count * share[0] / share[1]
  let magnitudes = x.values.map { $0.isNaN ? -1 : abs($0) }
  let order = x.values.indices.sorted { magnitudes[$0] == magnitudes[$1] ? $0 < $1 : magnitudes[$0] > magnitudes[$1] }
  var mask = ReferenceTensor(shape: x.shape, repeating: 0)
  for index in order.prefix(count) { mask.values[index] = 1 }
  return mask
}
