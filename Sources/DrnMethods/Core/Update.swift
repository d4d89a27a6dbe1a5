import DrnIR

/// How the weights and vectors it is assigned to move in one optimizer step. One file each under `Updates/`, listed in `Updates.all`.
///
/// A step has as many evaluations of the gradient as the update that asks for the most. One that asks for fewer takes part in the last
/// ones; before, its weights stand where they are and no gradient is taken by them.
public protocol Update: Method {
  /// The state kept for each tensor it moves, every slot of the tensor's shape.
  var slots: [SlotSpec] { get }
  /// All the state kept for a weight or vector. By default the slots of its moved tensors.
  func state(of part: UpdatedPart) -> [StateSpec]
  /// Whether anything is kept from step to step. By default where there are slots.
  var keepsState: Bool { get }
  /// Whether the update asks how many updates a part's state has had.
  var countsUpdates: Bool { get }
  /// The most gradient evaluations a step asks for.
  var gradientEvaluations: Int { get }
  /// How many it asks for a part. By default as many as it may.
  func evaluations(of part: UpdatedPart) -> Int
  /// Which of them, from 0, records the loss, the outputs and the new buffers of the step. By default the last.
  func recordedEvaluation(of part: UpdatedPart) -> Int
  /// Whether the update moves a parameter of a form. By default what the form itself trains.
  func moves(_ parameter: ParameterSpec, of form: any Parameterization) -> Bool
  /// Where a part stands in an evaluation, from 0. By default in its own form, with a gradient by everything that is moved.
  func view(_ evaluation: Int, of part: UpdatedPart) -> PartView
  /// Why the update cannot move a weight of that form and shape; `nil` where it can.
  func obstacle(_ form: any Parameterization, _ shape: WeightShape) -> UpdateObstacle?
  /// What every optimizer of a dense network would be instead: the baseline of costs. By default the update itself.
  var baseline: any Update { get }
  var pointless: [PointlessOption] { get }
  /// Whether weight decay shrinks a tensor beside the step, and takes no part in what the step is made of. By default not.
  var decouplesDecay: Bool { get }
  /// Whether it tells the parts of an accumulated batch apart. By default not.
  var readsBatchParts: Bool { get }
  /// The extents of a weight that the update's state depends on and that it changes. By default none.
  func extents(of form: any Parameterization, _ shape: WeightShape) -> [ExtentSpec]
  /// The update of a weight whose extents are those, by name.
  func bound(to extents: [String: Dimension]) -> any Update
  /// Whether it moves the bases of a form between steps. By default not.
  func movesBetweenSteps(_ form: any Parameterization) -> Bool
  /// Begins a step of one part.
  func begin(_ part: UpdatedPart, _ step: inout StepContext) throws(IRError) -> any PartUpdate
}

extension Update {
  public var keepsState: Bool { !slots.isEmpty }
  public var countsUpdates: Bool { false }
  public func evaluations(of part: UpdatedPart) -> Int { gradientEvaluations }
  public func recordedEvaluation(of part: UpdatedPart) -> Int { evaluations(of: part) - 1 }
  public var pointless: [PointlessOption] { [] }
  public var baseline: any Update { self }
  public var decouplesDecay: Bool { false }
  public var readsBatchParts: Bool { false }
  public func extents(of form: any Parameterization, _ shape: WeightShape) -> [ExtentSpec] { [] }
  public func bound(to extents: [String: Dimension]) -> any Update { self }
  public func movesBetweenSteps(_ form: any Parameterization) -> Bool { false }
  public func state(of part: UpdatedPart) -> [StateSpec] {
    part.moved.flatMap { tensor in slots.map { StateSpec(tensor: tensor.name, slot: $0, shape: tensor.shape) } }
  }
  public func moves(_ parameter: ParameterSpec, of form: any Parameterization) -> Bool { parameter.isTrainable }
  public func view(_ evaluation: Int, of part: UpdatedPart) -> PartView { PartView(asked: part.movedIndices) }
  public func obstacle(_ form: any Parameterization, _ shape: WeightShape) -> UpdateObstacle? { nil }
}

/// An update that now and then makes parts of its state anew from the gradient of a batch, before the step that uses the same batch.
public protocol RenewingUpdate: Update {
  /// The updates of a part's state from one renewal to the next; the first comes before the first update.
  var renewalPeriod: Duration { get }
  /// Whether state of the part is ever renewed. By default it is.
  func renews(_ part: UpdatedPart) -> Bool
  /// The indices of the part's tensors by which the gradients of a renewal are taken. By default of those it moves.
  func renewalGradients(of part: UpdatedPart) -> [Int]
  /// The state by which a renewal may be due before its time; `nil` for a fixed period.
  func renewalTrigger(of part: UpdatedPart) -> RenewalTrigger?
  /// The new state of a part from the gradients that it asks for, averaged over the batch and not clipped; what it sets replaces the old.
  /// Measurements go to `step.report`.
  func renew(_ part: UpdatedPart, gradients: [Value], _ step: inout StepContext) throws(IRError)
}

extension RenewingUpdate {
  public func renews(_ part: UpdatedPart) -> Bool { true }
  public func renewalGradients(of part: UpdatedPart) -> [Int] { part.movedIndices }
  public func renewalTrigger(of part: UpdatedPart) -> RenewalTrigger? { nil }
}

/// State by which a renewal comes before its time, by name. The period then counts from the last one.
public struct RenewalTrigger: Hashable, Sendable {
  /// Not zero where it is due.
  public let due: String
  /// The updates since the last one.
  public let since: String
  public init(due: String, since: String) {
    self.due = due
    self.since = since
  }
}

/// The step of one part under way.
public protocol PartUpdate {
  /// The values of the tensors of the part's view in an evaluation: one list for the whole batch, or one for each part of an accumulated one.
  mutating func stand(_ evaluation: Int, _ step: inout StepContext) throws(IRError) -> [[Value]]
  /// The basis through which a gradient is seen, as P^T G or G P; `nil` for the gradient itself. Clipping and averages act on what is seen.
  func projection(_ evaluation: Int) -> GradientProjection?
  /// Takes the gradients of an evaluation. After the last one every moved tensor and every slot has been set.
  mutating func absorb(_ gradients: PartGradients, _ evaluation: Int, _ step: inout StepContext) throws(IRError)
}

extension PartUpdate {
  public func projection(_ evaluation: Int) -> GradientProjection? { nil }
}

/// A basis with orthonormal columns: the gradient G is seen as P^T G where it spans columns of G, as G P where it spans rows.
public struct GradientProjection: Sendable {
  public let basis: Value
  public let spans: MatrixVectors
  public init(basis: Value, spans: MatrixVectors) {
    self.basis = basis
    self.spans = spans
  }
}

/// The gradients by what a view asked for, in its order.
public struct PartGradients: Sendable {
  /// Averaged over the batch, clipped, with the decay of products added.
  public let mean: [Value]
  /// Those of each part of an accumulated batch by itself, neither clipped nor decayed.
  public let ofParts: [[Value]]
  public init(mean: [Value], ofParts: [[Value]]) {
    self.mean = mean
    self.ofParts = ofParts
  }
}

/// A weight in a form at a rank.
public struct WeightInForm: Sendable {
  public let form: any Parameterization
  public let shape: WeightShape
  public let rank: Dimension
  public init(form: any Parameterization, shape: WeightShape, rank: Dimension) {
    self.form = form
    self.shape = shape
    self.rank = rank
  }
}

/// A weight or a vector as an update sees it: its tensors, moved or not, in the order of the form.
public struct UpdatedPart: Sendable {
  public struct Tensor: Hashable, Sendable {
    public let name: String
    public let shape: [Dimension]
    public let isMoved: Bool
    /// The coefficient of weight decay of this tensor by itself, already resolved by the `decay` policy; 0 for none.
    public let decay: Double
    public init(name: String, shape: [Dimension], isMoved: Bool, decay: Double) {
      self.name = name
      self.shape = shape
      self.isMoved = isMoved
      self.decay = decay
    }
  }
  /// `fc1.weight`, whatever its form.
  public let name: String
  /// `nil` for a vector.
  public let weight: WeightInForm?
  public let tensors: [Tensor]
  /// Into how many parts the batch of a step is split.
  public let batchParts: Int
  public init(name: String, weight: WeightInForm?, tensors: [Tensor], batchParts: Int) {
    self.name = name
    self.weight = weight
    self.tensors = tensors
    self.batchParts = batchParts
  }
  public var movedIndices: [Int] { tensors.indices.filter { tensors[$0].isMoved } }
  public var moved: [Tensor] { tensors.filter(\.isMoved) }
}

/// Where a part stands in an evaluation.
public struct PartView: Sendable {
  /// The form that its values are parameters of; `nil` for its own.
  public let form: WeightInForm?
  /// By which of the view's tensors the loss is differentiated.
  public let asked: [Int]
  public init(form: WeightInForm? = nil, asked: [Int]) {
    self.form = form
    self.asked = asked
  }
}

/// Why an update cannot move a weight.
public struct UpdateObstacle: Hashable, Sendable {
  /// "`basis_update` moves the bases of `core`, and `fc1.weight` is `dense`": what stands after the name.
  public let reason: String
  public let help: String
  public init(_ reason: String, help: String) {
    self.reason = reason
    self.help = help
  }
}

/// One slot of optimizer state.
public struct SlotSpec: Hashable, Sendable {
  public let name: String
  public let law: StateLaw
  public init(_ name: String, _ law: StateLaw) {
    self.name = name
    self.law = law
  }
}

/// How the meaning of state changes with the coordinates of its weight.
public enum StateLaw: String, Hashable, Sendable, CaseIterable {
  /// A combination of gradients: pulled back through the Jacobian of the reconstruction.
  case gradient
  /// A combination of squared gradients: pulled back through the squared Jacobian; a heuristic, never negative.
  case squaredGradient
  /// Means something between the tensors of the update alone, as a basis, what lies in one, or a point of weight space: it begins anew
  /// whenever the weight changes its form or rank.
  case own
}

/// A tensor of state: `<tensor>/<slot>`.
public struct StateSpec: Hashable, Sendable {
  public let tensor: String
  public let slot: SlotSpec
  public let shape: [Dimension]
  public var name: String { "\(tensor)/\(slot.name)" }
  public init(tensor: String, slot: SlotSpec, shape: [Dimension]) {
    self.tensor = tensor
    self.slot = slot
    self.shape = shape
  }
}

/// What updates work with while a step is made.
public struct StepContext {
  public var builder: Builder
  /// The random key of the step: streams of other names are other numbers.
  public let key: Value
  private let learningRate: Value?
  /// Of every tensor and every state tensor of the step, by name.
  private var values: [String: Value]
  /// The updates since the state of a part last began, this one included, by the part's name: scalars, f32.
  private let updates: [String: Value]
  /// What the step leaves, by name.
  public private(set) var results: [String: Value] = [:]
  /// Scalars to log, by name.
  public private(set) var reports: [(name: String, value: Value)] = []

  /// `rate` is `nil` in a renewal, which is no step.
  public init(builder: Builder, rate: Value?, key: Value, values: [String: Value], updates: [String: Value]) {
    self.builder = builder
    learningRate = rate
    self.key = key
    self.values = values
    self.updates = updates
  }

  /// The learning rate of this step, a scalar.
  public func rate() throws(IRError) -> Value {
    guard let learningRate else { throw IRError("a renewal has no learning rate") }
    return learningRate
  }
  /// The value of a tensor, or of state by `<tensor>/<slot>`, at the beginning of the step.
  public func value(_ name: String) throws(IRError) -> Value {
    guard let value = values[name] else { throw IRError("the step has no tensor \(name)") }
    return value
  }
  public func updates(of part: UpdatedPart) throws(IRError) -> Value {
    guard let value = updates[part.name] else { throw IRError("\(part.name) has no counter of updates") }
    return value
  }
  /// Puts something else in the place of a tensor's or slot's value, for what reads it from here on.
  public mutating func replace(_ name: String, with value: Value) { values[name] = value }
  /// What was set.
  public func result(_ name: String) throws(IRError) -> Value {
    guard let value = results[name] else { throw IRError("the step has not set \(name)") }
    return value
  }
  /// Sets what the step leaves in a tensor, or in state.
  public mutating func set(_ name: String, to value: Value) { results[name] = value }
  /// Logs a scalar.
  public mutating func report(_ name: String, _ value: Value) { reports.append((name, value)) }
}
