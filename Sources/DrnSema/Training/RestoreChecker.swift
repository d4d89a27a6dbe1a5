import DrnDiagnostics
import DrnMethods
import DrnNumbers
import DrnProgram
import DrnSource

/// Holds events that concern the whole training against what can have been kept by then.
struct RestoreChecker: Checking {
  let tools: Tools
  let context: TrainContext
  let timelines: Timelines
  /// Where `select: last` keeps no epoch.
  let selectsLast: Span?

  func check(_ event: EventPlan) {
    if case .sieve = event.action { return checkSieve(event) }
    guard case .restore = event.action else { return }
    if let data = context.data?.settings, !data.hasValidation {
      return reportNothing(event, "`\(data.name)` has no `validation` to choose an epoch by", "add `validation: 10%` to the data")
    }
    if let selectsLast {
      return reportNothing(
        event, "`select: last` keeps no epoch", "choose by `accuracy`, `balanced_accuracy` or `loss`",
        secondary: [Label(selectsLast, "no epoch is chosen")])
    }
    switch event.trigger {
    case .every: return
    case .end: reportNothing(event, "the best epoch is brought back at the end of training without it", "leave it out")
    case .at(let moments): for moment in moments { check(event, at: moment) }
    }
  }

  /// Examples are judged by whether they are classified right, over whole epochs.
  private func checkSieve(_ event: EventPlan) {
    func refuse(_ reason: String, _ help: String) {
      report(.eventWithoutEffect, "`sieve` \(reason)", at: event.span, label: "nothing to judge by", help: help)
    }
    if let data = context.data?.settings, data.classes == nil {
      return refuse("judges examples by their classes, and `\(data.name)` has none", "leave it out")
    }
    if let data = context.data?.settings, data.predictsNextToken {
      return refuse("judges examples by their class, and those of `\(data.name)` have one for each position", "leave it out")
    }
    guard case .at(let moments) = event.trigger else {
      return refuse("takes examples out once for each moment, which have to be stated", "write `at epoch 8: sieve(...)`")
    }
    for moment in moments where moment.unit != .epoch || moment.value == 0 {
      refuse("acts at the end of an epoch, and \(moment.text) is none", "write `at epoch 8: sieve(...)`, for instance")
    }
  }

  /// An epoch has to end after the last change of the network and no later than the moment.
  private func check(_ event: EventPlan, at moment: Moment) {
    let time = context.time
    let changes = timelines.weights.flatMap { $0.spans.map(\.start) } + timelines.trainable.map(\.start)
    let before = changes.filter { (time.order($0, moment) ?? 0) < 0 }
    let last = before.max { (time.order($0, $1) ?? 0) < 0 } ?? .start
    let end: Moment
    switch (moment.unit, time.stepsPerEpoch) {
    case (.epoch, _): end = moment
    case (.step, let steps?): end = Moment(.step, moment.value - moment.value % max(1, steps))
    case (.step, nil): return
    }
    guard end.value == 0 || (time.order(end, last) ?? 1) <= 0 else { return }
    let since = last.value == 0 ? "the training began" : "the network changed at \(last.text)"
    reportNothing(event, "no epoch has ended by \(moment.text) since \(since)", "restore at a later time")
  }

  private func reportNothing(_ event: EventPlan, _ reason: String, _ help: String, secondary: [Label] = []) {
    report(
      .eventWithoutEffect, "`restore(best)` has nothing to bring back: \(reason)", at: event.span, label: "never has an effect",
      secondary: secondary, help: help, fixIts: [edits.removing("this event", event.span, .unsafe)])
  }
}
