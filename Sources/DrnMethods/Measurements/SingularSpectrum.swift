/// All singular values.
public struct SingularSpectrum: WeightMeasurement {
  public static let spec = MethodSpec("spectrum", summary: "The singular values themselves, the largest first.")
  public let options: Options
  public init(options: Options) { self.options = options }

  public func figures(_ weight: MeasuredWeight) -> [MeasuredFigure] {
    [MeasuredFigure(Self.spec.name, .numbers(weight.singularValues))]
  }
}
