import DrnIR

/// Lion: steps by the sign of an average of gradients, with decoupled weight decay.
///
/// c = beta1 m + (1 - beta1) g; w = w - rate (sign(c) + decay w); m = beta2 m + (1 - beta2) g. The sign of zero is zero.
public struct Lion: Update {
  public static let spec = MethodSpec(
    "lion", summary: "Steps by the sign of beta1 m + (1 - beta1) g, with decoupled weight decay; m = beta2 m + (1 - beta2) g.",
    source: "Chen et al. 2023, arXiv 2302.06675, algorithm 2",
    options: [
      OptionSpec("beta1", .number(0...0.999999), default: .decimal(0.9), "The share of the momentum in what is signed."),
      OptionSpec("beta2", .number(0...0.999999), default: .decimal(0.99), "The share of the momentum that stays."),
    ])
  public let options: Options
  let beta1: Double
  let beta2: Double

  public init(options: Options) {
    self.options = options
    beta1 = options.number("beta1") ?? 0.9
    beta2 = options.number("beta2") ?? 0.99
  }
  public var slots: [SlotSpec] { [SlotSpec("momentum", .gradient)] }
}

extension Lion: DirectionalUpdate {
  var decayPlace: DecayPlace { .direction }
  func direction(_ gradient: Value, _ tensor: MovedTensor, _ step: inout StepContext) throws(IRError) -> Direction {
    let momentum = try step.slot("momentum", of: tensor)
    let signed = try step.average(momentum, gradient, beta1)
    let kept = try step.average(momentum, gradient, beta2)
    return Direction(step: try step.builder.emitOne(.sign, [signed]), slots: [NamedSlot("momentum", kept)])
  }
}
