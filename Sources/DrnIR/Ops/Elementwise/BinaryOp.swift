/// Functions of the elements of two operands; a scalar operand applies to every element of the other.
public enum BinaryOp: String, OpList, Sendable, Hashable {
  case add
  case subtract
  case multiply
  case divide
  case maximum
  case minimum
  case greater

  var spec: OpSpec {
    switch self {
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .maximum: .maximum
    case .minimum: .minimum
    case .greater: .greater
    }
  }
}

/// The ops of the kind by their own names.
extension Opcode {
  public static let add = binary(.add)
  public static let subtract = binary(.subtract)
  public static let multiply = binary(.multiply)
  public static let divide = binary(.divide)
  public static let maximum = binary(.maximum)
  public static let minimum = binary(.minimum)
  public static let greater = binary(.greater)
}

/// Ops of two `f32` operands of one shape; a scalar operand applies to every element of the other.
extension OpSpec {
  /// The gradients of both operands in the shape of the result.
  typealias BinaryRule = @Sendable (inout Builder, Operation, _ dy: Value, [Bool]) throws(IRError) -> [Value?]

  private static func binary(
    _ op: BinaryOp, _ formula: String, on domain: OperandDomain = .everywhere, gradient: Gradient
  ) -> OpSpec {
    define(
      .binary(op), "\(formula), element by element; operands of one shape, or one of them a scalar that applies to every element.",
      arity: .exactly(2), domain: domain, gradient: gradient, infer: inferBinary)
  }

  private static func binary(
    _ op: BinaryOp, _ formula: String, on domain: OperandDomain = .everywhere, rule: @escaping BinaryRule
  ) -> OpSpec {
    binary(
      op, formula, on: domain,
      gradient: .single { (b: inout Builder, operation: Operation, dy: Value, wanted: [Bool]) throws(IRError) -> [Value?] in
        let full = try rule(&b, operation, dy, wanted)
        var reduced: [Value?] = []
        for (gradient, operand) in zip(full, operation.operands) {
          guard let gradient else { reduced.append(nil); continue }
          let isSpread = b.type(of: operand).rank == 0 && b.type(of: gradient).rank > 0
          reduced.append(isSpread ? try b.sumAll(gradient) : gradient)
        }
        return reduced
      })
  }

  @Sendable private static func inferBinary(_ request: InferenceRequest) throws(IRError) -> [TensorType] {
    let left = try request.shape(0)
    let right = try request.shape(1)
    if left == right || right.isEmpty { return [.f32(left)] }
    if left.isEmpty { return [.f32(right)] }
    throw IRError(
      "operands \(request.operands[0].message) and \(request.operands[1].message) have different shapes and neither is a scalar")
  }

  static let add = binary(.add, "a + b") { (_, _, dy, _) throws(IRError) in [dy, dy] }
  static let subtract = binary(.subtract, "a - b") { (b, _, dy, wanted) throws(IRError) in
    [dy, wanted[1] ? try b.negate(dy) : nil]
  }
  static let multiply = binary(.multiply, "a * b") { (b, operation, dy, wanted) throws(IRError) in
    [
      wanted[0] ? try b.multiply(dy, operation.operands[1]) : nil,
      wanted[1] ? try b.multiply(dy, operation.operands[0]) : nil,
    ]
  }
  static let divide = binary(.divide, "a / b", on: .nonzero) { (b, operation, dy, wanted) throws(IRError) in
    let share = try b.divide(dy, operation.operands[1])
    return [share, wanted[1] ? try b.negate(try b.multiply(share, operation.results[0])) : nil]
  }
  static let maximum = binary(.maximum, "The larger of a and b, NaN if either is (at a tie the gradient goes to b)") {
    (b, operation, dy, _) throws(IRError) in
    try select(dy, where: operation.operands[0], exceeds: operation.operands[1], &b)
  }
  static let minimum = binary(.minimum, "The smaller of a and b, NaN if either is (at a tie the gradient goes to b)") {
    (b, operation, dy, _) throws(IRError) in
    try select(dy, where: operation.operands[1], exceeds: operation.operands[0], &b)
  }
  static let greater = binary(.greater, "1 where a > b, else 0, also where either is NaN", gradient: .zero)

  /// The gradient of the first operand where `left > right`, of the second elsewhere.
  private static func select(_ dy: Value, where left: Value, exceeds right: Value, _ b: inout Builder) throws(IRError) -> [Value?] {
    let first = try b.multiply(dy, try b.emitOne(.greater, [left, right]))
    return [first, try b.subtract(dy, first)]
  }
}
