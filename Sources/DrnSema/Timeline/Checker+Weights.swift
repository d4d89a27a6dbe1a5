import DrnDiagnostics
import DrnMethods
import DrnSource
import DrnSyntax

extension Checker {
  /// The plans of all weights clauses; weights claimed twice are reported.
  mutating func readPlans(_ clauses: [ClauseEntry], _ context: TrainContext) -> [FormPlan] {
    var owners: [Int: Int] = [:]
    var plans: [FormPlan] = []
    let sitesOfNode = Dictionary(grouping: context.sites.indices) { context.sites[$0].node }
    for clause in clauses {
      let sites = selectSites(clause, sitesOfNode, context)
      let plan = readPlan(clause, sites, context)
      if !plan.points.isEmpty { claim(plan, owner: plans.count, owners: &owners, plans, context) }
      plans.append(plan)
    }
    return plans
  }

  private mutating func selectSites(_ clause: ClauseEntry, _ sitesOfNode: [Int: [Int]], _ context: TrainContext) -> [Int] {
    guard !clause.selectors.isEmpty else {
      report(
        .missingEntry, "`\(clause.name.text)` names no layer", at: clause.headerSpan, label: "no selector",
        help: "write `weights ** { ... }` for every weight")
      return []
    }
    guard let layers = context.layers else { return [] }
    let errors = errorCount
    let nodes = select(clause.selectors, except: clause.exceptions, in: layers)
    let sites = nodes.flatMap { sitesOfNode[$0] ?? [] }
    if sites.isEmpty, errorCount == errors {
      let named = nodes.prefix(3).map { "`\(layers.paths[$0])`" }.joined(separator: ", ")
      report(
        .selectorWithoutMatrix, "`\(sources.text(clause.headerSpan))` selects no weight matrix", at: clause.headerSpan,
        label: nodes.isEmpty ? "everything is excepted" : "selects only \(named)\(nodes.count > 3 ? " and others" : "")",
        notes: ["only matrices have forms; biases and norms do not"])
    }
    return sites
  }

  private mutating func claim(
    _ plan: FormPlan, owner: Int, owners: inout [Int: Int], _ plans: [FormPlan], _ context: TrainContext
  ) {
    var twice: [Int: [String]] = [:]
    for site in plan.sites {
      if let earlier = owners[site] { twice[earlier, default: []].append(context.sites[site].path) } else { owners[site] = owner }
    }
    for earlier in twice.keys.sorted() {
      guard let paths = twice[earlier], let first = paths.first else { continue }
      let others = paths.count == 1 ? "" : " and \(counted(paths.count - 1, "other"))"
      report(
        .claimedTwice, "`\(first)`\(others) is claimed by two clauses", at: plan.clause.headerSpan, label: "claims `\(first)` again",
        secondary: [Label(plans[earlier].clause.headerSpan, "claims `\(first)` first")],
        help: "take it out of one clause with `except \(first)`",
        fixIts: excepting(paths, plan.clause, "take what is claimed already out of this clause"))
    }
  }

  private mutating func readPlan(_ clause: ClauseEntry, _ sites: [Int], _ context: TrainContext) -> FormPlan {
    let (points, entries) = readTimeline(clause, context.time)
    var forms: [FormPoint] = []
    let hasStart = checkStart(points, clause)
    for (index, point) in points.enumerated() {
      guard let form = readForm(point) else { continue }
      let isFirst = index == 0 && hasStart
      if isFirst, let by = point.by, !points.dropFirst().contains(where: { $0.span == point.span }) { reportBy(by) }
      let transition = isFirst ? nil : readTransition(point, context)
      forms.append(FormPoint(point: point, form: form, transition: transition, clause: clause))
    }
    let events = entries.compactMap { readEvent($0, sites, context) }
    if points.isEmpty, entries.isEmpty, !hasTimes(clause) {
      report(
        .missingEntry, "`\(sources.text(clause.headerSpan))` says nothing about its weights", at: clause.headerSpan, label: "no entry",
        help: "add `from epoch 0: ...`")
    }
    return FormPlan(clause: clause, sites: sites, points: forms.count == points.count ? forms : [], events: events)
  }

  private func hasTimes(_ clause: ClauseEntry) -> Bool {
    clause.entries.contains { if case .setting = $0 { false } else { true } }
  }

  private mutating func readForm(_ point: TimelinePoint) -> (any Parameterization)? {
    guard let value = evaluate(point.value) else { return nil }
    let located = LocatedOption(value, point.value.span)
    guard let (type, options) = resolveMethod(located, among: vocabulary.forms, spec: { $0.spec }, what: "form of a weight") else {
      return nil
    }
    return type.init(options: options)
  }

  /// A fix that takes layers out of a clause.
  func excepting(_ paths: [String], _ clause: ClauseEntry, _ message: String) -> [FixIt] {
    let added = (clause.exceptions.isEmpty ? " except " : ", ") + paths.joined(separator: ", ")
    return [FixIt(message, edits: [insertion(added, after: clause.headerSpan)], confidence: .unsafe)]
  }
}
