import DrnDiagnostics
import DrnIR
import DrnMethods
import DrnProgram
import DrnSource

/// Holds the forms of weights clauses against the weights they are for.
struct RankChecker: Checking {
  let tools: Tools
  let context: TrainContext

  /// The timelines of the weights of a clause, by weight; ranks and transitions are checked, with one message for each entry and fault.
  /// `everywhere` are the events of `train`, which act on these weights too.
  func buildSpans(_ plan: FormPlan, _ everywhere: [EventPlan]) -> [Int: [FormSpan]] {
    let events = plan.events + everywhere
    let updates = plan.update.map { [$0.value] } ?? context.updates.map(\.value)
    var findings = plan.points.map { _ in PointFindings() }
    var result: [Int: [FormSpan]] = [:]
    for (position, site) in plan.sites.enumerated() {
      var spans: [FormSpan] = []
      for (index, point) in plan.points.enumerated() {
        let place = Place(site: site, position: position, sites: plan.sites)
        guard let span = buildSpan(point, place, after: spans.last, events, updates, &findings[index]) else { break }
        spans.append(span)
      }
      result[site] = spans
    }
    for (point, found) in zip(plan.points, findings) { reportFindings(found, point) }
    return result
  }

  /// A weight within its clause.
  struct Place {
    let site: Int
    let position: Int
    /// Those of the clause.
    let sites: [Int]
    var count: Int { sites.count }
  }

  /// A weight that shares a budget.
  private func candidate(_ site: Int, _ form: any Parameterization) -> RankBudget.Candidate {
    let site = context.sites[site]
    let places = context.network?.places(ofNode: site.node) ?? 1
    return RankBudget.Candidate(form: form, shape: site.shape, places: places)
  }

  private func buildSpan(
    _ point: FormPoint, _ place: Place, after previous: FormSpan?, _ events: [EventPlan], _ updates: [any Update],
    _ found: inout PointFindings
  ) -> FormSpan? {
    found.sites = place.count
    let shape = context.sites[place.site].shape
    guard fits(point.form, shape, place, &found), fitsInputs(point.form, shape, after: previous, place, &found),
      let rank = resolveRank(point, place, shape, after: previous, &found)
    else { return nil }
    // At the end only what fires there acts on the weight.
    let acting = point.point.isEnd ? events.filter { $0.trigger == .end } : events
    let ofEvents = widen(rank.bounds, point, acting, shape)
    let bounds = point.point.isEnd ? ofEvents : widen(ofEvents, point.form, updates, shape)
    let transition = point.transition ?? TransitionSettings(state: .reset)
    let span = FormSpan(
      start: point.point.start, form: point.form, rank: rank.exact, plannedRank: rank.planned, rankBounds: bounds, transition: transition,
      span: point.point.span)
    if let previous { checkTransition(from: previous, to: span, place, &found) }
    lintZeros(span, after: previous, place, &found)
    lintRank(span, point, place, &found)
    return span
  }

  /// Whether a weight of that shape can have the form at all.
  private func fits(_ form: any Parameterization, _ shape: WeightShape, _ place: Place, _ found: inout PointFindings) -> Bool {
    let word = type(of: form).spec.name
    switch form.obstacle(shape) {
    case nil: return true
    case .noKernel?: found[.withoutKernel].append(.init(site: place.site, rank: 0, text: FormObstacle.noKernel.text(word)))
    case .grouped(let groups)?: found[.grouped].append(.init(site: place.site, rank: 0, text: FormObstacle.grouped(groups).text(word)))
    }
    return false
  }

  private struct ResolvedRank {
    /// `nil` when it is decided at run time; 0 without a rank.
    let exact: Int?
    /// What a rank of run time is priced at, where that is not the largest.
    var planned: Int?
    let bounds: ClosedRange<Int>
  }

  private func resolveRank(
    _ point: FormPoint, _ place: Place, _ shape: WeightShape, after previous: FormSpan?, _ found: inout PointFindings
  ) -> ResolvedRank? {
    guard let rule = point.form.rank else { return ResolvedRank(exact: 0, bounds: 0...0) }
    if rule == .current {
      guard let previous, previous.form.rank != nil else {
        found[.undetermined].append(.init(site: place.site, rank: 0, text: "`current` is the rank before the entry, and there is none"))
        return nil
      }
      let isFixed = previous.rankBounds.lowerBound == previous.rankBounds.upperBound
      return ResolvedRank(exact: isFixed ? previous.rank : nil, bounds: previous.rankBounds)
    }
    if point.form.isPricedAsRange {
      guard previous != nil else {
        found[.undetermined].append(
          .init(
            site: place.site, rank: 0, text: "a rank taken of singular values needs a weight that was there before: let it begin `dense`"))
        return nil
      }
      guard case .budget(let budget) = rule else { return ResolvedRank(exact: nil, bounds: 1...max(1, shape.shortSide)) }
      let candidates = place.sites.map { candidate($0, point.form) }
      guard let uniform = budget.uniformRanks(candidates) else {
        found[.tooDear].append(.init(site: place.site, rank: 1, text: budget.text(of: candidates)))
        return nil
      }
      return ResolvedRank(exact: nil, planned: uniform[place.position], bounds: 1...max(1, shape.shortSide))
    }
    guard let rank = rule.resolve(shape, current: nil, position: place.position, count: place.count) else {
      found[.tooLarge].append(.init(site: place.site, rank: Int.max))
      return nil
    }
    guard rank >= 1 else {
      found[.tooSmall].append(.init(site: place.site, rank: rank))
      return nil
    }
    guard rank <= shape.shortSide else {
      found[.tooLarge].append(.init(site: place.site, rank: rank))
      return nil
    }
    return ResolvedRank(exact: rank, bounds: rank...rank)
  }

  /// The ranks a span may have once the rank events that act on it have fired.
  private func widen(
    _ bounds: ClosedRange<Int>, _ point: FormPoint, _ events: [EventPlan], _ shape: WeightShape
  ) -> ClosedRange<Int> {
    guard point.form.isChangedByEvents else { return bounds }
    return events.reduce(bounds) { bounds, event in
      guard case .rank(let action) = event.action else { return bounds }
      // What begins when the event has ended is not changed by it.
      if let before = action.before, let order = context.time.order(before, point.point.start), order <= 0 { return bounds }
      let new = action.bounds(rank: bounds, shape: shape)
      return min(bounds.lowerBound, new.lowerBound)...max(bounds.upperBound, new.upperBound)
    }
  }

  /// The ranks a span may have once its updates have changed it.
  private func widen(
    _ bounds: ClosedRange<Int>, _ form: any Parameterization, _ updates: [any Update], _ shape: WeightShape
  ) -> ClosedRange<Int> {
    updates.reduce(bounds) { bounds, update in
      (update as? any AdaptiveUpdate)?.bounds(rank: bounds, of: form, shape: shape) ?? bounds
    }
  }

  /// Records zeros that enter a form in which a zero stays.
  private func lintZeros(_ span: FormSpan, after previous: FormSpan?, _ place: Place, _ found: inout PointFindings) {
    guard span.form.fixesZeros, span.start != context.time.end else { return }
    let text: String?
    if let previous {
      let keepsMask = previous.form.isMasked && !span.form.isMasked && previous.form.structure.isSame(as: span.form.structure)
      text = keepsMask ? "after a mask that is not all ones" : nil
    } else {
      text = context.sites[place.site].initializer == .zeros ? "begins with zeros" : nil
    }
    if let text { found[.fixedZeros].append(.init(site: place.site, rank: 0, text: text)) }
  }

  // MARK: Transitions

  private func checkTransition(
    from old: FormSpan, to new: FormSpan, _ place: Place, _ found: inout PointFindings
  ) {
    found.applied += 1
    if new.truncates(old, context.sites[place.site].shape) { found.truncated += 1 }
  }
}

extension FormSpan {
  /// Whether a weight of that shape may lose something when it comes here from another form or rank. A rank decided at run time may be any.
  func truncates(_ old: FormSpan, _ shape: WeightShape) -> Bool {
    let cell = transitionCell(
      from: old.form, rank: old.rank ?? old.rankBounds.upperBound, to: form, rank: rank ?? rankBounds.upperBound, shape: shape)
    return switch cell.weights {
    case .truncating: true
    case .exact: rank == nil
    case .additive, .refused: false
    }
  }
}

extension RankBudget {
  /// What is wrong with a budget that does not hold rank 1 of all weights.
  fileprivate func text(of candidates: [Candidate]) -> String {
    let least = candidates.reduce(0) { $0 + cost($1, rank: 1) }
    let noun = quantity == .parameters ? "parameters" : "multiply-adds"
    return "\(limit(candidates)) \(noun), and rank 1 of every weight has \(least)"
  }
}
