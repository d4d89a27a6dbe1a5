import DrnIR

extension Evaluation {
  /// What an op of tokens gives.
  func evaluate(_ op: TokenOp, _ operands: [ReferenceTensor], to shape: [Int]) -> ReferenceTensor {
    var result = ReferenceTensor(shape: shape, repeating: 0)
    for (row, value) in operands[0].values.enumerated() {
      guard let token = Int(exactly: value) else { continue }
      switch op {
      case .oneHot: if (0..<shape[1]).contains(token) { result[row, token] = 1 }
      case .gatherRows:
        guard (0..<operands[1].rows).contains(token) else { continue }
        for column in 0..<shape[1] { result[row, column] = operands[1][token, column] }
      case .scatterRows:
        guard (0..<shape[0]).contains(token) else { continue }
        for column in 0..<shape[1] { result[token, column] += operands[1][row, column] }
      }
    }
    return result
  }
}
