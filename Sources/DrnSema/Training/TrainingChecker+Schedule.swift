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
  let rate: RateTimeline
}

extension TrainingChecker {
  /// Reads and checks weights, losses, trainable sets, events, the rate and the requirements. No schedule when the rate has an error.
  func checkSchedule(_ entries: Settings, _ context: TrainContext) -> (schedule: Schedule?, uses: TransitionUses) {
    let times = TimelineReader(tools: tools, time: context.time)
    let losses = readTimed(Table.loss, entries, times) { readLoss($0) }
    if let first = losses.first(where: { $0.value is CrossEntropy }) { lintOutputs(lossSpan: first.span) }
    let trainable = readTimed(Table.trainable, entries, times) { context.selectors(tools).readParameters($0, "trainable") }
    let weightDecays = readTimed(Table.weightDecay, entries, times) { reader.converted($0, Table.weightDecay)?.number }
    let statistics = readTimed(Table.statistics, entries, times) {
      reader.converted($0, Table.statistics)?.word.flatMap(FrozenStatistics.init)
    }
    let rates = RateReader(
      tools: tools, context: context, watch: WatchChecker(tools: tools, context: context, entries: entries)
    ).read(readTimed(Table.rate, entries, times) { $0 })
    let (plans, everywhere, uses) = readWeights(entries, context)
    let weights = makeWeights(plans, everywhere, context, precision: readPrecision(entries, context))
    let own = ownUpdates(plans, context)
    UpdateReader(tools: tools).checkForms(
      weights, own: own, default: context.updates, average: reader.given(Table.average, entries)?.span, end: context.time.end)
    let events = plans.flatMap(\.events) + everywhere
    checkEvents(events, weights, context)
    if !entries.misspelt.contains("state") { reportStateless(uses.stateless) }
    let ranks = RankChecker(tools: tools, context: context)
    ranks.lintInitialDraws(plans)
    ranks.lintProductVariance(plans)
    let requirements = entries.repeated.compactMap { RequirementReader(tools: tools).readRequirement($0) }
    guard let rates else { return (nil, uses) }
    let everything = TimedValue(start: Moment.start, value: allParameters(context.network), span: item.span)
    let timelines = Timelines(
      weights: weights, losses: losses, updates: context.updates, ownUpdates: own.mapValues(\.value),
      trainable: trainable.isEmpty ? [everything] : trainable,
      weightDecays: weightDecays, statistics: statistics)
    let last = reader.given(Table.select, entries).flatMap { $0.value.word == Selection.last.rawValue ? $0.span : nil }
    let restoring = RestoreChecker(tools: tools, context: context, timelines: timelines, selectsLast: last)
    for event in everywhere { restoring.check(event) }
    rates.linter.lintSchedule(plans, weights, jumps: rates.jumps, trainable: timelines.trainable)
    rates.linter.lintIdleState(uses)
    checkStatistics(entries, timelines, context)
    return (Schedule(timelines: timelines, events: events, requirements: requirements, rate: rates.timeline), uses)
  }

  private func readWeights(
    _ entries: Settings, _ context: TrainContext
  ) -> (plans: [FormPlan], everywhere: [EventPlan], uses: TransitionUses) {
    var clauses = WeightClauseReader(context, tools)
    let plans = clauses.readPlans(entries.clauses.filter { $0.name.text == "weights" })
    return (plans, readEvents(entries, context), clauses.uses)
  }

  private func checkEvents(_ events: [EventPlan], _ weights: [WeightPlan], _ context: TrainContext) {
    let effects = EventReader(tools: tools, context: context)
    for event in events {
      effects.checkEffect(event, weights)
      effects.checkReach(event, weights)
    }
  }

  /// One message for all transitions that say nothing about optimizer state.
  private func reportStateless(_ stateless: [Span]) {
    guard let first = stateless.first else { return }
    let others = stateless.dropFirst().prefix(5).map { Label($0, "and here") }
    report(
      .stateMissing, "nothing says what becomes of the optimizer state at this transition", at: first, label: "the state is left open",
      secondary: Array(others), notes: ["`reset` starts anew, `carry` takes the state along through the change of coordinates"],
      help: "add `state: reset` or `state: carry` to `train`, or `by svd(state: ...)` here",
      fixIts: edits.adding("state: carry", to: item.entries) + edits.adding("state: reset", to: item.entries))
  }

  /// `statistics` where no normalization over the batch is ever frozen.
  private func checkStatistics(_ entries: Settings, _ timelines: Timelines, _ context: TrainContext) {
    guard let network = context.network, !timelines.statistics.isEmpty else { return }
    let entry = entries[Table.statistics]?.span ?? entries.clauses.first { $0.name.text == "statistics" }?.headerSpan
    let normalizations = network.nodes.indices.filter { network.isNormalization($0) }
    let isFrozen = normalizations.contains { index in
      timelines.trainable.contains { $0.value.isDisjoint(with: network.parameterNames(of: index)) }
    }
    guard !isFrozen else { return }
    let reason = normalizations.isEmpty ? "`\(network.name)` has no running statistics" : "every `batch_norm` is trained throughout"
    report(
      .unreadEntry, "`statistics` has no effect: \(reason)", at: entry, label: "nothing reads this",
      fixIts: entries[Table.statistics].map { [edits.removing("`statistics`", $0.span, .safe)] } ?? [])
  }

  private func allParameters(_ network: Network?) -> Set<String> {
    guard let network else { return [] }
    return Set(network.nodes.indices.flatMap { network.parameterNames(of: $0) })
  }

  /// The updates that clauses give, by the names of their weights.
  private func ownUpdates(_ plans: [FormPlan], _ context: TrainContext) -> [String: TimedValue<any Update>] {
    var own: [String: TimedValue<any Update>] = [:]
    for plan in plans { for site in plan.sites { if let update = plan.update { own[context.sites[site].name] = update } } }
    return own
  }

  /// Every matrix with its timeline; what no clause claims is dense throughout.
  private func makeWeights(_ plans: [FormPlan], _ everywhere: [EventPlan], _ context: TrainContext, precision: ProductPrecision)
    -> [WeightPlan]
  {
    var spans: [Int: [FormSpan]] = [:]
    for plan in plans where !plan.points.isEmpty {
      spans.merge(RankChecker(tools: tools, context: context).buildSpans(plan, everywhere)) { first, _ in first }
    }
    var own: [Int: ProductPrecision] = [:]
    for plan in plans { for site in plan.sites { if let given = plan.precision { own[site] = given.value } } }
    guard let dense = vocabulary.forms["dense"] else { return [] }
    let always = FormSpan(
      start: .start, form: dense.init(options: Options()), rank: 0, rankBounds: 0...0, transition: TransitionSettings(state: .reset),
      span: context.item.span)
    return context.sites.enumerated().map { index, site in
      WeightPlan(site: site, spans: spans[index] ?? [always], precision: site.takesPrecision ? own[index] ?? precision : .single)
    }
  }

  /// The events of `train` itself, which act on every weight.
  private func readEvents(_ entries: Settings, _ context: TrainContext) -> [EventPlan] {
    entries.timed.compactMap { entry -> EventPlan? in
      switch entry.when {
      case .every, .at: return EventReader(tools: tools, context: context).readEvent(entry, Array(context.sites.indices))
      case .from, .lasting:
        report(
          .unknownEntry, "`train` itself has no form to change", at: entry.whenSpan, label: "belongs in a clause",
          help: "put it into `weights ... { }`, `loss { }`, `optimizer { }` or `trainable { }`")
        return nil
      }
    }
  }
}
