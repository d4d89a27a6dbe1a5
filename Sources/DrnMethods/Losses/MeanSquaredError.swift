import DrnIR

/// The mean over all elements of the squared difference between outputs and targets.
public struct MeanSquaredError: Loss {
  public static let spec = MethodSpec(
    "mean_squared_error", summary: "The mean over all elements of (output - target)^2, with target vectors as labels.")
  public static let takesClasses = false
  public let options: Options
  public init(options: Options) { self.options = options }

  public func emit(outputs: Value, labels: Value, in builder: inout Builder) throws(IRError) -> Value {
    guard let count = builder.type(of: outputs).elementCount, count > 0 else { throw IRError("the outputs have no known size") }
    return try builder.divide(try builder.sumOfSquares(try builder.subtract(outputs, labels)), try builder.constant(Double(count)))
  }
}
