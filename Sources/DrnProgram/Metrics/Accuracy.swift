import DrnData
import DrnMethods

extension Metric {
  static let accuracy = Metric(
    MethodSpec(
      "accuracy", summary: "The share of examples whose class has the largest output.")
  ) { score in score.classification.map { .number($0.accuracy) } }
}
