import DrnIR

/// Sets elements to zero at random while training and divides the others by 1 - rate; the identity when evaluating.
public struct Dropout: PointwiseLayer {
  public static let spec = MethodSpec(
    "dropout", summary: "Sets each element to zero with the given rate while training and divides the others by 1 - rate.",
    source: "Srivastava et al. 2014",
    options: [OptionSpec("rate", .number(0...0.999), default: .decimal(0.5), "The probability of zero.")], positional: 1)
  let rate: Double
  public let options: Options
  public init(options: Options) {
    self.options = options
    rate = options.number("rate") ?? 0.5
  }

  public func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value {
    let input = try inputs.only()
    guard context.mode == .train, rate > 0, let key = context.key else { return input }
    return try context.builder.emitOne(.dropout, [input, key], ["rate": .number(rate), "stream": .string("\(context.layer)/dropout")])
  }
}
