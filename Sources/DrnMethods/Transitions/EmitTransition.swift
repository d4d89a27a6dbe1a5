import DrnIR

/// Everything a transition of one weight starts from.
public struct TransitionRequest: Sendable {
  /// One slot of optimizer state with its content per trained parameter, by the parameter's index in the old form.
  public struct Slot: Sendable {
    /// Its name and what it means.
    public let spec: SlotSpec
    /// Of the shape of that parameter; frozen parameters have none.
    public let content: [Int: Value]
    public init(_ spec: SlotSpec, content: [Int: Value]) {
      self.spec = spec
      self.content = content
    }
  }
  /// The name of the weight, which separates the random streams of weights.
  public let name: String
  /// The weight as a matrix, the same before and after.
  public let shape: WeightShape
  /// The form before the transition.
  public let old: any Parameterization
  /// The rank before the transition; of no meaning for a form without one.
  public let oldRank: Dimension
  /// The form after the transition.
  public let new: any Parameterization
  /// The rank after the transition; of no meaning for a form without one.
  public let newRank: Dimension
  /// Which way the rank goes where the form stays; `nil` where that is not known before ranks are.
  public let direction: RankChange.Direction?
  /// The parameters of the old form, in its order.
  public let parameters: [Value]
  /// The slots to carry; empty under `reset`.
  public let slots: [Slot]
  /// The random key of the transition, for parameters that start anew.
  public let key: Value

  public init(
    name: String, shape: WeightShape, old: any Parameterization, oldRank: Dimension, new: any Parameterization, newRank: Dimension,
    direction: RankChange.Direction?, parameters: [Value], slots: [Slot], key: Value
  ) {
    self.name = name
    self.shape = shape
    self.old = old
    self.oldRank = oldRank
    self.new = new
    self.newRank = newRank
    self.direction = direction
    self.parameters = parameters
    self.slots = slots
    self.key = key
  }
}

/// What a transition of one weight leaves.
public struct TransitionResult: Sendable {
  /// The parameters of the new form, in its order.
  public let parameters: [Value]
  /// The carried slots, content by the parameter's index in the new form. Slots that only `reset` serves are not among them.
  public let slots: [TransitionRequest.Slot]
  /// The Frobenius norm of the change of W relative to that of the old W; a scalar.
  public let truncationError: Value
  /// What the least-squares fit of the first gradient slot leaves over, relative to the moments; `nil` where nothing was fitted.
  public let momentResidual: Value?
}

/// Emits the change of one weight from one form or rank to another, its optimizer state with it.
///
/// The general way reconstructs the dense W and represents it anew; a slot of gradients goes to the dense coordinates by minimum-norm least
/// squares and from there through the Jacobian of the new form, a slot of squared gradients by the estimate of
/// `GradientEquations.estimateSquared` and the squared Jacobian.
public func emitTransition(_ request: TransitionRequest, in builder: inout Builder) throws(IRError) -> TransitionResult {
  let dense = try request.old.reconstruct(request.parameters, shape: request.shape, rank: request.oldRank, in: &builder)
  let changed = try changedParameters(request, dense: dense, in: &builder)
  let now = try request.new.reconstruct(changed.parameters, shape: request.shape, rank: request.newRank, in: &builder)
  let error = try builder.relativeNorm(try builder.subtract(now, dense), to: dense)
  var carrier = MomentCarrier(request: request, changed: changed)
  var slots: [TransitionRequest.Slot] = []
  for slot in request.slots where slot.spec.law != .own { slots.append(try carrier.carry(slot, in: &builder)) }
  return TransitionResult(parameters: changed.parameters, slots: slots, truncationError: error, momentResidual: carrier.residual)
}

private func changedParameters(_ request: TransitionRequest, dense: Value, in builder: inout Builder) throws(IRError) -> ChangedRank {
  if request.new.isSame(as: request.old), let direction = request.direction {
    let change = RankChange(
      direction: direction, parameters: request.parameters, shape: request.shape, from: request.oldRank, to: request.newRank,
      name: request.name, key: request.key)
    if let changed = try request.new.changeRank(change, in: &builder) { return changed }
  }
  if request.sharesStructure {
    let entries = try request.old.entries(request.parameters, in: &builder)
    let parameters = try request.new.represent(
      entries: entries, shape: request.shape, rank: request.newRank, name: request.name, key: request.key, in: &builder)
    return ChangedRank(parameters: parameters, moments: .throughDense)
  }
  let parameters = try request.new.represent(
    dense, shape: request.shape, rank: request.newRank, name: request.name, key: request.key, in: &builder)
  return ChangedRank(parameters: parameters, moments: .throughDense)
}

extension TransitionRequest {
  /// Whether two forms are the same numbers in other coordinates, so that those need no W between them.
  fileprivate var sharesStructure: Bool {
    let (before, now) = (old.structure, new.structure)
    return !new.isSame(as: old) && now.isSame(as: before)
      && now.parameters(shape, rank: newRank) == before.parameters(shape, rank: oldRank)
  }
}

/// Carries slots one after the other to the changed parameters.
private struct MomentCarrier {
  let request: TransitionRequest
  let changed: ChangedRank
  var residual: Value?

  init(request: TransitionRequest, changed: ChangedRank) {
    self.request = request
    self.changed = changed
  }

  mutating func carry(_ slot: TransitionRequest.Slot, in builder: inout Builder) throws(IRError) -> TransitionRequest.Slot {
    let moments: [Value]
    switch changed.moments {
    case .padded: moments = try padded(slot, in: &builder)
    case .rotated(let left, let right): moments = [try rotated(slot, left, right, in: &builder)]
    case .throughDense: moments = try throughDense(slot, in: &builder)
    }
    let indices = request.new.trainedIndices(request.shape, rank: request.newRank)
    guard indices.count == moments.count else { throw IRError("\(moments.count) moments for \(indices.count) parameters") }
    return TransitionRequest.Slot(slot.spec, content: Dictionary(uniqueKeysWithValues: zip(indices, moments)))
  }

  private func padded(_ slot: TransitionRequest.Slot, in builder: inout Builder) throws(IRError) -> [Value] {
    let specs = request.new.parameters(request.shape, rank: request.newRank)
    var moments: [Value] = []
    for index in request.new.trainedIndices(request.shape, rank: request.newRank) {
      moments.append(try padded(try slot.content.moment(index), to: specs[index], in: &builder))
    }
    return moments
  }

  /// A factor with a kernel has one block of rows for each of its places.
  private func padded(_ moment: Value, to spec: ParameterSpec, in builder: inout Builder) throws(IRError) -> Value {
    guard builder.type(of: moment).shape != spec.shape else { return moment }
    let places = spec.kernel.map { $0.height * $0.width } ?? 1
    return try builder.padBlocks(moment, places: places, to: spec.shape)
  }

  private func rotated(_ slot: TransitionRequest.Slot, _ left: Value, _ right: Value, in builder: inout Builder) throws(IRError) -> Value {
    guard let moment = slot.content.values.first, slot.content.count == 1 else { throw IRError("a rotation turns one moment") }
    let isSquared = slot.spec.law == .squaredGradient
    let (left, right) = isSquared ? (try builder.square(left), try builder.square(right)) : (left, right)
    return try builder.product([left, moment, right], transposes: [true, false, false])
  }

  private mutating func throughDense(_ slot: TransitionRequest.Slot, in builder: inout Builder) throws(IRError) -> [Value] {
    let equations = try request.old.gradientEquations(request.parameters, shape: request.shape, rank: request.oldRank, in: &builder)
    guard let equations else { throw IRError("optimizer state of `\(request.old.word)` can only be reset") }
    switch slot.spec.law {
    case .gradient, .own:
      let dense = try equations.solve(slot.content, in: &builder)
      residual = residual ?? dense.residual
      return try request.new.pullBackGradient(
        dense.value, parameters: changed.parameters, shape: request.shape, rank: request.newRank, in: &builder)
    case .squaredGradient:
      let dense = try equations.estimateSquared(slot.content, in: &builder)
      return try request.new.pullBackSquared(
        dense, parameters: changed.parameters, shape: request.shape, rank: request.newRank, in: &builder)
    }
  }
}
