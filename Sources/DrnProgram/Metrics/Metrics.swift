/// What is said of a network on a split. A new metric is one file in this folder and one entry here; what it counts of each batch is kept in
/// `ClassificationMetrics` or `RegressionMetrics`.
public enum Metrics {
  /// In the order in which they are listed.
  public static let all: [Metric] = [.loss, .accuracy, .balancedAccuracy, .topKAccuracy, .classRecall, .classPrecision, .meanAbsoluteError]
}
