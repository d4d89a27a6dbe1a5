import DrnIR

/// Adam with decoupled weight decay: w = w - rate (direction + decay w).
public struct AdamW: Update {
  public static let spec = MethodSpec(
    "adamw", summary: "Adam with decoupled weight decay: w = w - rate (direction + decay w).",
    source: "Loshchilov and Hutter 2019, arXiv 1711.05101, algorithm 2, with the rate multiplying the decay as in PyTorch",
    options: AdamMoments.options)
  public let options: Options
  let moments: AdamMoments

  public init(options: Options) {
    self.options = options
    moments = AdamMoments(options)
  }
  public var slots: [SlotSpec] { AdamMoments.slots }
  public var countsUpdates: Bool { true }
  public var gradientEvaluations: Int { 1 }
  public func emit(_ step: inout StepContext) throws(IRError) { try emitFromOneGradient(&step) }
}

extension AdamW: DirectionalUpdate {
  func direction(_ gradient: Value, _ weight: StepContext.Trainable, _ step: inout StepContext) throws(IRError) -> Direction {
    let direction = try moments.direction(gradient, weight, &step)
    return Direction(step: try step.addingDecay(of: weight, to: direction.step), slots: direction.slots)
  }
}
