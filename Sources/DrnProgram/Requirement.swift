import DrnNumbers
import DrnSource

/// `require: average(trainable_parameters) <= 0.80 * dense_cost`.
public struct Requirement: Hashable, Sendable {
  public enum Aggregate: String, Hashable, Sendable, CaseIterable { case average, final, maximum, total }
  public enum Quantity: String, Hashable, Sendable, CaseIterable {
    case parameters
    case trainableParameters = "trainable_parameters"
    case deployedParameters = "deployed_parameters"
    case forwardOperations = "forward_operations"
    case trainingOperations = "training_operations"
    case memory
    case stateBytes = "state_bytes"
    case gradientBytes = "gradient_bytes"

    /// Whether shapes and ranks determine it, without compiling a phase.
    public var followsFromShapes: Bool {
      switch self {
      case .parameters, .trainableParameters, .deployedParameters, .stateBytes, .gradientBytes: true
      case .forwardOperations, .trainingOperations, .memory: false
      }
    }
  }
  public enum Comparison: String, Hashable, Sendable {
    case lessOrEqual = "<="
    case less = "<"
    case greaterOrEqual = ">="
    case greater = ">"
  }
  public let aggregate: Aggregate
  public let quantity: Quantity
  public let comparison: Comparison
  public let limit: Rational
  /// Whether `limit` is a multiple of the same quantity of the all-dense network.
  public let isRelativeToDense: Bool
  public package(set) var span: Span
  public init(aggregate: Aggregate, quantity: Quantity, comparison: Comparison, limit: Rational, isRelativeToDense: Bool, span: Span) {
    self.aggregate = aggregate
    self.quantity = quantity
    self.comparison = comparison
    self.limit = limit
    self.isRelativeToDense = isRelativeToDense
    self.span = span
  }
}
