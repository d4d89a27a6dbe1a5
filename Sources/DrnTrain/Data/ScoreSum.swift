import DrnData
import DrnProgram
import Foundation

/// Adds up a `Score` batch by batch.
package struct ScoreSum {
  private var total = 0.0
  private var count = 0
  private var classification: ClassificationMetrics?
  private var regression: RegressionMetrics?

  package init(classes: Int?) {
    if let classes { classification = ClassificationMetrics(classes: classes) } else { regression = RegressionMetrics() }
  }

  /// Adds rows of logits with their classes.
  package mutating func add(logits: UnsafeBufferPointer<Float>, labels: [Int32], classes: Int) {
    classification?.add(logits: logits, labels: labels)
    for (row, label) in labels.enumerated() {
      let values = UnsafeBufferPointer(rebasing: logits[(row * classes)..<((row + 1) * classes)])
      total += Self.crossEntropy(values, Int(label))
      count += 1
    }
  }

  /// Adds predictions with their targets.
  package mutating func add(predictions: [Float], targets: [Float], width: Int) {
    regression?.add(predictions: predictions, targets: targets)
    for (prediction, target) in zip(predictions, targets) {
      let error = Double(prediction) - Double(target)
      total += error * error / Double(width)
    }
    count += predictions.count / max(1, width)
  }

  private static func crossEntropy(_ logits: UnsafeBufferPointer<Float>, _ label: Int) -> Double {
    guard logits.indices.contains(label), let largest = logits.max() else { return .nan }
    let sum = logits.reduce(0.0) { $0 + exp(Double($1) - Double(largest)) }
    return log(sum) - (Double(logits[label]) - Double(largest))
  }

  package var score: Score {
    Score(loss: count > 0 ? total / Double(count) : .nan, classification: classification, regression: regression)
  }
}
