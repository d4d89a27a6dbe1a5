import DrnDiagnostics
import DrnIR
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

/// Finds what is doubtful about a schedule that may well be meant so.
struct ScheduleLinter: Checking {
  let tools: Tools
  let context: TrainContext
  /// The learning rates as they are written.
  let rates: [TimedValue<LocatedOption>]

  /// What is doubtful about the schedule of forms as a whole.
  func lintSchedule(_ plans: [FormPlan], _ weights: [WeightPlan], jumps: [Moment], trainable: [TimedValue<Set<String>>]) {
    for plan in plans where !plan.sites.isEmpty {
      lintColdOptimizer(plan)
      lintUnchangedForm(plan)
      lintDeployedForm(plan)
      lintFrozenForm(plan, trainable)
      // Shortened times are rounded, so what they miss says nothing about the program.
      guard tools.options.shorten == nil else { continue }
      lintAlignment(plan, jumps, context.time)
      lintRewarm(plan, context.time)
      lintNoiseRegimes(plan, jumps, context.time)
      lintLateTruncation(plan, weights, jumps, context.time)
    }
  }

  /// A reset throws away the momentum; without a warm-up the next steps are taken at full rate by an optimizer that knows nothing.
  private func lintColdOptimizer(_ plan: FormPlan) {
    for point in plan.points {
      guard let transition = point.transition, !point.point.isEnd, transition.state.startsAnew, transition.rewarm == nil,
        let update = plan.update?.value ?? context.update(at: point.point.start), !update.slots.isEmpty
      else { continue }
      let slots = update.slots.map { "`\($0.name)`" }.joined(separator: " and ")
      report(
        .coldOptimizer, "the optimizer starts cold at \(point.point.start.text)", at: point.point.whenSpan,
        label: "\(slots) \(update.slots.count == 1 ? "starts" : "start") at zero",
        secondary: context.state.map { $0.policy.startsAnew ? [Label($0.span, "`\(stateText($0.policy))` is stated here")] : [] } ?? [],
        help: "carry the state, or write `by svd(rewarm: 2 epochs)` to raise the rate slowly",
        fixIts: edits.transitionOption("rewarm: 2 epochs", for: point.point))
    }
  }

  private func lintUnchangedForm(_ plan: FormPlan) {
    for (old, new) in zip(plan.points, plan.points.dropFirst())
    where new.form.isSame(as: old.form) && old.form.rank == nil && new.form.rank == nil {
      report(
        .unchangedForm, "the weights are `\(new.word)` already at \(new.point.text)", at: new.point.whenSpan,
        label: "changes nothing", secondary: [Label(old.point.whenSpan, "`\(old.word)` from \(old.point.start.text) on")],
        fixIts: edits.leavingOut(new.point))
    }
  }

  /// An adapter and a core are merged when training ends, and a mask is multiplied in, which leaves the shape.
  private func lintDeployedForm(_ plan: FormPlan) {
    guard let last = plan.points.last, let site = plan.sites.first else { return }
    let (shape, form) = (context.sites[site].shape, last.form.structure)
    let parameters = form.parameters(shape, rank: 1)
    guard !form.deployedForm.isSame(as: form), form.rank != nil, parameters.contains(where: { !$0.isTrainable }) else { return }
    let isAdditive = form.fidelity(rank: 1, shape: shape) == .additive
    let deployed =
      isAdditive
      ? "the dense weight of \(shape.inputs) x \(shape.outputs), base and product merged: as many values as without `\(last.word)`"
      : "two factors, the core between its bases multiplied into the first"
    report(
      .deployedForm, "training ends with `\(last.word)`", at: last.point.value.span, label: "the last form",
      notes: ["what is deployed for `\(context.sites[site].path)` is \(deployed)"],
      help: "end with `factored(...)` to deploy fewer values, or allow this lint")
  }

  private func lintAlignment(_ plan: FormPlan, _ jumps: [Moment], _ time: TimeScale) {
    for point in plan.points where point.transition != nil && !point.point.isEnd {
      let start = point.point.start
      guard !jumps.contains(where: { time.order(start, $0) == 0 }),
        let (jump, gap) = jumps.lazy.compactMap({ jump in time.nearMiss(start, jump).map { (jump, $0) } }).first
      else { continue }
      let side = (time.order(start, jump) ?? 0) < 0 ? "before" : "after"
      report(
        .misalignedTransition, "this transition is \(gap) \(side) the rate jumps",
        at: point.point.whenSpan, label: "at \(start.text)", secondary: rateLabel(jump),
        help: "on one boundary the rate changes first, then the form", fixIts: edits.moving(point.point, to: jump))
    }
  }

  /// Full-rank phases restore rank where gradients are noisy and, where dense weights are deployed, where they are not (arXiv 2508.08625): both sides
  /// of the first drop.
  private func lintNoiseRegimes(_ plan: FormPlan, _ jumps: [Moment], _ time: TimeScale) {
    let trained = plan.points.indices.filter { !plan.points[$0].point.isEnd }
    guard let jump = jumps.first, trained.contains(where: { plan.points[$0].form.rank != nil }) else { return }
    let full = trained.filter { plan.points[$0].form.rank == nil }
    guard let first = full.first else { return }
    var (before, after) = (false, false)
    for index in full {
      let start = plan.points[index].point.start
      let end = index + 1 < plan.points.count ? plan.points[index + 1].point.start : time.end
      if let order = time.order(start, jump), order < 0 { before = true }
      if let order = time.order(end, jump), order > 0 { after = true }
    }
    let span = plan.points[first].point.whenSpan
    let note = "the learning rate first drops at \(jump.text), and `\(plan.points[first].word)` holds \(heldText(plan, full, time))"
    if !before {
      report(
        .missesHighNoise, "no full-rank phase lies before the first drop of the rate", at: span, label: "full rank only from here",
        secondary: rateLabel(jump), notes: [note])
    }
    if !after, plan.points.last?.form.structure.deployedForm is Dense {
      report(
        .missesLowNoise, "no full-rank phase lies after the first drop of the rate", at: span, label: "full rank ends too early",
        secondary: rateLabel(jump), notes: [note])
    }
  }

  /// Truncated before the first drop of the rate, a network ends better than truncated after it (docs/results/text.md and truncation.md).
  private func lintLateTruncation(_ plan: FormPlan, _ weights: [WeightPlan], _ jumps: [Moment], _ time: TimeScale) {
    guard let jump = jumps.first else { return }
    for point in plan.points where point.transition != nil && !point.point.isEnd {
      let start = point.point.start
      guard let order = time.order(start, jump), order >= 0 else { continue }
      let truncated = plan.sites.count { site in
        guard weights.indices.contains(site) else { return false }
        let weight = weights[site]
        return zip(weight.spans, weight.spans.dropFirst()).contains { old, new in new.start == start && new.truncates(old, weight.shape) }
      }
      guard truncated > 0 else { continue }
      report(
        .lateTruncation, "\(counted(truncated, "weight")) \(truncated == 1 ? "is" : "are") truncated when the rate has dropped",
        at: point.point.whenSpan,
        label: "at \(start.text)", secondary: rateLabel(jump), help: "truncate before \(jump.text), or allow this lint")
    }
  }

  /// "from epoch 5 to epoch 15 and from epoch 20 on".
  private func heldText(_ plan: FormPlan, _ points: [Int], _ time: TimeScale) -> String {
    points.map { index in
      let start = "from \(plan.points[index].point.start.text)"
      return index + 1 < plan.points.count ? "\(start) to \(plan.points[index + 1].point.text)" : "\(start) on"
    }.joined(separator: " and ")
  }

  // MARK: Labels

  /// Where the learning rate changes at a moment: the moment in a call if it is written there, the entry that begins then, else the first.
  func rateLabel(_ jump: Moment) -> [Label] {
    let begun = rates.dropFirst().first { context.time.order($0.start, jump) == 0 }
    let span = rates.lazy.compactMap { place(of: jump, in: $0.value) }.first ?? begun?.span ?? rates.first?.value.span
    return span.map { [Label($0, "the rate changes at \(jump.text)")] } ?? []
  }

  func place(of moment: Moment, in value: LocatedOption) -> Span? {
    switch value.value {
    case .moment(let found): found == moment ? value.span : nil
    case .list(let items): items.lazy.compactMap { place(of: moment, in: $0) }.first
    case .call(let call): call.arguments.lazy.compactMap { place(of: moment, in: $0.value) }.first
    case .integer, .rational, .decimal, .percent, .boolean, .text, .word, .duration, .proportion, .pattern: nil
    }
  }
}
