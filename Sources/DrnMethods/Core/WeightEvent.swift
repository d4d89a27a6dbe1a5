import DrnIR

/// An event that changes weights while training: their ranks (`RankEvent`) or their values (`ValueEvent`). One file each under `Events/`,
/// listed in `WeightEvents.all`.
public protocol WeightEvent: Method {
  /// Whether a weight in that form is one it can change.
  func acts(on form: any Parameterization) -> Bool
  /// What such a form is, after "is never ": "in a form with a rank".
  static var concerns: String { get }
  /// How a weight comes into such a form, for an error's help.
  static var helpToConcern: String { get }
  /// Firings before this moment change nothing. By default none is too early.
  var after: Moment { get }
  /// Firings from this moment on change nothing; `nil` for none. By default none.
  var before: Moment? { get }
  /// The moments that options name, which must lie within the training. By default those of `after` and `before`.
  var moments: [Moment] { get }
  /// What becomes of the optimizer state of the weights that change.
  var state: StatePolicy { get }
  /// The options whose values leave nothing of what they are for.
  var pointless: [PointlessOption] { get }
}

extension WeightEvent {
  public var after: Moment { .start }
  public var before: Moment? { nil }
  public var moments: [Moment] { (after == .start ? [] : [after]) + (before.map { [$0] } ?? []) }
}

extension OptionSpec {
  /// The end of an event's effect.
  static let before = OptionSpec("before", .moment, "Firings from this moment on change nothing.")
}

/// An event that looks at singular values while training and decides new ranks (`trim`, `grow`).
public protocol RankEvent: WeightEvent {
  /// Which way it changes ranks.
  var direction: RankChange.Direction { get }
  /// The new rank of a weight from its singular values (descending, as many as its rank) and its current rank: from 1 to the current one for an
  /// event that lowers ranks, at least the current one for an event that raises them.
  func decide(singularValues: [Float], rank: Int, shape: WeightShape) -> Int
  /// The least and greatest rank the event can leave, for pricing.
  func bounds(rank: ClosedRange<Int>, shape: WeightShape) -> ClosedRange<Int>
  /// The indices, among `count` selected weights in network order, that the firing number `firing` (from 0) concerns.
  func scope(firing: Int, count: Int) -> Range<Int>
}

extension RankEvent {
  public var direction: RankChange.Direction { .down }
  public func acts(on form: any Parameterization) -> Bool { form.isChangedByEvents }
  public static var concerns: String { "in a form with a rank" }
  public static var helpToConcern: String { "add `from epoch n: factored(...)` or `core(...)` to the clause" }
}

/// An event that changes numbers of weights and leaves every shape: the segment goes on (`mutate`).
public protocol ValueEvent: WeightEvent {
  /// Which of its variants a firing is, from 0: of those that differ in counts each is a function of its own. `passed` are the moments of
  /// `moments` that are not after the firing.
  func variant(passed: Int) -> Int
  /// The parameters and the carried slots afterwards, in IR.
  func change(_ change: ValueChange, in builder: inout Builder) throws(IRError) -> ChangedValues
}

/// A weight whose values an event changes.
public struct ValueChange: Sendable {
  public let weight: WeightInForm
  /// Its name, which separates random streams.
  public let name: String
  public let variant: Int
  /// In the order of the form.
  public let parameters: [Value]
  /// The slots that are carried, their content by the parameter's index.
  public let slots: [TransitionRequest.Slot]
  /// The random key of the firing.
  public let key: Value
  public init(weight: WeightInForm, name: String, variant: Int, parameters: [Value], slots: [TransitionRequest.Slot], key: Value) {
    self.weight = weight
    self.name = name
    self.variant = variant
    self.parameters = parameters
    self.slots = slots
    self.key = key
  }
}

/// What a change of values leaves.
public struct ChangedValues: Sendable {
  /// In the order of the form.
  public let parameters: [Value]
  /// One for each slot of the change.
  public let slots: [TransitionRequest.Slot]
  /// Scalars for the log, by name. Where `active` is another number than `active_before`, what did best before competes no more.
  public let measured: [(name: String, value: Value)]
  public init(parameters: [Value], slots: [TransitionRequest.Slot], measured: [(name: String, value: Value)]) {
    self.parameters = parameters
    self.slots = slots
    self.measured = measured
  }
}
