import DrnData
import DrnMethods

/// Loss and metrics of a network on one split.
public struct Score: Sendable {
  /// The mean of the loss that the program writes as a block; else cross-entropy without smoothing or class weights, or the mean squared error.
  public let loss: Double
  /// Counts of right and wrong answers by class; `nil` for regression.
  public let classification: ClassificationMetrics?
  /// Errors of the predicted values; `nil` with classes.
  public let regression: RegressionMetrics?
  public init(loss: Double, classification: ClassificationMetrics?, regression: RegressionMetrics?) {
    self.loss = loss
    self.classification = classification
    self.regression = regression
  }

  /// The same metrics with another loss.
  package func with(loss: Double) -> Score { Score(loss: loss, classification: classification, regression: regression) }

  /// The share of right answers; `nil` for regression.
  public var accuracy: Double? { classification?.accuracy }
  /// Whether this is a better result: by what is asked for, then by the loss.
  package func isBetter(than other: Score, by selection: Selection) -> Bool {
    if let mine = measure(selection), let theirs = other.measure(selection), mine != theirs { return mine > theirs }
    return loss < other.loss
  }

  /// The one number that is asked for, and whether more of it is better.
  package func watched(_ selection: Selection) -> (score: Double, higherIsBetter: Bool) {
    measure(selection).map { ($0, true) } ?? (loss, false)
  }

  /// What is to be high; `nil` where the loss alone decides.
  private func measure(_ selection: Selection) -> Double? {
    switch selection {
    case .accuracy: accuracy
    case .balancedAccuracy: classification?.balancedAccuracy
    case .loss, .last: nil
    }
  }

  /// Every metric that the split has, in the order of `Metrics.all`.
  public func figures(topK: [Int]) -> [MeasuredFigure] { Metrics.all.flatMap { $0.figures(self, topK) } }
}
