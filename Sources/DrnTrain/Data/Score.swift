import DrnData
import DrnMethods
import Foundation

/// Loss and metrics of a network on one split.
public struct Score: Sendable {
  /// Cross-entropy without smoothing or class weights, or the mean squared error.
  public let loss: Double
  /// Counts of right and wrong answers by class; `nil` for regression.
  public let classification: ClassificationMetrics?
  /// Errors of the predicted values; `nil` with classes.
  public let regression: RegressionMetrics?
  /// The share of right answers; `nil` for regression.
  public var accuracy: Double? { classification?.accuracy }
  /// Whether this is a better result: by what is asked for, then by the loss.
  func isBetter(than other: Score, by selection: Selection) -> Bool {
    if let mine = measure(selection), let theirs = other.measure(selection), mine != theirs { return mine > theirs }
    return loss < other.loss
  }

  /// What is to be high; `nil` where the loss alone decides.
  private func measure(_ selection: Selection) -> Double? {
    switch selection {
    case .accuracy: accuracy
    case .balancedAccuracy: classification?.balancedAccuracy
    case .loss, .last: nil
    }
  }
}

/// Adds up a `Score` batch by batch.
struct ScoreSum {
  private var total = 0.0
  private var count = 0
  private var classification: ClassificationMetrics?
  private var regression: RegressionMetrics?

  init(classes: Int?) {
    if let classes { classification = ClassificationMetrics(classes: classes) } else { regression = RegressionMetrics() }
  }

  /// Adds rows of logits with their classes.
  mutating func add(logits: UnsafeBufferPointer<Float>, labels: [Int32], classes: Int) {
    classification?.add(logits: logits, labels: labels)
    for (row, label) in labels.enumerated() {
      let values = UnsafeBufferPointer(rebasing: logits[(row * classes)..<((row + 1) * classes)])
      total += Self.crossEntropy(values, Int(label))
      count += 1
    }
  }

  /// Adds predictions with their targets.
  mutating func add(predictions: [Float], targets: [Float], width: Int) {
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

  var score: Score {
    Score(loss: count > 0 ? total / Double(count) : .nan, classification: classification, regression: regression)
  }
}
