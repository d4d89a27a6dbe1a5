import DrnMethods
import DrnSource

/// One matrix of the network that clauses may reparameterize.
public struct WeightSite: Sendable {
  /// The layer's saved name and the tensor: `fc1.weight`.
  public let name: String
  /// The path by which selectors name the layer: `fc1`.
  public let path: String
  /// The layer, as an index into `Network.nodes`.
  public let node: Int
  /// The tensor's name within the layer: `weight`.
  public let tensor: String
  /// The matrix, inputs x outputs.
  public let shape: WeightShape
  /// How its dense initialization is drawn.
  public let initializer: Initializer
  /// Whether `initial` of `train` is for this weight: its layer asks for no initialization of its own.
  public let takesInitial: Bool
  /// Whether its products may multiply bfloat16: those of matrices, not convolutions, and not the rows that tokens choose.
  public let takesPrecision: Bool
  public init(
    name: String, path: String, node: Int, tensor: String, shape: WeightShape, initializer: Initializer, takesInitial: Bool = true,
    takesPrecision: Bool = true
  ) {
    self.takesPrecision = takesPrecision
    self.name = name
    self.path = path
    self.node = node
    self.tensor = tensor
    self.shape = shape
    self.initializer = initializer
    self.takesInitial = takesInitial
  }
}

/// A matrix and its timeline of forms. Reads as its site, too: `plan.name`.
@dynamicMemberLookup
public struct WeightPlan: Sendable {
  public let site: WeightSite
  /// In order of time; the first starts at 0. A weight no clause names is `dense` throughout.
  public package(set) var spans: [FormSpan]
  /// What its products multiply.
  public let precision: ProductPrecision
  public init(site: WeightSite, spans: [FormSpan], precision: ProductPrecision = .single) {
    self.site = site
    self.spans = spans
    self.precision = precision
  }
  public subscript<Member>(dynamicMember member: KeyPath<WeightSite, Member>) -> Member { site[keyPath: member] }
}

/// From `start` on, a weight has this form.
public struct FormSpan: Sendable {
  /// The first moment of the span.
  public let start: Moment
  /// The form the weight has.
  public let form: any Parameterization
  /// The rank on entry: resolved, or `nil` when it is decided at run time; 0 for a form without rank.
  public let rank: Int?
  /// What a rank that is decided at run time is priced at, where that is not the largest it may have.
  public let plannedRank: Int?
  /// The ranks it may have during the span.
  public let rankBounds: ClosedRange<Int>
  /// How the weight comes into this form; for the first span it is the initialization and ignored.
  public let transition: TransitionSettings
  /// The entry of the clause in the source.
  public package(set) var span: Span
  public init(
    start: Moment, form: any Parameterization, rank: Int?, plannedRank: Int? = nil, rankBounds: ClosedRange<Int>,
    transition: TransitionSettings, span: Span
  ) {
    self.plannedRank = plannedRank
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
  /// What becomes of optimizer state.
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

extension FormSpan {
  /// `factored 64`, `core 1..64` for a rank decided at run time, `dense`.
  public var text: String {
    let word = type(of: form).spec.name
    guard form.reportsRank else { return word }
    let (least, most) = (rankBounds.lowerBound, rankBounds.upperBound)
    return least == most ? "\(word) \(least)" : "\(word) \(least)..\(most)"
  }
}
