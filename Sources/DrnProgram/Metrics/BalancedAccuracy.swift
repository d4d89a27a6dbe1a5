import DrnData
import DrnMethods

extension Metric {
  static let balancedAccuracy = Metric(
    MethodSpec(
      "balanced_accuracy", summary: "The mean of the recalls of the classes that have examples.",
      source: "Brodersen et al. 2010, \"The balanced accuracy and its posterior distribution\"")
  ) { score in score.classification.map { .number($0.balancedAccuracy) } }
}
