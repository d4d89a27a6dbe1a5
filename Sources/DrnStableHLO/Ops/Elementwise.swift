import DrnIR

extension HLOBuilder {
  mutating func translate(_ op: UnaryOp, _ x: HLOValue) -> HLOValue {
    switch op {
    case .negate: return map("negate", x)
    case .exponential: return map("exponential", x)
    case .logarithm: return map("log", x)
    case .squareRoot: return map("sqrt", x)
    case .reciprocal: return divide(constant(1), x)
    case .absolute: return map("abs", x)
    // That of StableHLO is NaN where x is.
    case .sign: return select(compare("GT", x, 0), constant(1), select(compare("LT", x, 0), constant(-1), constant(0)))
    case .square: return multiply(x, x)
    case .relu: return map("maximum", x, 0)
    case .gelu: return multiply(x, normalDistribution(x))
    case .geluDerivative:
      let density = scale(map("exponential", scale(multiply(x, x), -0.5)), 1 / (2 * Double.pi).squareRoot())
      return add(normalDistribution(x), multiply(x, density))
    case .tanh: return map("tanh", x)
    case .sigmoid: return map("logistic", x)
    }
  }

  mutating func translate(_ op: BinaryOp, _ left: HLOValue, _ right: HLOValue) -> HLOValue {
    switch op {
    case .add: add(left, right)
    case .subtract: subtract(left, right)
    case .multiply: multiply(left, right)
    case .divide: divide(left, right)
    case .maximum: map("maximum", left, right)
    case .minimum: map("minimum", left, right)
    case .greater: convert(compare("GT", left, right), .f32)
    }
  }

  /// The normal distribution function, (1 + erf(x / sqrt 2)) / 2.
  private mutating func normalDistribution(_ x: HLOValue) -> HLOValue {
    scale(shift(errorFunction(scale(x, 0.5.squareRoot())), 1), 0.5)
  }

  /// erf by the rational function of x^2, degree 4 over 6, that Eigen and XLA have for single precision; it is 1 to rounding from `limit` on.
  /// StableHLO has no operation for it.
  private mutating func errorFunction(_ x: HLOValue) -> HLOValue {
    let limit = 3.832506856900711
    let bounded = map("maximum", map("minimum", x, limit), -limit)
    let square = multiply(bounded, bounded)
    let numerator = polynomial(
      [0.00022905065861350646, 0.0034082910107109506, 0.050955695062380861, 0.18520832239976145, 1.128379143519084], square)
    let denominator = polynomial(
      [
        -1.1791602954361697e-7, 0.000023547966471313185, 0.0010179625278914885, 0.014070470171167667, 0.11098505178285362,
        0.49746925110067538, 1,
      ], square)
    return divide(multiply(bounded, numerator), denominator)
  }

  /// By Horner's rule, the coefficient of the highest power first.
  private mutating func polynomial(_ coefficients: [Double], _ x: HLOValue) -> HLOValue {
    var sum = scale(x, coefficients[0])
    for coefficient in coefficients.dropFirst().dropLast() { sum = multiply(shift(sum, coefficient), x) }
    return shift(sum, coefficients[coefficients.count - 1])
  }
}
