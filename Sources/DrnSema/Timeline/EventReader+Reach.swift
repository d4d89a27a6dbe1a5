import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource

extension EventReader {
  /// Reports moments of a rank event at which none of its weights has a rank, though each has one at another time.
  func checkReach(_ event: EventPlan, _ weights: [WeightPlan]) {
    let time = context.time
    guard case .rank(let action) = event.action, case .at(let moments) = event.trigger else { return }
    let ranked = event.weights.map { weights[$0] }.filter { weight in weight.spans.contains { $0.form.isChangedByEvents } }
    guard let first = ranked.first else { return }
    for moment in moments where !ranked.contains(where: { hasRank($0, at: moment, time) }) {
      let word = type(of: action).spec.name
      let held = first.spans.last { time.order($0.start, moment).map { $0 <= 0 } ?? false }
      let label = held.map { Label($0.span, "`\(first.path)` is `\(type(of: $0.form).spec.name)` then") }
      report(
        .eventWithoutEffect, "`\(word)` at \(moment.text) changes nothing: `\(first.path)` has no rank then", at: event.span,
        label: "has no effect", secondary: label.map { [$0] } ?? [], help: "move it to a time at which the weight has a rank",
        fixIts: [edits.removing("this event", event.span, .unsafe)])
    }
  }

  /// Whether a weight may have a rank at a moment; on one boundary forms change before events fire.
  private func hasRank(_ weight: WeightPlan, at moment: Moment, _ time: TimeScale) -> Bool {
    var current: FormSpan?
    for span in weight.spans {
      guard let order = time.order(span.start, moment) else { return true }
      if order <= 0 { current = span }
    }
    return current?.form.isChangedByEvents ?? false
  }
}
