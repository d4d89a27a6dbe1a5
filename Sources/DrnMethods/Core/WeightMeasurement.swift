import DrnNumbers

/// What `report` writes of a weight. One file each under `Measurements/`, listed in `Measurements.all`.
public protocol WeightMeasurement: Method {
  /// The figures of one weight, in the order in which they stand in the log.
  func figures(_ weight: MeasuredWeight) -> [MeasuredFigure]
}

/// What `report` writes of the network on the test split while some of its weights are pruned; the weights are then what they were.
public protocol PruningMeasurement: WeightMeasurement {
  /// The shares of entries to keep, one after the other.
  var keep: [Rational] { get }
  /// How many entries of a trained tensor of so many stay; `isLast` of the last weight of the network.
  func kept(_ share: Rational, of count: Int, isLast: Bool) -> Int
}

extension PruningMeasurement {
  /// A weight alone has no such figure.
  public func figures(_ weight: MeasuredWeight) -> [MeasuredFigure] { [] }
}

/// What is known of a weight where it is measured.
public struct MeasuredWeight: Sendable {
  /// Rows, columns and, of a convolution, its geometry.
  public let shape: WeightShape
  /// Descending, not negative; of each group of a grouped convolution those of all groups together.
  public let singularValues: [Double]
  /// `singularValues` in any order; rounding may have left some below 0, which count as 0.
  public init(shape: WeightShape, singularValues: [Float]) {
    self.shape = shape
    self.singularValues = singularValues.map { max(0, Double($0)) }.sorted(by: >)
  }
}

/// One figure of a report.
public struct MeasuredFigure: Hashable, Sendable {
  /// One number, or several.
  public enum Value: Hashable, Sendable {
    case number(Double)
    case numbers([Double])
  }
  /// Its key in the log.
  public let name: String
  /// What stands under it.
  public let value: Value
  public init(_ name: String, _ value: Value) {
    self.name = name
    self.value = value
  }

  /// A dimension, and its share of the most that the shape of the weight allows.
  static func dimension(_ name: String, _ value: Double, of weight: MeasuredWeight) -> [MeasuredFigure] {
    let most = Double(max(1, weight.shape.singularValueCount))
    return [MeasuredFigure(name, .number(value)), MeasuredFigure(name + "_relative", .number(value / most))]
  }
}
