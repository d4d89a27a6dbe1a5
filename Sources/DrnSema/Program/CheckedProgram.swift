import DrnDiagnostics
import DrnMethods
import DrnNumbers
import DrnSource

/// One `train` declaration after every check: names resolved, blocks unfolded, shapes inferred, options typed, times ordered.
/// A value; nothing in it refers back to syntax except spans.
public struct CheckedProgram: Sendable {
  public internal(set) var network: Network
  public internal(set) var data: DataSettings
  public internal(set) var training: TrainingSettings
  /// Every matrix that clauses may reparameterize, in network order.
  public internal(set) var weights: [WeightPlan]
  /// Maximal spans in which no timeline changes, in order; the first starts at 0, the last ends at the length of the run.
  public let phases: [Phase]
  public internal(set) var events: [EventPlan]
  public internal(set) var requirements: [Requirement]
  /// Lints the source allows, by name.
  public let allowed: Set<String>
  /// Steps in one epoch; `nil` when the number of examples is unknown.
  public let stepsPerEpoch: Int?
  /// The levels of lints, for those that need more than the checker.
  public var lintLevels = LintLevels()
  /// Training stops here, if before its end; the program is the same.
  public var stopAfter: Duration?
  /// The learning rate with all its options, as text.
  public var rateText: String?
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
    self.events = events
    self.requirements = requirements
    self.allowed = allowed
    self.stepsPerEpoch = stepsPerEpoch
  }
}

/// A network as a list of operations in order of execution, each on results of earlier ones.
public struct Network: Sendable {
  /// Where a tensor comes from.
  public enum Source: Hashable, Sendable {
    /// The network's input, per example.
    case input
    /// The result of the node of that index.
    case node(Int)
  }
  public struct Node: Sendable {
    /// The path by which selectors and saved files name it: `stage2[0].conv1`; unlabelled layers without parameters have one too.
    public let path: String
    /// The path as saved: `stage2.0.conv1`.
    public let savedName: String
    public let layer: any Layer
    /// What the layer was made from, defaults included.
    public let options: Options
    public let inputs: [Source]
    /// Per example.
    public let shape: [Int]
    public internal(set) var span: Span
    public init(path: String, savedName: String, layer: any Layer, options: Options = Options(), inputs: [Source], shape: [Int], span: Span)
    {
      self.path = path
      self.savedName = savedName
      self.layer = layer
      self.options = options
      self.inputs = inputs
      self.shape = shape
      self.span = span
    }
  }
  public let name: String
  public let inputShape: [Int]
  public internal(set) var nodes: [Node]
  public let output: Source
  public let outputShape: [Int]
  public init(name: String, inputShape: [Int], nodes: [Node], output: Source, outputShape: [Int]) {
    self.name = name
    self.inputShape = inputShape
    self.nodes = nodes
    self.output = output
    self.outputShape = outputShape
  }
  /// The shape of a source, per example.
  public func shape(of source: Source) -> [Int] {
    switch source {
    case .input: inputShape
    case .node(let index): nodes[index].shape
    }
  }
}

/// One matrix and its timeline of forms.
public struct WeightPlan: Sendable {
  /// The layer's saved name and the tensor: `fc1.weight`.
  public let name: String
  /// The path by which selectors name the layer: `fc1`.
  public let path: String
  public let node: Int
  /// The tensor's name within the layer: `weight`.
  public let tensor: String
  public let shape: WeightShape
  /// In order of time; the first starts at 0. A weight no clause names is `dense` throughout.
  public internal(set) var spans: [FormSpan]
  /// How its dense initialization is drawn.
  public let initializer: Initializer
  public init(name: String, path: String, node: Int, tensor: String, shape: WeightShape, spans: [FormSpan], initializer: Initializer) {
    self.name = name
    self.path = path
    self.node = node
    self.tensor = tensor
    self.shape = shape
    self.spans = spans
    self.initializer = initializer
  }
}

/// From `start` on, a weight has this form.
public struct FormSpan: Sendable {
  public let start: Moment
  public let form: any Parameterization
  /// The rank on entry: resolved, or `nil` when it is decided at run time; 0 for a form without rank.
  public let rank: Int?
  /// The ranks it may have during the span.
  public let rankBounds: ClosedRange<Int>
  /// How the weight comes into this form; for the first span it is the initialization and ignored.
  public let transition: TransitionSettings
  public internal(set) var span: Span
  public init(
    start: Moment, form: any Parameterization, rank: Int?, rankBounds: ClosedRange<Int>, transition: TransitionSettings, span: Span
  ) {
    self.start = start
    self.form = form
    self.rank = rank
    self.rankBounds = rankBounds
    self.transition = transition
    self.span = span
  }
}

/// The options of `by svd(...)` with the defaults of `train`.
public struct TransitionSettings: Hashable, Sendable {
  public let state: StatePolicy
  /// The relative Frobenius error allowed to a truncation; reported and enforced at run time.
  public let error: Double?
  /// Linear warm-up of the learning rate after the transition.
  public let rewarm: Duration?
  /// Batches used to recompute running statistics after the transition; 0 for none.
  public let recalibrationBatches: Int
  public init(state: StatePolicy, error: Double? = nil, rewarm: Duration? = nil, recalibrationBatches: Int = 0) {
    self.state = state
    self.error = error
    self.rewarm = rewarm
    self.recalibrationBatches = recalibrationBatches
  }
}

/// A maximal span in which nothing the schedule names changes.
public struct Phase: Sendable {
  public let index: Int
  public let start: Moment
  /// Exclusive.
  public let end: Moment
  /// For each weight, the index of its current `FormSpan`.
  public let forms: [Int]
  public let loss: any Loss
  public let update: any Update
  /// Saved names of the parameters that are trained (form-independent: `fc1.weight`, `fc1.bias`).
  public let trainable: Set<String>
  /// What normalizations of layers that are not trained work by.
  public let statistics: FrozenStatistics
  /// The loss with all its options, as text.
  public var lossText: String?
  public init(
    index: Int, start: Moment, end: Moment, forms: [Int], loss: any Loss, update: any Update, trainable: Set<String>,
    statistics: FrozenStatistics = .batch
  ) {
    self.statistics = statistics
    self.index = index
    self.start = start
    self.end = end
    self.forms = forms
    self.loss = loss
    self.update = update
    self.trainable = trainable
  }
}

/// A trigger and what it does.
public struct EventPlan: Sendable {
  public enum Trigger: Hashable, Sendable {
    case every(Duration)
    case at([Moment])
    case end
  }
  public enum Action: Sendable {
    case rank(any RankEvent)
    /// Measurements written to the log: `effective_rank`, `stable_rank`, `spectrum`.
    case report([String])
  }
  public let trigger: Trigger
  public let action: Action
  /// Indices into `CheckedProgram.weights`, in network order.
  public let weights: [Int]
  public internal(set) var span: Span
  public init(trigger: Trigger, action: Action, weights: [Int], span: Span) {
    self.trigger = trigger
    self.action = action
    self.weights = weights
    self.span = span
  }
}

/// `require: average(trainable_parameters) <= 0.80 * dense_cost`.
public struct Requirement: Hashable, Sendable {
  public enum Aggregate: String, Hashable, Sendable, CaseIterable { case average, final, maximum, total }
  public enum Quantity: String, Hashable, Sendable, CaseIterable {
    case parameters
    case trainableParameters = "trainable_parameters"
    case deployedParameters = "deployed_parameters"
    case forwardOperations = "forward_operations"
    case trainingOperations = "training_operations"
    case memory
    case stateBytes = "state_bytes"
    case gradientBytes = "gradient_bytes"

    /// Whether shapes and ranks determine it, without compiling a phase.
    public var followsFromShapes: Bool {
      switch self {
      case .parameters, .trainableParameters, .deployedParameters, .stateBytes, .gradientBytes: true
      case .forwardOperations, .trainingOperations, .memory: false
      }
    }
  }
  public enum Comparison: String, Hashable, Sendable {
    case lessOrEqual = "<="
    case less = "<"
    case greaterOrEqual = ">="
    case greater = ">"
  }
  public let aggregate: Aggregate
  public let quantity: Quantity
  public let comparison: Comparison
  public let limit: Rational
  /// Whether `limit` is a multiple of the same quantity of the all-dense network.
  public let isRelativeToDense: Bool
  public internal(set) var span: Span
  public init(aggregate: Aggregate, quantity: Quantity, comparison: Comparison, limit: Rational, isRelativeToDense: Bool, span: Span) {
    self.aggregate = aggregate
    self.quantity = quantity
    self.comparison = comparison
    self.limit = limit
    self.isRelativeToDense = isRelativeToDense
    self.span = span
  }
}
