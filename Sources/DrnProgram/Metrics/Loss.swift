import DrnData
import DrnMethods

extension Metric {
  static let loss = Metric(
    MethodSpec(
      "loss",
      summary:
        "The mean cross entropy without smoothing or class weights, or the mean squared error; of a loss written as a block that loss's own mean."
    )
  ) { .number($0.loss) }
}
