import DrnIR

/// Stochastic gradient descent with momentum, in PyTorch's convention: v = momentum v + (1 - dampening) g, w = w - rate v; the rate stays
/// outside the buffer. Nesterov steps along g + momentum v. Weight decay adds decay * w to the gradient.
///
/// The buffer starts at zero, so the first buffer is (1 - dampening) g, where PyTorch's first is g: they differ only under dampening.
public struct SGD: Update {
  public static let spec = MethodSpec(
    "sgd", summary: "Stochastic gradient descent: v = momentum v + (1 - dampening) g, w = w - rate v; weight decay enters g.",
    options: [
      OptionSpec("momentum", .number(0...0.999999), default: .integer(0), "The share of the buffer that stays."),
      OptionSpec("nesterov", .boolean, default: .boolean(false), "Whether the step is g + momentum v."),
      OptionSpec("dampening", .number(0...1), default: .integer(0), "The share of the gradient kept out of the buffer."),
    ])
  public let options: Options
  let momentum: Double
  let dampening: Double
  let isNesterov: Bool

  public init(options: Options) {
    self.options = options
    momentum = options.number("momentum") ?? 0
    dampening = options.number("dampening") ?? 0
    isNesterov = options.boolean("nesterov") ?? false
  }

  public var slots: [SlotSpec] { momentum == 0 ? [] : [SlotSpec("momentum", .gradient)] }
  public var pointless: [PointlessOption] {
    guard momentum == 0 else { return [] }
    return (isNesterov ? [PointlessOption("nesterov", "steps along a momentum of 0")] : [])
      + (dampening > 0 ? [PointlessOption("dampening", "keeps the gradient out of a momentum that is 0")] : [])
  }
}

extension SGD: DirectionalUpdate {
  var decayPlace: DecayPlace { .gradient }
  func direction(_ gradient: Value, _ tensor: MovedTensor, _ step: inout StepContext) throws(IRError) -> Direction {
    guard momentum > 0 else { return Direction(step: gradient, slots: []) }
    let kept = try step.builder.scale(try step.slot("momentum", of: tensor), by: momentum)
    let taken = dampening == 0 ? gradient : try step.builder.scale(gradient, by: 1 - dampening)
    let buffer = try step.builder.add(kept, taken)
    let direction = isNesterov ? try step.builder.add(gradient, try step.builder.scale(buffer, by: momentum)) : buffer
    return Direction(step: direction, slots: [NamedSlot("momentum", buffer)])
  }
}
