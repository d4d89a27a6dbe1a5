import DrnIR

/// Adagrad: divides the gradient by the root of the sum of all its squares; weight decay enters the gradient.
///
/// s = s + g^2, w = w - rate g / (sqrt(s) + epsilon). The sum starts at zero, and no rate decays but that of the training.
public struct Adagrad: Update {
  public static let spec = MethodSpec(
    "adagrad", summary: "The gradient over the root of the sum of all its squares; weight decay enters the gradient.",
    source:
      "Duchi, Hazan and Singer 2011, JMLR 12, equation 1 with a diagonal matrix; epsilon is added to the root, as in PyTorch's Adagrad",
    options: [.epsilon(default: 1e-10, "Added to the root.")])
  public let options: Options
  let epsilon: Double

  public init(options: Options) {
    self.options = options
    epsilon = options.number("epsilon") ?? 1e-10
  }
  public var slots: [SlotSpec] { [SlotSpec("squares", .squaredGradient)] }
}

extension Adagrad: DirectionalUpdate {
  var decayPlace: DecayPlace { .gradient }
  func direction(_ gradient: Value, _ tensor: MovedTensor, _ step: inout StepContext) throws(IRError) -> Direction {
    let squares = try step.builder.add(try step.slot("squares", of: tensor), try step.builder.square(gradient))
    let root = try step.builder.add(try step.builder.squareRoot(squares), try step.builder.constant(epsilon))
    return Direction(step: try step.builder.divide(gradient, root), slots: [NamedSlot("squares", squares)])
  }
}
