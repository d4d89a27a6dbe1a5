import DrnData
import DrnMethods

extension Metric {
  static let classPrecision = Metric(
    MethodSpec(
      "class_precision", summary: "For each class, the share of right answers among those that name it.")
  ) { score in score.classification.map { .numbers($0.scores.map(\.precision)) } }
}
