import DrnData
import DrnMethods

extension Metric {
  static let classRecall = Metric(
    MethodSpec(
      "class_recall", summary: "For each class, the share of its examples that are found.")
  ) { score in score.classification.map { .numbers($0.scores.map(\.recall)) } }
}
