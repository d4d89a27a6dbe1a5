import DrnMethods

/// What a method is a method of. A new family is one case here: editors, `drnc methods` and the reference take it from there.
public enum MethodFamily: String, Sendable, CaseIterable {
  case layer
  case form = "form of a weight"
  case transition
  case update = "optimizer"
  case loss
  case rate = "learning rate"
  case event, measurement
  case selection = "choice of weights"
  case mixture = "mixture of examples"
  case average = "average of the weights"
  case stop = "end of a run"
  case weightFile = "file of weights"
  case metric
  case source = "source of data"
  case preparation, augmentation
  case subset = "choice of examples"
  /// What an option of another method takes.
  case option = "method"

  /// The methods that stand in a place of the family, in the order in which they are listed.
  public var specs: [MethodSpec] {
    switch self {
    case .layer: Layers.all.map { $0.spec }
    case .form: Parameterizations.all.map { $0.spec }
    case .transition: Transitions.all.map { $0.spec }
    case .update: Updates.all.map { $0.spec }
    case .loss: Losses.all.map { $0.spec }
    case .rate: Rates.all.map { $0.spec }
    case .event: WeightEvents.all.map { $0.spec } + [EventPlan.report, EventPlan.restore, EventPlan.when, Sieve.spec]
    case .measurement: Measurements.all.map { $0.spec }
    case .selection: Selection.specs
    case .mixture: Mixtures.all.map { $0.spec }
    case .average: [ExponentialAverage.spec]
    case .stop: [EarlyStop.spec]
    case .weightFile: [WeightsFrom.spec]
    case .metric: Metrics.all.map(\.spec)
    case .source: DataSources.all.map { $0.spec }
    case .preparation: Preparations.all.map { $0.spec }
    case .augmentation: Augmentations.all.map { $0.spec }
    case .subset: Subsets.all.map { $0.spec }
    case .option: Self.inner
    }
  }

  /// What options of methods call that stands in no other place: `recalibrate`, `one_hot`.
  private static var inner: [MethodSpec] {
    let listed = allCases.filter { $0 != .option }.flatMap(\.specs)
    var known = Set(listed.map(\.name))
    return listed.flatMap(\.options).flatMap { option -> [MethodSpec] in
      if case .method(let specs) = option.kind { specs } else { [] }
    }.filter { known.insert($0.name).inserted }
  }

  /// The heading of its list.
  public var title: String {
    switch self {
    case .layer: "Layers"
    case .form: "Parameterizations"
    case .transition: "Transitions"
    case .update: "Updates"
    case .loss: "Losses"
    case .rate: "Rates"
    case .event: "Events"
    case .measurement: "Measurements"
    case .selection: "Saved weights"
    case .mixture: "Mixtures of examples"
    case .average: "Averages of the weights"
    case .stop: "Ends of a run"
    case .weightFile: "Files of weights"
    case .metric: "Metrics"
    case .source: "Data sources"
    case .preparation: "Preparations"
    case .augmentation: "Augmentations"
    case .subset: "Choices of examples"
    case .option: "Options of these"
    }
  }
}
