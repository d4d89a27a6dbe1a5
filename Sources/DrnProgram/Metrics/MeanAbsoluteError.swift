import DrnData
import DrnMethods

extension Metric {
  static let meanAbsoluteError = Metric(
    MethodSpec(
      "mean_absolute_error", summary: "The mean of the absolute errors of real values.")
  ) { score in score.regression.map { .number($0.meanAbsoluteError) } }
}
