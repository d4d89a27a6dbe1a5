import DrnIR
import Foundation

extension Evaluation {
  /// What a loss or its gradient gives.
  func evaluate(_ op: LossOp, _ operands: [ReferenceTensor], _ attributes: Attributes) throws(ReferenceError) -> ReferenceTensor {
    switch op {
    case .softmaxCrossEntropy: try SoftmaxCrossEntropy(operands, weights: 2, attributes).loss
    case .softmaxCrossEntropyGradient: try SoftmaxCrossEntropy(operands, weights: 3, attributes).gradient(operands[2].values[0])
    }
  }
}

/// Softmax cross entropy with label smoothing and class weights, from its definition (see the op `softmax_cross_entropy`).
struct SoftmaxCrossEntropy {
  let logits: ReferenceTensor
  let labels: [Int]
  let classWeights: [Double]
  let smoothing: Double
  /// The labels over whose total weight the mean is.
  private let stepLabels: [Int]

  /// `weights` is where the optional class weights stand among the operands.
  init(_ operands: [ReferenceTensor], weights: Int, _ attributes: Attributes) throws(ReferenceError) {
    logits = operands[0]
    let hasStep = operands.count > weights + 1
    let classes = operands[0].columns
    labels = operands[1].values.map { Int(exactly: $0) ?? -1 }
    if let label = zip(labels, operands[1].values).first(where: { !(0..<classes).contains($0.0) }) {
      throw ReferenceError("label \(label.1) is not one of \(classes) classes")
    }
    classWeights = operands.count > weights ? operands[weights].values : Array(repeating: 1, count: classes)
    smoothing = attributes.number("smoothing") ?? 0
    stepLabels = hasStep ? operands[weights + 1].values.map { Int(exactly: $0) ?? -1 } : labels
    guard stepLabels.allSatisfy((0..<classes).contains) else {
      throw ReferenceError("a label of the step is not one of \(classes) classes")
    }
  }

  private var totalWeight: Double { stepLabels.reduce(0) { $0 + classWeights[$1] } }

  /// ln p of one row.
  private func logProbabilities(_ row: Int) -> [Double] {
    let values = (0..<logits.columns).map { logits[row, $0] }
    let largest = values.max() ?? 0
    let logSum = log(values.reduce(0) { $0 + exp($1 - largest) }) + largest
    return values.map { $0 - logSum }
  }

  var loss: ReferenceTensor {
    var total = 0.0
    for (row, label) in labels.enumerated() {
      let logarithms = logProbabilities(row)
      let spread = zip(classWeights, logarithms).reduce(0) { $0 - $1.0 * $1.1 }
      total += (1 - smoothing) * classWeights[label] * -logarithms[label]
      // A class that cannot be has an infinite spread, which is no part of a loss without smoothing.
      if smoothing > 0 { total += smoothing / Double(logits.columns) * spread }
    }
    return ReferenceTensor(total / totalWeight)
  }

  func gradient(_ upstream: Double) -> ReferenceTensor {
    var result = ReferenceTensor(shape: logits.shape, repeating: 0)
    let weightSum = classWeights.reduce(0, +)
    for (row, label) in labels.enumerated() {
      for (column, logarithm) in logProbabilities(row).enumerated() {
        let probability = exp(logarithm)
        let hit = classWeights[label] * (probability - (column == label ? 1 : 0))
        let spread = (weightSum * probability - classWeights[column]) / Double(logits.columns)
        result[row, column] = upstream * ((1 - smoothing) * hit + smoothing * spread) / totalWeight
      }
    }
    return result
  }
}

/// x - log(the sum of e^x) of each row.
func logSoftmax(_ x: ReferenceTensor) -> ReferenceTensor {
  let rows = (0..<x.rows).flatMap { row -> [Double] in
    let values = (0..<x.columns).map { x[row, $0] }
    let largest = values.reduce(-Double.infinity) { $1 > $0 ? $1 : $0 }
    let logSum = log(values.reduce(0) { $0 + exp($1 - largest) })
    return values.map { $0 - largest - logSum }
  }
  return ReferenceTensor(shape: x.shape, values: rows)
}
