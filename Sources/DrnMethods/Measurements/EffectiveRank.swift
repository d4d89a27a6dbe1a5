import Foundation

/// The effective rank of Roy and Vetterli in its entropy form; 0 for a zero matrix. That arXiv 2508.08625 measures the same quantity is not
/// known.
public struct EffectiveRank: WeightMeasurement {
  public static let spec = MethodSpec(
    "effective_rank",
    summary: "exp(-sum of p ln p), where p is a singular value over the sum of all; 1 for rank one, the short side where all are equal.",
    source: "Roy and Vetterli 2007, \"The effective rank: a measure of effective dimensionality\", EUSIPCO")
  public let options: Options
  public init(options: Options) { self.options = options }

  public func figures(_ weight: MeasuredWeight) -> [MeasuredFigure] {
    MeasuredFigure.dimension(Self.spec.name, value(weight.singularValues), of: weight)
  }

  func value(_ singularValues: [Double]) -> Double {
    let total = singularValues.reduce(0, +)
    guard total > 0 else { return 0 }
    return exp(
      singularValues.reduce(0) { sum, value in
        let share = value / total
        return share > 0 ? sum - share * log(share) : sum
      })
  }
}
