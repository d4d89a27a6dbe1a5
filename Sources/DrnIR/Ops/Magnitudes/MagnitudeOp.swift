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
    1 at the count entries of largest magnitude, 0 elsewhere; of equal magnitudes the earlier one in row-major order, and NaN counts as smallest.
    """,
    arity: .exactly(1), attributes: [AttributeSpec("count", .integer(0), "How many entries are 1: 0 to all of them.")], gradient: .zero,
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in
      let shape = try request.shape(0)
      guard let count = request.attributes.integer("count") else { throw IRError("attribute count is missing") }
      guard count >= 0, count <= entries(shape) else {
        throw IRError("attribute count is \(count), which is not 0 to the entries of \(shape.message)")
      }
      return [.f32(shape)]
    })

  /// The number of entries; of a shape with a rank in it, or too large to count, no bound.
  private static func entries(_ shape: [Dimension]) -> Int {
    shape.reduce(1) { product, extent in
      guard let extent = extent.value else { return .max }
      let (next, overflow) = product.multipliedReportingOverflow(by: extent)
      return overflow ? .max : next
    }
  }
}
