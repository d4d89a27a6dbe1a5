import DrnIR

/// Layer-wise adaptive rate scaling: the step of every matrix is measured by the matrix itself.
///
/// d = g + decay w; v = momentum v + q d with q = coefficient |w| / (|g| + decay |w|); w = w - rate v. Vectors, and matrices of which a norm
/// is zero, have q = 1. The rate stays outside the buffer, as in `sgd`; the paper's algorithm has it inside, which differs where the rate
/// changes.
public struct LARS: Update {
  public static let spec = MethodSpec(
    "lars", summary: "Momentum with every matrix's step scaled by coefficient |w| / (|g| + decay |w|).",
    source: "You, Gitman and Ginsburg 2017, arXiv 1708.03888, algorithm 1, with the rate outside the buffer",
    options: [
      OptionSpec("momentum", .number(0...0.999999), default: .decimal(0.9), "The share of the buffer that stays."),
      OptionSpec("coefficient", .number(1e-9...1e6), default: .decimal(0.001), "The trust in a layer: its step relative to its norm."),
    ])
  public let options: Options
  let momentum: Double
  let coefficient: Double

  public init(options: Options) {
    self.options = options
    momentum = options.number("momentum") ?? 0.9
    coefficient = options.number("coefficient") ?? 0.001
  }
  public var slots: [SlotSpec] { momentum == 0 ? [] : [SlotSpec("momentum", .gradient)] }
}

extension LARS: DirectionalUpdate {
  var decayPlace: DecayPlace { .own }
  func direction(_ gradient: Value, _ tensor: MovedTensor, _ step: inout StepContext) throws(IRError) -> Direction {
    var scaled = try step.addingDecay(of: tensor, to: gradient)
    if step.builder.type(of: gradient).shape.count > 1 {
      scaled = try step.builder.multiply(scaled, try trust(gradient, tensor, &step.builder))
    }
    guard momentum > 0 else { return Direction(step: scaled, slots: []) }
    let kept = try step.builder.scale(try step.slot("momentum", of: tensor), by: momentum)
    let buffer = try step.builder.add(kept, scaled)
    return Direction(step: buffer, slots: [NamedSlot("momentum", buffer)])
  }

  /// coefficient |w| / (|g| + decay |w|), and 1 where |w| or |g| is zero; a scalar.
  private func trust(_ gradient: Value, _ tensor: MovedTensor, _ builder: inout Builder) throws(IRError) -> Value {
    let (weight, slope) = (try builder.norm([tensor.value]), try builder.norm([gradient]))
    let whole = try builder.add(slope, try builder.scale(weight, by: tensor.decay))
    let ratio = try builder.scale(try builder.divide(weight, try builder.oneWhereZero(whole)), by: coefficient)
    let zero = try builder.constant(0)
    let isMeant = try builder.multiply(try builder.greater(weight, zero), try builder.greater(slope, zero))
    // ratio where both norms are above zero, else 1.
    let one = try builder.constant(1)
    return try builder.add(try builder.multiply(isMeant, ratio), try builder.subtract(one, isMeant))
  }
}
