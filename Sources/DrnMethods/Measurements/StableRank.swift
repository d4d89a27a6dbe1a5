/// The squared Frobenius norm over the squared largest singular value; 0 for a zero matrix.
public struct StableRank: WeightMeasurement {
  public static let spec = MethodSpec(
    "stable_rank", summary: "The sum of the squared singular values over the square of the largest; at most the rank.",
    source: "Rudelson and Vershynin 2007, \"Sampling from large matrices\", arXiv math/0503442")
  public let options: Options
  public init(options: Options) { self.options = options }

  public func figures(_ weight: MeasuredWeight) -> [MeasuredFigure] {
    MeasuredFigure.dimension(Self.spec.name, value(weight.singularValues), of: weight)
  }

  func value(_ singularValues: [Double]) -> Double {
    guard let largest = singularValues.first, largest > 0 else { return 0 }
    return singularValues.reduce(0) { $0 + ($1 / largest) * ($1 / largest) }
  }
}
