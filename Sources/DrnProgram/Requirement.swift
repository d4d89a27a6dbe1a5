import DrnNumbers
import DrnSource

/// `require: average(trainable_parameters) <= 0.80 * dense_cost`.
public struct Requirement: Hashable, Sendable {
  /// How the values of the phases become one: their average weighted by steps, that of the last phase, the largest, or the sum over all
  /// steps.
  public enum Aggregate: String, Hashable, Sendable, CaseIterable { case average, final, maximum, total }
  /// What is bounded; the raw value is the word in the source.
  public enum Quantity: String, Hashable, Sendable, CaseIterable {
    case parameters
    case trainableParameters = "trainable_parameters"
    case deployedParameters = "deployed_parameters"
    case activeParameters = "active_parameters"
    case forwardOperations = "forward_operations"
    case trainingOperations = "training_operations"
    case memory
    case stateBytes = "state_bytes"
    case gradientBytes = "gradient_bytes"
    /// Bytes that a step adds over devices: over those that `check` is told of, or two.
    case traffic

    /// Whether shapes and ranks determine it, without compiling a phase.
    public var followsFromShapes: Bool {
      switch self {
      case .parameters, .trainableParameters, .deployedParameters, .activeParameters, .stateBytes, .gradientBytes: true
      case .forwardOperations, .trainingOperations, .memory, .traffic: false
      }
    }
  }
  /// How the quantity is held against the limit.
  public enum Comparison: String, Hashable, Sendable {
    case lessOrEqual = "<="
    case less = "<"
    case greaterOrEqual = ">="
    case greater = ">"
  }
  /// How the values of the phases become one.
  public let aggregate: Aggregate
  /// What is bounded.
  public let quantity: Quantity
  /// How the quantity is held against the limit.
  public let comparison: Comparison
  /// The number on the right, exactly.
  public let limit: Rational
  /// Whether `limit` is a multiple of the same quantity of the all-dense network.
  public let isRelativeToDense: Bool
  /// The requirement in the source.
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
