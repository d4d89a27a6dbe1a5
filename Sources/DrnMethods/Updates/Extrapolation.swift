import DrnIR

/// Looks ahead along a gradient, takes the gradient there, and steps from the original point.
///
/// z = w - scale * rate * zeta; g = gradient at z; then the inner update steps from w with g. With `gradient: previous`, zeta is the
/// gradient of the step before (zero at first) and a step costs one evaluation; with `gradient: current`, zeta is the gradient at w and a
/// step costs two; with `gradient: noise`, zeta are standard normal numbers of the step's key, one set for every part of the batch or for all of
/// it, and a step costs one. The look-ahead moves weights only; the inner update's state advances once per step.
///
/// With `by: part` every part of an accumulated batch looks ahead along the gradient of its own, as the workers of arXiv 2006.05720 do: part
/// k of a step takes the previous gradient of part k, for which each has a slot.
///
/// Looking ahead and stepping from the original point is the mechanism of extragradient methods (the code of arXiv 1802.10551). Reusing the
/// previous gradient in large-batch training is due to arXiv 2006.05720, whose code is not public: the length scale * rate is drnc's
/// choice, not the paper's rule.
public struct Extrapolation: Update {
  public static let spec = MethodSpec(
    "extrapolate", summary: "Takes the gradient at a point ahead, w - scale * rate * zeta, and steps from w with the inner update.",
    source: "mechanism: arXiv 1802.10551; previous gradients by part: after arXiv 2006.05720, whose step-size rule is not public",
    options: [
      .innerUpdate("The update that steps."),
      OptionSpec("scale", .number(0...1e6), required: true, "The length of the look-ahead in units of the learning rate."),
      OptionSpec(
        "gradient", .word(Ahead.allCases.map(\.rawValue)), default: .word(Ahead.previous.rawValue),
        "previous: the last step's gradient, one evaluation per step; current: the gradient at w, two evaluations; noise: standard normal numbers, one evaluation."
      ),
      OptionSpec(
        "by", .word(["batch", "part"]), default: .word("batch"),
        "batch: the gradient of the whole batch; part: each part of an accumulated batch along its own, with a slot for each."),
    ], positional: 1)
  public let options: Options
  let inner: any DirectionalUpdate
  let scale: Double
  let along: Ahead
  let isByPart: Bool

  /// What zeta is.
  enum Ahead: String, CaseIterable { case previous, current, noise }
  var usesPrevious: Bool { along == .previous }

  public init(options: Options) {
    self.options = options
    inner = options.innerUpdate
    scale = options.number("scale") ?? 0
    along = options.word("gradient").flatMap(Ahead.init) ?? .previous
    isByPart = options.word("by") == "part"
  }

  public var slots: [SlotSpec] { inner.slots + (usesPrevious ? [Self.previous(nil)] : []) }
  public func state(of part: UpdatedPart) -> [StateSpec] {
    let previous = usesPrevious ? (isByPart ? (0..<part.batchParts).map { Self.previous($0) } : [Self.previous(nil)]) : []
    return part.moved.flatMap { tensor in (inner.slots + previous).map { StateSpec(tensor: tensor.name, slot: $0, shape: tensor.shape) } }
  }
  /// The gradient of the step before, of a part of the batch or of all of it.
  fileprivate static func previous(_ part: Int?) -> SlotSpec {
    SlotSpec("previous_gradient" + (part.map { "_\($0)" } ?? ""), .gradient)
  }
  public var countsUpdates: Bool { inner.countsUpdates }
  public var readsBatchParts: Bool { isByPart }
  public var pointless: [PointlessOption] {
    inner.pointless + (scale == 0 ? [PointlessOption("scale", "is 0, so that the point ahead is the weight itself")] : [])
  }
  public var decouplesDecay: Bool { inner.decouplesDecay }
  public var gradientEvaluations: Int { along == .current ? 2 : 1 }
  /// With `current`, the loss at w: that of the weights the step starts from.
  public func recordedEvaluation(of part: UpdatedPart) -> Int { 0 }
  public func begin(_ part: UpdatedPart, _ step: inout StepContext) throws(IRError) -> any PartUpdate {
    LookingAhead(update: self, part: part)
  }
}

/// One part's step: its own point, the point ahead, and the inner update from the first with the gradient of the second.
private struct LookingAhead: PartUpdate {
  let update: Extrapolation
  let part: UpdatedPart
  /// With `current`, the gradients at the weights: one list, or one for each part of the batch.
  private var current: [[Value]] = []

  init(update: Extrapolation, part: UpdatedPart) {
    self.update = update
    self.part = part
  }

  func stand(_ evaluation: Int, _ step: inout StepContext) throws(IRError) -> [[Value]] {
    let values = try step.values(of: part)
    guard update.along != .current || evaluation == 1 else { return [values] }
    let length = try step.builder.scale(try step.rate(), by: update.scale)
    var ahead: [[Value]] = []
    for directions in try directions(&step) {
      var point = values
      for (index, direction) in zip(part.movedIndices, directions) {
        point[index] = try step.moved(values[index], along: direction, by: length)
      }
      ahead.append(point)
    }
    return ahead
  }

  private func directions(_ step: inout StepContext) throws(IRError) -> [[Value]] {
    guard update.along != .current else { return current }
    var directions: [[Value]] = []
    for (index, slot) in slots.enumerated() {
      var list: [Value] = []
      for tensor in part.moved {
        list.append(
          update.usesPrevious
            ? try step.value("\(tensor.name)/\(slot.name)")
            : try step.builder.randomNormal(tensor.shape, deviation: 1, stream: "\(tensor.name)/ahead\(index)", key: step.key))
      }
      directions.append(list)
    }
    return directions
  }

  private var slots: [SlotSpec] {
    update.isByPart ? (0..<part.batchParts).map { Extrapolation.previous($0) } : [Extrapolation.previous(nil)]
  }

  mutating func absorb(_ gradients: PartGradients, _ evaluation: Int, _ step: inout StepContext) throws(IRError) {
    let found = update.isByPart ? gradients.ofParts : [gradients.mean]
    guard update.along != .current || evaluation == 1 else { return current = found }
    for (tensor, gradient) in zip(part.moved, gradients.mean) {
      try update.inner.apply(gradient, to: try step.tensor(tensor, of: part), &step)
    }
    guard update.usesPrevious else { return }
    for (slot, list) in zip(slots, found) {
      for (tensor, gradient) in zip(part.moved, list) { step.set("\(tensor.name)/\(slot.name)", to: gradient) }
    }
  }
}
