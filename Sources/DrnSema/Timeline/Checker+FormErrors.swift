import DrnDiagnostics
import DrnMethods
import DrnSource
import DrnSyntax

extension Checker {
  /// Reports weights that cannot have the form at all.
  mutating func reportObstacles(_ found: PointFindings, _ point: FormPoint, _ context: TrainContext) {
    let span = point.point.value.span
    if let (name, _, others) = named(found.withoutKernel, context), let first = found.withoutKernel.first {
      report(
        .formNeedsKernel, "\(name)\(others) cannot be `\(point.word)`", at: span, label: "needs a convolution", notes: [first.text],
        help: "`factored` is the form of linear layers", fixIts: factoredInstead(point))
    }
    if let (name, _, others) = named(found.grouped, context), let first = found.grouped.first {
      let paths = found.grouped.map { context.sites[$0.site].path }
      report(
        .groupedForm, "\(name)\(others) cannot be `\(point.word)`", at: span, label: "a convolution in groups", notes: [first.text],
        help: "take it out of the clause: `except \(paths.prefix(3).joined(separator: ", "))\(paths.count > 3 ? ", ..." : "")`",
        fixIts: excepting(paths, point.clause, "take it out of this clause"))
    }
  }

  private func factoredInstead(_ point: FormPoint) -> [FixIt] {
    guard case .call(let callee, _) = point.point.value.kind,
      point.form.fidelity(rank: 1, shape: WeightShape(inputs: 1, outputs: 1)) != .additive
    else { return [] }
    return [FixIt("write `factored`", edits: [.init(callee.span, "factored")], confidence: .unsafe)]
  }

  /// What a transition of these weights cannot do, or does without a bound.
  mutating func reportTransitionErrors(_ found: PointFindings, _ point: FormPoint, _ context: TrainContext) {
    let span = point.point.whenSpan
    if let (name, _, others) = named(found.refused, context), let first = found.refused.first {
      report(
        .noPath, "\(name)\(others) cannot become `\(point.word)` here", at: point.point.value.span, label: "no way leads here",
        notes: [first.text], help: "let the weight start in this form, or choose another")
    }
    if let (name, _, others) = named(found.notCarried, context), let first = found.notCarried.first {
      report(
        .stateNotCarried, "the optimizer state of \(name)\(others) cannot be carried into `\(point.word)`", at: span,
        label: "`carry` has no way", notes: [first.text], help: "write `by svd(state: reset)` here",
        fixIts: resetting(point.point))
    }
    guard found.applied > 0, let transition = point.transition else { return }
    if found.truncated > 0, transition.error == nil {
      report(
        .unboundedTruncation, "\(counted(found.truncated, "weight")) may be truncated here by any amount", at: span,
        label: "no bound on the error", help: "write `by svd(error: 5%)` to stop when more is lost",
        fixIts: transitionOption("error: 5%", for: point.point))
    }
    if found.truncated == 0, transition.error != nil, let by = point.point.by {
      report(
        .unreadEntry, "no weight is truncated here, so there is no error to bound", at: by.span, label: "`error` has no effect",
        help: "remove `error`", fixIts: removing(option: "error", of: by, .safe))
    }
  }

  private func resetting(_ point: TimelinePoint) -> [FixIt] {
    guard let by = point.by, case .call(_, let arguments) = by.kind, arguments.contains(where: { $0.name?.text == "state" }) else {
      return transitionOption("state: reset", for: point)
    }
    return writing("reset", for: "state", of: by)
  }
}
