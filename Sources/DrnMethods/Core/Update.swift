import DrnIR

/// The program of one optimizer step. One file each under `Updates/`, listed in `Updates.all`.
///
/// An update asks the context for the gradient as often as it needs, each time at weights of its choosing, then says what the new weights
/// and state are; all of it becomes IR inside the step.
public protocol Update: Method {
  /// The state kept per trainable tensor, each slot of that tensor's shape.
  var slots: [SlotSpec] { get }
  /// Whether the update asks how many updates a tensor's state has had.
  var countsUpdates: Bool { get }
  /// Gradient evaluations per step, for the cost model.
  var gradientEvaluations: Int { get }
  /// The options whose values leave nothing of what they are for.
  var pointless: [PointlessOption] { get }
  /// Emits one step: gradients where the update needs them, then `set` for every weight and `setSlot` for every slot. Throws where a slot
  /// is absent.
  func emit(_ step: inout StepContext) throws(IRError)
}

extension Update {
  public var countsUpdates: Bool { false }
  public var pointless: [PointlessOption] { [] }
}

/// One slot of optimizer state.
public struct SlotSpec: Hashable, Sendable {
  /// The word in saved state: a slot is saved as `<tensor>/<slot>`.
  public let name: String
  /// What becomes of the slot where the form or the rank of its weight changes.
  public let transform: Transform
  public init(_ name: String, _ transform: Transform) {
    self.name = name
    self.transform = transform
  }
  /// How the slot's meaning changes with the coordinates of its weight.
  public enum Transform: String, Hashable, Sendable, CaseIterable {
    /// A combination of gradients: pulled back through the Jacobian of the reconstruction.
    case gradient
    /// A combination of squared gradients: pulled back through the squared Jacobian; a heuristic, never negative.
    case squaredGradient
    /// Lives in weight space, such as an extrapolated point; only reset is sound across a change of form.
    case weight
  }
}

/// What an update works with. `weights` are the trainable tensors of the phase, in a fixed order.
public struct StepContext {
  /// One trainable tensor.
  public struct Trainable: Sendable {
    /// The name in the saved weights, such as `fc1.weight` or `fc1.weight.u`.
    public let name: String
    /// Its value before the step.
    public let value: Value
    /// The coefficient of weight decay that applies to this tensor, already resolved by the `decay` policy; 0 for none.
    public let decay: Double
    /// The updates since the tensor's state last began, this one included: a scalar, f32.
    public let updates: Value
    public init(name: String, value: Value, decay: Double, updates: Value) {
      self.name = name
      self.value = value
      self.decay = decay
      self.updates = updates
    }
  }
  /// The function that the step's operations are appended to.
  public var builder: Builder
  /// In the order in which gradients come back.
  public let weights: [Trainable]
  /// The learning rate of this step, a scalar.
  public let rate: Value
  private let state: [String: Value]
  private let evaluate: @Sendable (inout Builder, [Value], Bool) throws(IRError) -> [Value]
  /// The weights after the step, by name.
  public private(set) var newWeights: [String: Value] = [:]
  /// The state after the step, by `<weight>/<slot>`.
  public private(set) var newState: [String: Value] = [:]

  /// `state` maps `<weight>/<slot>`; `evaluate` emits one gradient evaluation at the given weights; its last argument says whether that one
  /// records loss and metrics.
  public init(
    builder: Builder, weights: [Trainable], rate: Value, state: [String: Value],
    evaluate: @escaping @Sendable (inout Builder, [Value], Bool) throws(IRError) -> [Value]
  ) {
    self.builder = builder
    self.weights = weights
    self.rate = rate
    self.state = state
    self.evaluate = evaluate
  }

  /// The gradients of the loss with respect to every weight, at the given values (the current ones by default). Exactly one call of a step
  /// must pass `recordsLoss` true: that one's loss, outputs and new buffers become the step's.
  public mutating func gradients(at values: [Value]? = nil, recordsLoss: Bool = true) throws(IRError) -> [Value] {
    try evaluate(&builder, values ?? weights.map(\.value), recordsLoss)
  }
  /// The current content of a slot.
  public func slot(_ name: String, of weight: Trainable) throws(IRError) -> Value {
    guard let value = state["\(weight.name)/\(name)"] else { throw IRError("no state slot \(weight.name)/\(name)") }
    return value
  }
  /// Says what a weight is after the step.
  public mutating func set(_ weight: Trainable, to value: Value) { newWeights[weight.name] = value }
  /// Says what a slot is after the step.
  public mutating func setSlot(_ name: String, of weight: Trainable, to value: Value) { newState["\(weight.name)/\(name)"] = value }
}
