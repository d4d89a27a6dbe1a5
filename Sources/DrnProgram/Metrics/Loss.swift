import DrnData
import DrnMethods

extension Metric {
  static let loss = Metric(
    MethodSpec(
      "loss", summary: "The mean cross entropy without smoothing or class weights, or the mean squared error.")
  ) { .number($0.loss) }
}
