import DrnMethods
import DrnNumbers

/// A comparison of a figure that a measurement takes of a weight with a number: `stable_rank < 20`.
public struct MeasuredCondition: Sendable {
  /// What takes the figure.
  public let measurement: any WeightMeasurement
  /// The name of the figure among those of the measurement.
  public let figure: String
  public let comparison: Requirement.Comparison
  public let limit: Rational
  public init(measurement: any WeightMeasurement, figure: String, comparison: Requirement.Comparison, limit: Rational) {
    self.measurement = measurement
    self.figure = figure
    self.comparison = comparison
    self.limit = limit
  }

  /// Whether it holds; not where the figure is no number.
  public func holds(of weight: MeasuredWeight) -> Bool {
    guard case .number(let number)? = measurement.figures(weight).first(where: { $0.name == figure })?.value else { return false }
    switch comparison {
    case .less: return number < limit.number
    case .lessOrEqual: return number <= limit.number
    case .greater: return number > limit.number
    case .greaterOrEqual: return number >= limit.number
    }
  }
  /// As it is written.
  public var text: String { "\(figure) \(comparison.rawValue) \(OptionValue(decimalOrQuotient: limit).text)" }
}
