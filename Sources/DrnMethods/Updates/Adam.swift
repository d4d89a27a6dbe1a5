import DrnIR

/// Adam; weight decay adds decay * w to the gradient before the moments.
public struct Adam: Update {
  public static let spec = MethodSpec(
    "adam", summary: "Adam; weight decay enters the gradient.", source: "Kingma and Ba 2015, arXiv 1412.6980, algorithm 1",
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

extension Adam: DirectionalUpdate {
  var decayPlace: DecayPlace { .gradient }
  func direction(_ gradient: Value, _ tensor: MovedTensor, _ step: inout StepContext) throws(IRError) -> Direction {
    try moments.direction(gradient, tensor, &step)
  }
}
