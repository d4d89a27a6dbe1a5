import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

/// Everything of a `train` declaration that has a time.
struct Schedule {
  let timelines: Timelines
  let events: [EventPlan]
  let requirements: [Requirement]
  let rate: DescribedRate
}

extension Checker {
  /// Reads and checks weights, losses, trainable sets, events, the rate and the requirements. `nil` when the rate has an error.
  mutating func checkSchedule(_ entries: Settings, _ context: TrainContext) -> Schedule? {
    let owner = context.item.network
    let losses = readTimed("loss", entries, context.time, owner: owner, isRequired: true) { $0.readLoss($1, context.data) }
    let trainable = readTimed("trainable", entries, context.time, owner: owner, isRequired: false) {
      $0.readParameters($1, "trainable", context.network, context.layers)
    }
    let statistics = readTimed("statistics", entries, context.time, owner: owner, isRequired: false) {
      $0.word($1, "statistics", among: FrozenStatistics.allCases.map(\.rawValue)).flatMap(FrozenStatistics.init)
    }
    let rate = required("rate", entries, of: owner).flatMap { value -> DescribedRate? in
      rateValue = value
      checkRateMoments(value.value, context.time)
      guard let rate = readRate(value) else { return nil }
      lintPointless(rate.rate.pointless, in: value, of: rate.spec)
      lintWarmup(rate, value, context)
      return rate
    }
    let plans = readPlans(entries.clauses.filter { $0.name.text == "weights" }, context)
    let everywhere = readEvents(entries, context)
    let weights = makeWeights(plans, everywhere, context)
    let events = plans.flatMap(\.events) + everywhere
    for event in events {
      checkEffect(event, weights)
      checkReach(event, weights, context.time)
    }
    if !entries.misspelt.contains("state") { reportStateless(context.item) }
    lintInitialDraws(plans)
    lintProductVariance(plans, context)
    let requirements = entries.repeated.compactMap { readRequirement($0) }
    guard let rate else { return nil }
    let everything = TimedValue(start: Moment.start, value: allParameters(context.network), span: context.item.span)
    let timelines = Timelines(
      weights: weights, losses: losses, updates: context.updates, trainable: trainable.isEmpty ? [everything] : trainable,
      statistics: statistics)
    lintSchedule(plans, rate.rate, trainable: timelines.trainable, context)
    lintIdleState(context)
    checkStatistics(entries, timelines, context)
    return Schedule(timelines: timelines, events: events, requirements: requirements, rate: rate)
  }

  /// `statistics` where no normalization over the batch is ever frozen.
  private mutating func checkStatistics(_ entries: Settings, _ timelines: Timelines, _ context: TrainContext) {
    guard let network = context.network, !timelines.statistics.isEmpty else { return }
    let entry = entries["statistics"]?.span ?? entries.clauses.first { $0.name.text == "statistics" }?.headerSpan
    let normalizations = network.nodes.indices.filter { network.isNormalization($0) }
    let isFrozen = normalizations.contains { index in
      timelines.trainable.contains { $0.value.isDisjoint(with: network.parameterNames(of: index)) }
    }
    guard !isFrozen else { return }
    let reason = normalizations.isEmpty ? "`\(network.name)` has no running statistics" : "every `batch_norm` is trained throughout"
    report(
      .unreadEntry, "`statistics` has no effect: \(reason)", at: entry, label: "nothing reads this",
      fixIts: entries["statistics"].map { [removing("`statistics`", $0.span, .safe)] } ?? [])
  }

  private func allParameters(_ network: Network?) -> Set<String> {
    guard let network else { return [] }
    return Set(network.nodes.indices.flatMap { network.parameterNames(of: $0) })
  }

  /// Every matrix with its timeline; what no clause claims is dense throughout.
  private mutating func makeWeights(_ plans: [FormPlan], _ everywhere: [EventPlan], _ context: TrainContext) -> [WeightPlan] {
    var spans: [Int: [FormSpan]] = [:]
    for plan in plans where !plan.points.isEmpty {
      spans.merge(buildSpans(plan, everywhere, context)) { first, _ in first }
    }
    guard let dense = vocabulary.forms["dense"] else { return [] }
    let always = FormSpan(
      start: .start, form: dense.init(options: Options()), rank: 0, rankBounds: 0...0, transition: TransitionSettings(state: .reset),
      span: context.item.span)
    return context.sites.enumerated().map { index, site in
      WeightPlan(
        name: site.name, path: site.path, node: site.node, tensor: site.tensor, shape: site.shape, spans: spans[index] ?? [always],
        initializer: site.initializer)
    }
  }

  /// The events of `train` itself, which act on every weight.
  private mutating func readEvents(_ entries: Settings, _ context: TrainContext) -> [EventPlan] {
    entries.timed.compactMap { entry -> EventPlan? in
      switch entry.when {
      case .every, .at: return readEvent(entry, Array(context.sites.indices), context)
      case .from, .lasting:
        report(
          .unknownEntry, "`train` itself has no form to change", at: entry.whenSpan, label: "belongs in a clause",
          help: "put it into `weights ... { }`, `loss { }`, `optimizer { }` or `trainable { }`")
        return nil
      }
    }
  }
}
