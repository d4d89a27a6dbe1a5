import DrnDiagnostics
import DrnIR
import DrnMethods
import DrnProgram
import DrnSource

/// Reads updates, and holds those that clauses give to weights against the forms of the weights.
struct UpdateReader: Checking {
  let tools: Tools

  func readUpdate(_ value: LocatedOption) -> (any Update)? {
    guard let (type, options) = resolver.resolveMethod(value, among: vocabulary.updates, spec: { $0.spec }, what: "optimizer") else {
      return nil
    }
    let update = type.init(options: options)
    resolver.lintPointless(update.pointless, in: value, of: type.spec)
    return update
  }

  /// Reports an update that tells the parts of a batch apart where each batch is one.
  func checkParts(_ updates: [TimedValue<any Update>], accumulation: Int) {
    for update in updates where accumulation == 1 && update.value.readsBatchParts {
      report(
        .pointlessValue, "`by: part` does the same as `by: batch`: every batch is one part", at: update.span, label: "no parts",
        help: "state `accumulation: n`, or leave `by` out")
    }
  }

  /// Reports every weight that its update cannot move in a form of its timeline, once for each update and form. `own` are the settings of
  /// clauses, by the names of their weights, and `average` is that of the weights, where there is one. What begins at `end` is not moved.
  func checkForms(
    _ weights: [WeightPlan], own: [String: TimedValue<any Update>], default updates: [TimedValue<any Update>],
    average: Span?, end: Moment
  ) {
    var reported: Set<[Span]> = []
    for weight in weights {
      for span in weight.spans where span.start != end {
        for update in own[weight.name].map({ [$0] }) ?? updates where reported.contains([update.span, span.span]) == false {
          let name = type(of: update.value).spec.name
          if let obstacle = update.value.obstacle(span.form, weight.shape) {
            reported.insert([update.span, span.span])
            report(
              .updateOfForm, "`\(name)` \(obstacle.reason)", at: update.span, label: "for `\(weight.path)`",
              secondary: [Label(span.span, "`\(span.form.word)` from \(span.start.text) on")], help: obstacle.help)
          } else if let most = (update.value as? any AdaptiveUpdate)?.largestRank(of: span.form, shape: weight.shape),
            span.rankBounds.upperBound > most
          {
            reported.insert([update.span, span.span])
            report(
              .updateOfForm,
              "`\(name)` moves ranks up to \(most), and events may raise that of `\(weight.path)` to \(span.rankBounds.upperBound)",
              at: update.span, label: "for `\(weight.path)`",
              secondary: [Label(span.span, "`\(span.form.word)` from \(span.start.text) on")],
              help: "leave the rank to the update, or bound the event by `at_most`")
          } else if let average, span.form.hasMovingBases,
            span.form.parameters(weight.shape, rank: 1).contains(where: { !$0.isTrainable && update.value.moves($0, of: span.form) })
          {
            reported.insert([update.span, span.span])
            report(
              .updateOfForm, "an average of the bases of `\(weight.path)` means nothing: `\(name)` turns them in every step",
              at: update.span,
              label: "turns bases and core", secondary: [Label(average, "an average of each tensor by itself")],
              help: "leave `average` out, or freeze the bases")
          } else if span.form.hasMovingBases,
            let basis = span.form.parameters(weight.shape, rank: 1).first(where: { !update.value.moves($0, of: span.form) }),
            !update.value.movesBetweenSteps(span.form)
          {
            reported.insert([update.span, span.span])
            report(
              .updateOfForm, "nothing moves `\(basis.name)` of `\(weight.path)`, which is said to move", at: span.span,
              label: "bases that move", secondary: [Label(update.span, "`\(name)` does not move them")],
              help: "add `update: basis_update(...)` to the clause, or leave `bases` out")
          }
        }
      }
    }
  }
}
