import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

/// Values that cannot mean what they say: warm-ups that never end, and settings that nothing acts on.
extension ScheduleLinter {
  /// A warm-up of the rate against its span, and against the first change of the rate. `place` is that of the entry.
  func lintWarmup(_ found: any Rate, _ place: Int) {
    let entry = rates[place]
    guard tools.options.shorten == nil, let warmup = found.options.duration("warmup"),
      let written = resolver.writtenOption("warmup", in: entry.value, type(of: found).spec)
    else { return }
    let time = context.time
    guard let end = time.after(entry.start, warmup) else { return }
    if place + 1 < rates.count, let order = time.order(end, rates[place + 1].start), order >= 0 {
      let next = rates[place + 1]
      report(
        .endlessWarmup, "the warm-up of \(warmup.text) from \(entry.start.text) on is not over when the next rate begins",
        at: written.value.span, label: "the rate never gets to its full value",
        secondary: [Label(next.span, "\(next.start.text) comes first")], fixIts: resolver.leavingOut(written, .unsafe))
    } else if let order = time.order(end, time.end), order >= 0 {
      report(
        .endlessWarmup, "the warm-up takes \(warmup.text), and the run ends after \(time.length.text)", at: written.value.span,
        label: "the rate never gets to its full value", secondary: time.lengthLabel, fixIts: resolver.leavingOut(written, .unsafe))
    } else if let jump = found.jumps.first(where: { time.order($0, end).map { $0 < 0 } ?? false }) {
      report(
        .endlessWarmup, "the rate changes at \(jump.text), before its warm-up of \(warmup.text) is over", at: written.value.span,
        label: "the rate never gets to its full value", secondary: rateLabel(jump), fixIts: resolver.leavingOut(written, .unsafe))
    }
  }

  /// A warm-up after a transition against the next transition of the clause, and against the end of the run.
  func lintRewarm(_ plan: FormPlan, _ time: TimeScale) {
    for (index, point) in plan.points.enumerated() {
      let start = point.point.start
      guard let rewarm = point.transition?.rewarm, let warm = time.after(start, rewarm) else { continue }
      let next = index + 1 < plan.points.count ? plan.points[index + 1] : nil
      let end = next?.point.start ?? time.end
      guard let order = time.order(warm, end), order >= 0 else { continue }
      report(
        .endlessWarmup,
        "the warm-up of \(rewarm.text) from \(start.text) on is not over when \(next.map { "`\($0.word)` begins" } ?? "the run ends")",
        at: point.point.whenSpan, label: "the rate never gets back to its full value",
        secondary: next.map { [Label($0.point.whenSpan, "\(end.text) comes first")] } ?? time.lengthLabel,
        fixIts: point.point.by.map { edits.removing(option: "rewarm", of: $0, .unsafe) } ?? [])
    }
  }

  /// A policy for state where no optimizer of the run keeps any.
  func lintIdleState(_ uses: TransitionUses) {
    guard let state = context.state, uses.readsState, let first = context.updates.first,
      context.updates.allSatisfy({ !$0.value.keepsState })
    else {
      return
    }
    let idle = IdleState(first.value)
    report(
      .pointlessValue, idle.message, at: state.span, label: "does nothing", secondary: [Label(first.span, "without momentum")],
      help: idle.help)
  }

  /// A change of form of weights that are frozen before it and after it, until the next one.
  func lintFrozenForm(_ plan: FormPlan, _ trainable: [TimedValue<Set<String>>]) {
    let names = plan.sites.map { context.sites[$0].name }
    for (index, point) in plan.points.enumerated() where point.transition != nil && !point.point.isEnd {
      let start = index > 0 ? plan.points[index - 1].point.start : .start
      let end = index + 1 < plan.points.count ? plan.points[index + 1].point.start : context.time.end
      let sets = trainable.indices.filter { place in
        let isOver = place + 1 < trainable.count && (context.time.order(trainable[place + 1].start, start) ?? 1) <= 0
        return !isOver && (context.time.order(trainable[place].start, end) ?? -1) < 0
      }
      guard let last = sets.last, sets.allSatisfy({ trainable[$0].value.isDisjoint(with: names) }) else { continue }
      let path = context.sites[plan.sites[0]].path
      report(
        .frozenForm, "`\(path)` becomes `\(point.word)` at \(point.point.start.text), but it is not trained before or after",
        at: point.point.whenSpan, label: "moves numbers that nothing learns from",
        secondary: [Label(trainable[last].span, "does not train `\(path)`")], fixIts: edits.leavingOut(point.point))
    }
  }
}
