import DrnIR

/// RMSprop: divides the gradient by the root of a running mean of its squares; weight decay enters the gradient.
///
/// v = beta v + (1 - beta) g^2, w = w - rate g / (sqrt(v) + epsilon). The mean starts at zero and is not corrected for it, as in PyTorch.
public struct RMSProp: Update {
  public static let spec = MethodSpec(
    "rmsprop", summary: "The gradient over the root of a running mean of its squares; weight decay enters the gradient.",
    source: "Tieleman and Hinton 2012, lecture 6.5; epsilon is added to the root, as in PyTorch's RMSprop",
    options: [
      OptionSpec("beta", .number(0...0.9999999), default: .decimal(0.99), "The share of the mean of squares that stays."),
      .epsilon(default: 1e-8, "Added to the root."),
    ])
  public let options: Options
  let beta: Double
  let epsilon: Double

  public init(options: Options) {
    self.options = options
    beta = options.number("beta") ?? 0.99
    epsilon = options.number("epsilon") ?? 1e-8
  }
  public var slots: [SlotSpec] { [SlotSpec("second_moment", .squaredGradient)] }
}

extension RMSProp: DirectionalUpdate {
  var decayPlace: DecayPlace { .gradient }
  func direction(_ gradient: Value, _ tensor: MovedTensor, _ step: inout StepContext) throws(IRError) -> Direction {
    let squares = try step.average(try step.slot("second_moment", of: tensor), try step.builder.square(gradient), beta)
    let root = try step.builder.add(try step.builder.squareRoot(squares), try step.builder.constant(epsilon))
    return Direction(step: try step.builder.divide(gradient, root), slots: [NamedSlot("second_moment", squares)])
  }
}
