import DrnIR

/// x where it is positive, a share of it elsewhere, element by element.
public struct LeakyRelu: PointwiseLayer {
  public static let spec = MethodSpec(
    "leaky_relu", summary: "x where x > 0, slope x elsewhere, element by element.",
    source: "Maas, Hannun and Ng 2013, section 2; the default slope is that of PyTorch",
    options: [OptionSpec("slope", .number(0...1), default: .decimal(0.01), "What negative values are multiplied by.")])
  public let options: Options
  public init(options: Options) { self.options = options }
  public func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value {
    let (input, slope) = (try inputs.only(), options.number("slope") ?? 0.01)
    // As a product with 1 or the slope, so that the gradient at 0 is the slope, as in PyTorch.
    let positive = try context.builder.emitOne(.greater, [input, try context.builder.constant(0)])
    let factor = try context.builder.add(try context.builder.scale(positive, by: 1 - slope), try context.builder.constant(slope))
    return try context.builder.multiply(input, factor)
  }
}
