import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource

extension EventReader {
  /// Reports moments of an event at which none of its weights is in a form that it changes, though each is at another time.
  func checkReach(_ event: EventPlan, _ weights: [WeightPlan]) {
    let time = context.time
    guard let action = event.weightEvent, case .at(let moments) = event.trigger else { return }
    let ranked = event.weights.map { weights[$0] }.filter { weight in weight.spans.contains { action.acts(on: $0.form) } }
    guard let first = ranked.first else { return }
    for moment in moments where !ranked.contains(where: { isInForce(action, $0, at: moment, time) }) {
      let word = type(of: action).spec.name
      let held = first.spans.last { time.order($0.start, moment).map { $0 <= 0 } ?? false }
      let label = held.map { Label($0.span, "`\(first.path)` is `\(type(of: $0.form).spec.name)` then") }
      report(
        .eventWithoutEffect, "`\(word)` at \(moment.text) changes nothing: `\(first.path)` is not \(type(of: action).concerns) then",
        at: event.span, label: "has no effect", secondary: label.map { [$0] } ?? [],
        help: "move it to a time at which the weight is in such a form",
        fixIts: [edits.removing("this event", event.span, .unsafe)])
    }
  }

  /// Whether a weight may be in a form that an event changes at a moment; on one boundary forms change before events fire.
  private func isInForce(_ event: any WeightEvent, _ weight: WeightPlan, at moment: Moment, _ time: TimeScale) -> Bool {
    var current: FormSpan?
    for span in weight.spans {
      guard let order = time.order(span.start, moment) else { return true }
      if order <= 0 { current = span }
    }
    return current.map { event.acts(on: $0.form) } ?? false
  }
}
