import DrnIR
import DrnMethods

/// What the products of a weight multiply, forward and backward. They add in single precision, and everything else is single either way: weights,
/// optimizer state, statistics, losses, factorizations and transitions.
public enum ProductPrecision: String, Sendable, Hashable, CaseIterable {
  /// Numbers of single precision.
  case single
  /// Numbers rounded to bfloat16, half as wide.
  case bfloat16
}

extension Parameterization {
  /// `apply`, with products of that precision.
  public func apply(
    _ input: WeightInput, parameters: [Value], shape: WeightShape, rank: Dimension, precision: ProductPrecision, in builder: inout Builder
  ) throws(IRError) -> Value {
    builder.productElement = precision == .bfloat16 ? .bf16 : .f32
    defer { builder.productElement = .f32 }
    return try apply(input, parameters: parameters, shape: shape, rank: rank, in: &builder)
  }
}

extension CheckedProgram {
  /// Whether some product multiplies bfloat16.
  public var multipliesHalf: Bool { weights.contains { $0.precision == .bfloat16 } }

  /// The same program with every product in single precision: for what has no others.
  public func inSinglePrecision() -> CheckedProgram {
    var program = self
    program.weights = weights.map { WeightPlan(site: $0.site, spans: $0.spans) }
    return program
  }
}
