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

  /// Reports every weight that its update cannot move in a form of its timeline, once for each update and form.
  func checkForms(_ weights: [WeightPlan], own: [String: TimedValue<any Update>], default updates: [TimedValue<any Update>]) {
    var reported: Set<Pair> = []
    for weight in weights {
      for span in weight.spans {
        for update in own[weight.name].map({ [$0] }) ?? updates {
          guard let obstacle = obstacle(update.value, span.form, weight.shape),
            reported.insert(Pair(update: update.span, form: span.span, reason: obstacle.reason)).inserted
          else { continue }
          report(
            .updateOfForm, "`\(type(of: update.value).spec.name)` \(obstacle.reason)", at: update.span, label: "for `\(weight.path)`",
            secondary: [Label(span.span, "`\(span.form.word)` from \(span.start.text) on")], help: obstacle.help)
        }
      }
    }
  }

  private struct Pair: Hashable {
    let update: Span
    let form: Span
    let reason: String
  }

  private func obstacle(_ update: any Update, _ form: any Parameterization, _ shape: WeightShape) -> UpdateObstacle? {
    if let obstacle = update.obstacle(form, shape) { return obstacle }
    guard form.hasMovingBases else { return nil }
    let unmoved = form.parameters(shape, rank: 1).first { !update.moves($0, of: form) }
    return unmoved.map {
      UpdateObstacle(
        "leaves `\($0.name)` of `\(form.word)` where it is, which is said to move", help: "give the weight `update: basis_update(...)`")
    }
  }
}
