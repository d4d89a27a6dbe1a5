import DrnDiagnostics
import DrnMethods
import DrnNumbers
import DrnSource

/// One `train` declaration after every check: names resolved, blocks unfolded, shapes inferred, options typed, times ordered.
/// A value; nothing in it refers back to syntax except spans.
public struct CheckedProgram: Sendable {
  /// The network with every block unfolded.
  public package(set) var network: Network
  /// The data set, with what its files said of themselves.
  public package(set) var data: DataSettings
  /// What holds for the whole run.
  public package(set) var training: TrainingSettings
  /// Every matrix that clauses may reparameterize, in network order.
  public package(set) var weights: [WeightPlan]
  /// Maximal spans in which no timeline changes, in order; the first starts at 0, the last ends at the length of the run.
  public let phases: [Phase]
  /// Events that change weights, and reports; each acts on weights of its own choice.
  public package(set) var events: [EventPlan]
  /// Bounds on costs, which analysis decides.
  public package(set) var requirements: [Requirement]
  /// Lints the source allows, by name.
  public let allowed: Set<String>
  /// Steps in one epoch; `nil` when the number of examples is unknown.
  public let stepsPerEpoch: Int?
  /// What changes of weights beside their ranks, see `WeightExtent`; found once, since every shape asks for it.
  public let extents: [WeightExtent]
  /// The levels of lints, for those that need more than the checker.
  public var lintLevels = LintLevels()
  /// Training stops here, if before its end; the program is the same.
  public var stopAfter: Duration?
  /// Whether what is seen of each example is kept.
  public var remembersExamples: Bool { events.contains { if case .sieve = $0.action { true } else { false } } }
  /// What its selectors matched, in the order they were met.
  public var selectors: [SelectorMatch] = []

  public init(
    network: Network, data: DataSettings, training: TrainingSettings, weights: [WeightPlan], phases: [Phase], events: [EventPlan],
    requirements: [Requirement], allowed: Set<String>, stepsPerEpoch: Int?
  ) {
    self.network = network
    self.data = data
    self.training = training
    self.weights = weights
    self.phases = phases
    extents = Self.extents(of: weights, in: phases)
    self.events = events
    self.requirements = requirements
    self.allowed = allowed
    self.stepsPerEpoch = stepsPerEpoch
  }
}

extension CheckedProgram {
  /// A moment at which something begins, as it is written after `from`.
  package func startText(_ moment: Moment) -> String {
    phases.last.map { $0.isAtEnd && $0.start == moment } ?? false ? "end" : moment.text
  }
}

/// A maximal span in which nothing the schedule names changes.
public struct Phase: Sendable {
  /// The position in `CheckedProgram.phases`.
  public let index: Int
  /// The first moment in it.
  public let start: Moment
  /// Exclusive.
  public let end: Moment
  /// For each weight, the index of its current `FormSpan`.
  public let forms: [Int]
  /// The loss of its steps.
  public let loss: any LossFunction
  /// The update of everything that no clause gives one of its own.
  public let update: any Update
  /// The updates of the weights that clauses give one, by name.
  public let ownUpdates: [String: any Update]
  /// Saved names of the parameters that are trained (form-independent: `fc1.weight`, `fc1.bias`).
  public let trainable: Set<String>
  /// The coefficient of weight decay.
  public let weightDecay: Double
  /// What normalizations of layers that are not trained work by.
  public let statistics: FrozenStatistics
  /// The loss that the program writes and its evaluations give; `nil` where that is the metric of the task.
  package var judgingLoss: String? { (loss as? WrittenLoss)?.definition }
  public init(
    index: Int, start: Moment, end: Moment, forms: [Int], loss: any LossFunction, update: any Update,
    ownUpdates: [String: any Update] = [:], trainable: Set<String>, weightDecay: Double,
    statistics: FrozenStatistics = .batch
  ) {
    self.statistics = statistics
    self.index = index
    self.start = start
    self.end = end
    self.forms = forms
    self.loss = loss
    self.update = update
    self.ownUpdates = ownUpdates
    self.trainable = trainable
    self.weightDecay = weightDecay
  }
}

extension Phase {
  /// Whether it has no step: what begins in it is what is saved and deployed.
  public var isAtEnd: Bool { start == end }
  /// The update of a weight or vector.
  public func update(of name: String) -> any Update { ownUpdates[name] ?? update }
}

/// A trigger and what it does.
public struct EventPlan: Sendable {
  /// When an event fires.
  public enum Trigger: Hashable, Sendable {
    case every(Duration)
    case at([Moment])
    case end
  }
  /// What an event does.
  public enum Action: Sendable {
    case rank(any RankEvent)
    case values(any ValueEvent)
    /// Measurements written to the log.
    case report([any WeightMeasurement])
    /// The weights, running statistics and optimizer state of the best epoch so far are brought back.
    case restore
    /// Examples leave the training.
    case sieve(Sieve)
  }
  /// What changes weights, if that is what it does.
  public var weightEvent: (any WeightEvent)? {
    switch action {
    case .rank(let event): event
    case .values(let event): event
    case .report, .restore, .sieve: nil
    }
  }
  /// The word of the event that measures.
  public static let report = MethodSpec(
    "report",
    summary: "Writes measurements of the weights to the log: " + Measurements.all.map { $0.spec.name }.joined(separator: ", ") + ".")
  /// The word of the event that brings the best epoch back.
  public static let restore = MethodSpec(
    "restore",
    summary: "Brings back weights, running statistics and optimizer state of the best epoch so far, before anything else of the moment.",
    options: [OptionSpec("epoch", .word(["best"]), required: true, "Which: the one that `select` would save, were it the end.")],
    positional: 1)
  /// The word of an event that only concerns weights of which something holds.
  public static let when = MethodSpec(
    "when",
    summary:
      "`when(stable_rank < 20, trim(...))`: what comes second, for those weights alone of which the comparison of a measurement holds then."
  )
  /// When it fires.
  public let trigger: Trigger
  /// What must hold of a weight for the event to concern it; `nil` for nothing.
  public let condition: MeasuredCondition?
  /// What it does.
  public let action: Action
  /// Indices into `CheckedProgram.weights`, in network order.
  public let weights: [Int]
  /// The event in the source.
  public package(set) var span: Span
  public init(trigger: Trigger, condition: MeasuredCondition? = nil, action: Action, weights: [Int], span: Span) {
    self.trigger = trigger
    self.condition = condition
    self.action = action
    self.weights = weights
    self.span = span
  }
}

extension EventPlan.Action {
  /// Whether it belongs to `train` and not to weights.
  public var concernsAll: Bool {
    switch self {
    case .restore, .sieve: true
    case .rank, .values, .report: false
    }
  }
  /// Its word in the source.
  public var word: String {
    switch self {
    case .rank(let event): type(of: event).spec.name
    case .values(let event): type(of: event).spec.name
    case .report: EventPlan.report.name
    case .restore: EventPlan.restore.name
    case .sieve: Sieve.spec.name
    }
  }
}
