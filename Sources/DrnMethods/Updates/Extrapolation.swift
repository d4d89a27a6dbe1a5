import DrnIR

/// Looks ahead along a gradient, takes the gradient there, and steps from the original point.
///
/// z = w - scale * rate * zeta; g = gradient at z; then the inner update steps from w with g. With `gradient: previous`, zeta is the
/// gradient of the step before (zero at first) and a step costs one evaluation; with `gradient: current`, zeta is the gradient at w and a
/// step costs two. The look-ahead moves weights only; the inner update's state advances once per step.
///
/// Looking ahead and stepping from the original point is the mechanism of extragradient methods (the code of arXiv 1802.10551). Reusing the
/// previous gradient in large-batch training is due to arXiv 2006.05720, whose code is not public: the length scale * rate is drnc's
/// choice, not the paper's rule.
public struct Extrapolation: Update {
  public static let spec = MethodSpec(
    "extrapolate", summary: "Takes the gradient at a point ahead, w - scale * rate * zeta, and steps from w with the inner update.",
    source: "mechanism: arXiv 1802.10551; previous gradients: after arXiv 2006.05720, whose step-size rule is not public",
    options: [
      OptionSpec("update", .method(Updates.inner.map { $0.spec }), required: true, "The update that steps."),
      OptionSpec("scale", .number(0...1e6), required: true, "The length of the look-ahead in units of the learning rate."),
      OptionSpec(
        "gradient", .word(["previous", "current"]), default: .word("previous"),
        "previous: the last step's gradient, one evaluation per step; current: the gradient at w, two evaluations."),
    ], positional: 1)
  public let options: Options
  let inner: any DirectionalUpdate
  let scale: Double
  let usesPrevious: Bool
  private static let previous = "previous_gradient"

  public init(options: Options) {
    self.options = options
    inner = Self.inner(options)
    scale = options.number("scale") ?? 0
    usesPrevious = options.word("gradient") != "current"
  }
  private static func inner(_ options: Options) -> any DirectionalUpdate {
    let name = options["update"]?.name ?? SGD.spec.name
    guard let type = Updates.inner.first(where: { $0.spec.name == name }) as? any DirectionalUpdate.Type else {
      return SGD(options: Options())
    }
    return type.init(options: options.call("update").map { Options($0, spec: type.spec) } ?? Options(defaultsOf: type.spec))
  }

  public var slots: [SlotSpec] { inner.slots + (usesPrevious ? [SlotSpec(Self.previous, .gradient)] : []) }
  public var countsUpdates: Bool { inner.countsUpdates }
  public var pointless: [PointlessOption] {
    inner.pointless + (scale == 0 ? [PointlessOption("scale", "is 0, so that the point ahead is the weight itself")] : [])
  }
  public var gradientEvaluations: Int { usesPrevious ? 1 : 2 }

  public func emit(_ step: inout StepContext) throws(IRError) {
    let ahead = try lookAhead(&step)
    let gradients = try step.gradients(at: ahead, recordsLoss: usesPrevious)
    for (weight, gradient) in zip(step.weights, gradients) {
      try inner.apply(gradient, to: weight, &step)
      if usesPrevious { step.setSlot(Self.previous, of: weight, to: gradient) }
    }
  }

  /// The weights at the point ahead. With `current`, the loss is recorded at w: that is the loss of the weights the step starts from.
  private func lookAhead(_ step: inout StepContext) throws(IRError) -> [Value] {
    var directions: [Value] = []
    if usesPrevious {
      for weight in step.weights { directions.append(try step.slot(Self.previous, of: weight)) }
    } else {
      directions = try step.gradients(recordsLoss: true)
    }
    let length = try step.builder.scale(step.rate, by: scale)
    var ahead: [Value] = []
    for (weight, direction) in zip(step.weights, directions) { ahead.append(try step.moved(weight, along: direction, by: length)) }
    return ahead
  }
}
