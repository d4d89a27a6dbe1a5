import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

extension RankChecker {
  /// Reports weights that cannot have the form at all.
  func reportObstacles(_ found: PointFindings, _ point: FormPoint) {
    let span = point.point.value.span
    if let (name, _, others) = named(found[.withoutKernel]), let first = found[.withoutKernel].first {
      report(
        .formNeedsKernel, "\(name)\(others) cannot be `\(point.word)`", at: span, label: "needs a convolution", notes: [first.text],
        help: "`factored` is the form of linear layers", fixIts: factoredInstead(point))
    }
    if let (name, _, others) = named(found[.grouped]), let first = found[.grouped].first {
      let paths = found[.grouped].map { context.sites[$0.site].path }
      report(
        .groupedForm, "\(name)\(others) cannot be `\(point.word)`", at: span, label: "a convolution in groups", notes: [first.text],
        help: found.sites == found[.grouped].count
          ? "leave the clause out; the weight is dense"
          : "take it out of the clause: `except \(paths.prefix(3).joined(separator: ", "))\(paths.count > 3 ? ", ..." : "")`",
        fixIts: found.sites == found[.grouped].count
          ? [edits.removing("the clause", point.clause.span, .unsafe)] : edits.excepting(paths, point.clause, "take it out of this clause"))
    }
  }

  private func factoredInstead(_ point: FormPoint) -> [FixIt] {
    guard case .call(let callee, _) = point.point.value.kind,
      point.form.fidelity(rank: 1, shape: WeightShape(inputs: 1, outputs: 1)) != .additive
    else { return [] }
    return [FixIt("write `factored`", edits: [.init(callee.span, "factored")], confidence: .unsafe)]
  }

  /// Transitions that truncate without a bound, and bounds on what is not truncated.
  func reportTransitionErrors(_ found: PointFindings, _ point: FormPoint) {
    let span = point.point.whenSpan
    guard found.applied > 0, let transition = point.transition else { return }
    if found.truncated > 0, transition.error == nil {
      report(
        .unboundedTruncation, "\(counted(found.truncated, "weight")) may be truncated here by any amount", at: span,
        label: "no bound on the error", help: "write `by svd(error: 5%)` to stop when more is lost",
        fixIts: edits.transitionOption("error: 5%", for: point.point))
    }
    if found.truncated > 0, transition.error == 0, let by = point.point.by {
      report(
        .pointlessValue, "`error` is 0, so that any truncation stops the run, however little it loses",
        at: edits.argument("error", of: by)?.span ?? by.span, label: "no truncation passes",
        help: "`error: 1%` lets a truncation pass that loses a hundredth of the weight's norm")
    }
    if found.truncated == 0, transition.error != nil, let by = point.point.by {
      report(
        .unreadEntry, "no weight is truncated here, so there is no error to bound", at: by.span, label: "`error` has no effect",
        help: "remove `error`", fixIts: edits.removing(option: "error", of: by, .safe))
    }
  }
}
