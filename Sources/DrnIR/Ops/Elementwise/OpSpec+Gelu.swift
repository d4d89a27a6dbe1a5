/// The Gaussian error linear unit in its exact form, x * Phi(x) with Phi the normal distribution function
/// (Hendrycks and Gimpel, 2016, equation 1), and its derivative.
extension OpSpec {
  static let gelu = unary(
    .gelu, "x * (1 + erf(x / sqrt 2)) / 2",
    gradient: .single { (b: inout Builder, operation: Operation, dy: Value, _: [Bool]) throws(IRError) -> [Value?] in
      [try b.multiply(dy, try b.emitOne(.geluDerivative, operation.operands))]
    })

  static let geluDerivative = unary(
    .geluDerivative, "The derivative of gelu, Phi(x) + x * phi(x)",
    gradient: .single { (b: inout Builder, operation: Operation, dy: Value, _: [Bool]) throws(IRError) -> [Value?] in
      [try b.multiply(dy, try geluSecondDerivative(operation.operands[0], &b))]
    })

  /// phi(x) (2 - x^2), phi being the normal density.
  private static func geluSecondDerivative(_ x: Value, _ b: inout Builder) throws(IRError) -> Value {
    let squared = try b.square(x)
    let density = try b.scale(try b.emitOne(.exponential, [try b.scale(squared, by: -0.5)]), by: 1 / (2 * Double.pi).squareRoot())
    return try b.multiply(density, try b.subtract(try b.constant(2), squared))
  }
}
