/// Functions of each element of one operand.
public enum UnaryOp: String, OpList, Sendable, Hashable {
  case negate
  case exponential
  case logarithm
  case squareRoot = "square_root"
  case reciprocal
  case absolute
  case sign
  case square
  case relu
  case gelu
  case geluDerivative = "gelu_derivative"
  case tanh
  case sigmoid

  var spec: OpSpec {
    switch self {
    case .negate: .negate
    case .exponential: .exponential
    case .logarithm: .logarithm
    case .squareRoot: .squareRoot
    case .reciprocal: .reciprocal
    case .absolute: .absolute
    case .sign: .sign
    case .square: .square
    case .relu: .relu
    case .gelu: .gelu
    case .geluDerivative: .geluDerivative
    case .tanh: .tanh
    case .sigmoid: .sigmoid
    }
  }
}

/// The ops of the kind by their own names.
extension Opcode {
  public static let negate = unary(.negate)
  public static let exponential = unary(.exponential)
  public static let logarithm = unary(.logarithm)
  public static let squareRoot = unary(.squareRoot)
  public static let reciprocal = unary(.reciprocal)
  public static let absolute = unary(.absolute)
  public static let sign = unary(.sign)
  public static let square = unary(.square)
  public static let relu = unary(.relu)
  public static let gelu = unary(.gelu)
  public static let geluDerivative = unary(.geluDerivative)
  public static let tanh = unary(.tanh)
  public static let sigmoid = unary(.sigmoid)
}

/// Ops of one `f32` operand that keep its shape.
extension OpSpec {
  /// The gradient of one operand, from the operand, the result and the result's gradient.
  typealias UnaryRule = @Sendable (inout Builder, _ x: Value, _ y: Value, _ dy: Value) throws(IRError) -> Value

  /// An elementwise op, smooth on `domain`; `cost` is the arithmetic per element.
  static func unary(
    _ op: UnaryOp, _ formula: String, on domain: OperandDomain = .everywhere, gradient: Gradient
  ) -> OpSpec {
    define(
      .unary(op), "\(formula), element by element; the result has the operand's shape.", arity: .exactly(1), domain: domain,
      gradient: gradient,
      infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in [.f32(try request.shape(0))] })
  }

  private static func unary(
    _ op: UnaryOp, _ formula: String, on domain: OperandDomain = .everywhere, rule: @escaping UnaryRule
  ) -> OpSpec {
    unary(
      op, formula, on: domain,
      gradient: .single { (builder: inout Builder, operation: Operation, dy: Value, _: [Bool]) throws(IRError) -> [Value?] in
        [try rule(&builder, operation.operands[0], operation.results[0], dy)]
      })
  }

  static let negate = unary(.negate, "-x") { (b, _, _, dy) throws(IRError) in try b.negate(dy) }
  static let exponential = unary(.exponential, "e^x") { (b, _, y, dy) throws(IRError) in try b.multiply(dy, y) }
  static let logarithm = unary(.logarithm, "ln x", on: .positive) { (b, x, _, dy) throws(IRError) in try b.divide(dy, x) }
  static let squareRoot = unary(.squareRoot, "The square root of x", on: .positive) { (b, _, y, dy) throws(IRError) in
    try b.divide(try b.scale(dy, by: 0.5), y)
  }
  static let reciprocal = unary(.reciprocal, "1 / x", on: .nonzero) { (b, _, y, dy) throws(IRError) in
    try b.negate(try b.multiply(dy, try b.square(y)))
  }
  static let absolute = unary(.absolute, "|x|", on: .nonzero) { (b, x, _, dy) throws(IRError) in
    try b.multiply(dy, try b.emitOne(.sign, [x]))
  }
  static let sign = unary(.sign, "-1, 0 or 1, as x is negative, zero or NaN, or positive", gradient: .zero)
  static let square = unary(.square, "x * x") { (b, x, _, dy) throws(IRError) in
    try b.multiply(try b.scale(dy, by: 2), x)
  }
  static let relu = unary(.relu, "max(x, 0), NaN where x is; the gradient is 1 where x > 0, else 0", on: .nonzero) {
    (b, x, _, dy) throws(IRError) in
    try b.multiply(dy, try b.emitOne(.greater, [x, try b.constant(0)]))
  }
  static let tanh = unary(.tanh, "The hyperbolic tangent of x") { (b, _, y, dy) throws(IRError) in
    try b.multiply(dy, try b.subtract(try b.constant(1), try b.square(y)))
  }
  static let sigmoid = unary(.sigmoid, "1 / (1 + e^-x)") { (b, _, y, dy) throws(IRError) in
    try b.multiply(dy, try b.multiply(y, try b.subtract(try b.constant(1), y)))
  }
}
