import DrnData
import DrnMethods

extension Metric {
  static let topKAccuracy = Metric(
    MethodSpec(
      "top_k", summary: "For each k of `top_k`, as `top5_accuracy`: the share of examples whose class is among the k largest outputs.")
  ) { score, topK in
    score.classification.map { counts in topK.map { MeasuredFigure("top\($0)_accuracy", .number(counts.accuracy(top: $0))) } } ?? []
  }
}
