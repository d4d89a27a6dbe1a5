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
}

extension AdamW: DirectionalUpdate {
  var decayPlace: DecayPlace { .direction }
  func direction(_ gradient: Value, _ tensor: MovedTensor, _ step: inout StepContext) throws(IRError) -> Direction {
    try moments.direction(gradient, tensor, &step)
  }
}
