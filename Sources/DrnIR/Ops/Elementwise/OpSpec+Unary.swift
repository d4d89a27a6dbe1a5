/// Ops of one `f32` operand that keep its shape.
extension OpSpec {
  /// The gradient of one operand, from the operand, the result and the result's gradient.
  typealias UnaryRule = @Sendable (inout Builder, _ x: Value, _ y: Value, _ dy: Value) throws(IRError) -> Value

  /// An elementwise op; `cost` is the arithmetic per element.
  static func unary(_ opcode: Opcode, _ formula: String, cost: Int = 1, gradient: Gradient) -> OpSpec {
    define(
      opcode, "\(formula), element by element; the result has the operand's shape.", arity: .exactly(1), isElementwise: true,
      gradient: gradient,
      operations: { Cost.multiply(cost, $0.count(0)) },
      infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in [.f32(try request.shape(0))] })
  }

  private static func unary(_ opcode: Opcode, _ formula: String, cost: Int = 1, rule: @escaping UnaryRule) -> OpSpec {
    unary(
      opcode, formula, cost: cost,
      gradient: .single { (builder: inout Builder, operation: Operation, dy: Value, _: [Bool]) throws(IRError) -> [Value?] in
        [try rule(&builder, operation.operands[0], operation.results[0], dy)]
      })
  }

  static let negate = unary(.negate, "-x") { (b, _, _, dy) throws(IRError) in try b.negate(dy) }
  static let exponential = unary(.exponential, "e^x") { (b, _, y, dy) throws(IRError) in try b.multiply(dy, y) }
  static let logarithm = unary(.logarithm, "ln x") { (b, x, _, dy) throws(IRError) in try b.divide(dy, x) }
  static let squareRoot = unary(.squareRoot, "The square root of x") { (b, _, y, dy) throws(IRError) in
    try b.divide(try b.scale(dy, by: 0.5), y)
  }
  static let reciprocal = unary(.reciprocal, "1 / x") { (b, _, y, dy) throws(IRError) in
    try b.negate(try b.multiply(dy, try b.square(y)))
  }
  static let absolute = unary(.absolute, "|x|") { (b, x, _, dy) throws(IRError) in
    try b.multiply(dy, try b.emitOne(.sign, [x]))
  }
  static let sign = unary(.sign, "-1, 0 or 1, as x is negative, zero or NaN, or positive", gradient: .zero)
  static let square = unary(.square, "x * x") { (b, x, _, dy) throws(IRError) in
    try b.multiply(try b.scale(dy, by: 2), x)
  }
  static let relu = unary(.relu, "max(x, 0), NaN where x is; the gradient is 1 where x > 0, else 0") { (b, x, _, dy) throws(IRError) in
    try b.multiply(dy, try b.emitOne(.greater, [x, try b.constant(0)]))
  }
  static let tanh = unary(.tanh, "The hyperbolic tangent of x") { (b, _, y, dy) throws(IRError) in
    try b.multiply(dy, try b.subtract(try b.constant(1), try b.square(y)))
  }
  static let sigmoid = unary(.sigmoid, "1 / (1 + e^-x)", cost: 4) { (b, _, y, dy) throws(IRError) in
    try b.multiply(dy, try b.multiply(y, try b.subtract(try b.constant(1), y)))
  }
}
