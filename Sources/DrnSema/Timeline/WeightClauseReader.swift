import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

/// Reads the `weights` clauses of a training.
struct WeightClauseReader: Checking {
  let tools: Tools
  let context: TrainContext
  private var transitions: TransitionReader
  private let sitesOfNode: [Int: [Int]]
  private let times: TimelineReader

  init(_ context: TrainContext, _ tools: Tools) {
    self.context = context
    self.tools = tools
    transitions = TransitionReader(context, tools)
    sitesOfNode = Dictionary(grouping: context.sites.indices) { context.sites[$0].node }
    times = TimelineReader(tools: tools, time: context.time)
  }

  /// What the transitions read so far use.
  var uses: TransitionUses { transitions.uses }

  /// The plans of all weights clauses; weights claimed twice are reported.
  mutating func readPlans(_ clauses: [ClauseEntry]) -> [FormPlan] {
    var owners: [Int: Int] = [:]
    var updateOwners: [Int: Int] = [:]
    var precisionOwners: [Int: Int] = [:]
    var plans: [FormPlan] = []
    for clause in clauses {
      let sites = selectSites(clause)
      let plan = readPlan(clause, sites)
      if !plan.points.isEmpty { claim(plan, "claimed", owner: plans.count, owners: &owners, plans) }
      if plan.update != nil { claim(plan, "given an optimizer", owner: plans.count, owners: &updateOwners, plans) }
      if plan.precision != nil { claim(plan, "given a precision", owner: plans.count, owners: &precisionOwners, plans) }
      plans.append(plan)
    }
    return plans
  }

  private func selectSites(_ clause: ClauseEntry) -> [Int] {
    guard !clause.selectors.isEmpty else {
      report(
        .missingEntry, "`\(clause.name.text)` names no layer", at: clause.headerSpan, label: "no selector",
        help: "write `weights ** { ... }` for every weight")
      return []
    }
    guard let layers = context.layers else { return [] }
    let errors = reporter.errorCount
    let nodes = context.selectors(tools).select(clause.selectors, except: clause.exceptions)
    let sites = nodes.flatMap { sitesOfNode[$0] ?? [] }
    if sites.isEmpty, reporter.errorCount == errors {
      let named = nodes.prefix(3).map { "`\(layers.paths[$0])`" }.joined(separator: ", ")
      report(
        .selectorWithoutMatrix, "`\(sources.text(clause.headerSpan))` selects no weight matrix", at: clause.headerSpan,
        label: nodes.isEmpty ? "everything is excepted" : "selects only \(named)\(nodes.count > 3 ? " and others" : "")",
        notes: ["only matrices have forms; biases and norms do not"])
    }
    return sites
  }

  private func claim(
    _ plan: FormPlan, _ what: String, owner: Int, owners: inout [Int: Int], _ plans: [FormPlan]
  ) {
    var twice: [Int: [String]] = [:]
    for site in plan.sites {
      if let earlier = owners[site] { twice[earlier, default: []].append(context.sites[site].path) } else { owners[site] = owner }
    }
    for earlier in twice.keys.sorted() {
      guard let paths = twice[earlier], let first = paths.first else { continue }
      let others = paths.count == 1 ? "" : " and \(counted(paths.count - 1, "other"))"
      report(
        .claimedTwice, "`\(first)`\(others) is \(what) by two clauses", at: plan.clause.headerSpan, label: "claims `\(first)` again",
        secondary: [Label(plans[earlier].clause.headerSpan, "claims `\(first)` first")],
        help: "take it out of one clause with `except \(first)`",
        fixIts: edits.excepting(paths, plan.clause, "take what is claimed already out of this clause"))
    }
  }

  private mutating func readPlan(_ clause: ClauseEntry, _ sites: [Int]) -> FormPlan {
    let (points, entries, settings) = times.readTimeline(
      clause, settings: TrainingSettings.Table.ofWeights.map(\.name), takesEnd: true)
    let update = settings["update"].flatMap { entry -> TimedValue<any Update>? in
      guard let value = reader.evaluateSetting(entry) else { return nil }
      return UpdateReader(tools: tools).readUpdate(value).map { TimedValue(start: .start, value: $0, span: entry.span) }
    }
    let precision = settings["precision"].flatMap { readPrecision($0, sites) }
    var forms: [FormPoint] = []
    let hasStart = times.checkStart(points, clause)
    for (index, point) in points.enumerated() {
      guard let form = readForm(point) else { continue }
      let isFirst = index == 0 && hasStart
      if isFirst, let by = point.by, !points.dropFirst().contains(where: { $0.span == point.span }) { reader.reportBy(by) }
      let transition = isFirst ? nil : transitions.readTransition(point, update: update?.value ?? context.update(at: point.start))
      forms.append(FormPoint(point: point, form: form, transition: transition, clause: clause))
    }
    let events = entries.compactMap { EventReader(tools: tools, context: context).readEvent($0, sites) }.filter { event in
      guard event.action.concernsAll else { return true }
      report(
        .unreadEntry, "`\(event.action.word)` concerns the whole training", at: event.span, label: "not these weights alone",
        help: "write it beside the clause")
      return false
    }
    if points.isEmpty, entries.isEmpty, settings.settings.isEmpty, settings.misspelt.isEmpty, !hasTimes(clause) {
      report(
        .missingEntry, "`\(sources.text(clause.headerSpan))` says nothing about its weights", at: clause.headerSpan, label: "no entry",
        help: "add `from epoch 0: ...`")
    }
    return FormPlan(
      clause: clause, sites: sites, points: forms.count == points.count ? forms : [], events: events, update: update, precision: precision)
  }

  /// `precision` of a clause, which some of its weights must take.
  private func readPrecision(_ entry: SettingEntry, _ sites: [Int]) -> (value: ProductPrecision, span: Span)? {
    guard let given = reader.evaluateSetting(entry),
      let value = reader.converted(given, TrainingSettings.Table.precision)?.word.flatMap(ProductPrecision.init)
    else { return nil }
    if !sites.isEmpty, !sites.contains(where: { context.sites[$0].takesPrecision }) { reportUnreadPrecision(entry, "these weights", tools) }
    return (value, given.span)
  }

  private func hasTimes(_ clause: ClauseEntry) -> Bool {
    clause.entries.contains { if case .setting = $0 { false } else { true } }
  }

  private func readForm(_ point: TimelinePoint) -> (any Parameterization)? {
    guard let value = evaluator.evaluate(point.value) else { return nil }
    let located = LocatedOption(value, point.value.span)
    guard let (type, options) = resolver.resolveMethod(located, among: vocabulary.forms, spec: { $0.spec }, what: "form of a weight") else {
      return nil
    }
    return type.init(options: options)
  }
}
