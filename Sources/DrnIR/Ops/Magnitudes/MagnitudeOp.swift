/// Powers of magnitudes, and masks by magnitude.
public enum MagnitudeOp: String, OpList, Sendable, Hashable {
  case power
  case powerDerivative = "power_derivative"
  case largest

  var spec: OpSpec {
    switch self {
    case .power: .power
    case .powerDerivative: .powerDerivative
    case .largest: .largest
    }
  }
}

/// The ops of the kind by their own names.
extension Opcode {
  public static let power = magnitude(.power)
  public static let powerDerivative = magnitude(.powerDerivative)
  public static let largest = magnitude(.largest)
}

extension OpSpec {
  /// Exponents of published forms are below 10; the bound keeps a whole power to ten products.
  private static let exponents: Range<Double> = 1..<1000
  private static let exponent = AttributeSpec("exponent", .number(1), "The exponent, at least 1 and less than 1000.")

  static let power = define(
    .power, "x |x|^(exponent - 1), the power with the sign of x, element by element; the result has the operand's shape.",
    arity: .exactly(1), attributes: [exponent],
    gradient: .single { (b: inout Builder, operation: Operation, dy: Value, _: [Bool]) throws(IRError) -> [Value?] in
      [try b.multiply(dy, try b.emitOne(.powerDerivative, operation.operands, operation.attributes))]
    },
    infer: inferPower)

  static let powerDerivative = define(
    .powerDerivative, "The derivative of power, exponent |x|^(exponent - 1), finite at 0; the result has the operand's shape.",
    arity: .exactly(1), attributes: [exponent], gradient: .undefined("gradients of gradients are not taken"), infer: inferPower)

  @Sendable private static func inferPower(_ request: InferenceRequest) throws(IRError) -> [TensorType] {
    _ = try request.number(exponent.name, in: exponents)
    return [.f32(try request.shape(0))]
  }

  static let largest = define(
    .largest,
    """
    1 at that share of the entries which has the largest magnitudes, 0 elsewhere; of equal magnitudes the earlier one in row-major order, and NaN counts as smallest.
    """,
    arity: .exactly(1),
    attributes: [
      AttributeSpec("share", .integers([]), "Numerator and denominator of the share, 0 to 1; the number of entries is rounded down.")
    ], gradient: .zero,
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in
      guard let share = request.attributes.integers("share") else { throw IRError("attribute share is missing") }
      guard share.count == 2, share[1] >= 1, (0...share[1]).contains(share[0]) else {
        throw IRError("attribute share is \(share), which is not numerator and denominator of a share of 0 to 1")
      }
      return [.f32(try request.shape(0))]
    })
}

extension MagnitudeOp {
  /// How many of `entries` are among the share of `largest`: the product, rounded down.
  public static func count(of share: [Int], among entries: Int) -> Int {
    guard share.count == 2, share[1] >= 1, (0...share[1]).contains(share[0]) else { return 0 }
    return Int(Int128(entries) * Int128(share[0]) / Int128(share[1]))
  }
}
