import DrnIR

/// The mean over all elements of half the squared difference, and beyond a bound of what grows in proportion to the difference.
///
/// With d = |output - target|: d^2 / 2 where d < delta, delta (d - delta / 2) elsewhere.
public struct Huber: Loss {
  public static let spec = MethodSpec(
    "huber", summary: "The mean over all elements of d^2 / 2 where d = |output - target| < delta, of delta (d - delta / 2) elsewhere.",
    source: "Huber 1964, Annals of Mathematical Statistics 35, section 3; with delta 1 PyTorch's SmoothL1Loss",
    options: [OptionSpec("delta", .number(1e-6...1e6), default: .integer(1), "The difference from which on the loss is linear.")])
  public static let takesClasses = false
  public let options: Options
  public init(options: Options) { self.options = options }

  public func emit(outputs: Value, labels: Value, in builder: inout Builder) throws(IRError) -> Value {
    guard let count = builder.type(of: outputs).elementCount, count > 0 else { throw IRError("the outputs have no known size") }
    let distance = try builder.emitOne(.absolute, [try builder.subtract(outputs, labels)])
    // c (d - c / 2) with c the smaller of d and delta is both cases.
    let bounded = try builder.emitOne(.minimum, [distance, try builder.constant(options.number("delta") ?? 1)])
    let terms = try builder.multiply(bounded, try builder.subtract(distance, try builder.scale(bounded, by: 0.5)))
    return try builder.divide(try builder.sumAll(terms), try builder.constant(Double(count)))
  }
}
