import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

/// Reads what happens at moments or periods of the training.
struct EventReader: Checking {
  let tools: Tools
  let context: TrainContext

  private var times: TimelineReader { TimelineReader(tools: tools, time: context.time) }

  /// An `every` or `at` entry; `sites` are the weights of the clause, or all.
  func readEvent(_ entry: TimedEntry, _ sites: [Int]) -> EventPlan? {
    if let by = entry.by { reader.reportBy(by) }
    let trigger = readTrigger(entry)
    guard case .call(let callee, let arguments) = entry.value.kind, callee.text == EventPlan.when.name else {
      let action = readAction(entry.value)
      if let trigger, case .report(let measurements) = action, !holdTest(measurements, trigger, entry) { return nil }
      guard let trigger, let action else { return nil }
      if action.concernsAll { return EventPlan(trigger: trigger, action: action, weights: [], span: entry.span) }
      return EventPlan(trigger: trigger, action: action, weights: sites, span: entry.span)
    }
    let read = ConditionReader(tools: tools).read(arguments, at: entry.value.span)
    let action = read.flatMap { readAction($0.then) }
    if let trigger, case .report(let measurements) = action, !holdTest(measurements, trigger, entry) { return nil }
    guard let trigger, let read, let action else { return nil }
    if action.concernsAll {
      report(
        .unreadEntry, "`when` chooses weights, and this concerns no single ones", at: read.then.span,
        label: "not of single weights",
        help: "write it without `when`")
      return nil
    }
    return EventPlan(trigger: trigger, condition: read.condition, action: action, weights: sites, span: entry.span)
  }

  /// Whether no measurement reads the test split before the end.
  private func holdTest(_ measurements: [any WeightMeasurement], _ trigger: EventPlan.Trigger, _ entry: TimedEntry) -> Bool {
    guard trigger != .end, let first = measurements.first(where: { $0 is any PruningMeasurement }) else { return true }
    report(
      .testBeforeEnd, "`\(type(of: first).spec.name)` reads the test split, which is for the end of training", at: entry.whenSpan,
      label: "before the end", help: "write `at end`",
      fixIts: [FixIt("write `at end`", edits: [.init(entry.whenSpan, "at end")], confidence: .unsafe)])
    return false
  }

  private func readTrigger(_ entry: TimedEntry) -> EventPlan.Trigger? {
    guard let value = evaluator.evaluate(entry.when.time) else { return nil }
    let span = entry.when.time.span
    switch entry.when {
    case .every:
      guard case .duration(let period) = value else {
        times.reportNotATime(value, span, "a duration such as `5 epochs`")
        return nil
      }
      return firesOften(period, entry) ? .every(period) : nil
    case .at:
      if case .word("end") = value { return .end }
      return readMoments(value, entry).map { .at($0) }
    case .from, .lasting: return nil
    }
  }

  private func firesOften(_ period: Duration, _ entry: TimedEntry) -> Bool {
    let time = context.time
    guard let order = time.order(Moment(period.unit, period.value), time.end), order > 0 else { return true }
    report(
      .eventNeverFires, "an event every \(period.text) never fires in \(time.length.text) of training", at: entry.whenSpan,
      label: "longer than the training", secondary: time.lengthLabel, help: "shorten the period, or write `at end`",
      fixIts: [FixIt("write `at end`", edits: [.init(entry.whenSpan, "at end")], confidence: .unsafe)])
    return false
  }

  private func readMoments(_ value: OptionValue, _ entry: TimedEntry) -> [Moment]? {
    let time = context.time
    let items: [LocatedOption]
    if case .list(let listed) = value { items = listed } else { items = [LocatedOption(value, entry.when.time.span)] }
    var moments: [Moment] = []
    for item in items {
      guard let moment = item.value.timelineMoment else {
        times.reportNotATime(item.value, item.span, "a moment such as `step 2500`, or `end`,")
        return nil
      }
      guard let order = time.order(moment, time.end), order >= 0 else {
        moments.append(moment)
        continue
      }
      report(
        .eventNeverFires, "an event at \(moment.text) never fires in \(time.length.text) of training", at: item.span,
        label: "after the end", secondary: time.lengthLabel, help: "write `at end` for the end of training",
        fixIts: items.count == 1 ? [FixIt("write `at end`", edits: [.init(entry.whenSpan, "at end")], confidence: .unsafe)] : [])
    }
    return moments.count == items.count ? moments : nil
  }

  private func readAction(_ expression: Expression) -> EventPlan.Action? {
    guard let value = evaluator.evaluate(expression) else { return nil }
    if case .call(let call) = value, call.name == "report" { return readReport(call) }
    if case .word("report") = value {
      report(
        .missingOption, "`report` needs what to report", at: expression.span, label: "no measurement",
        notes: [measurementsNote])
      return nil
    }
    let located = LocatedOption(value, expression.span)
    if located.methodCall?.name == EventPlan.restore.name {
      let table = Vocabulary.Table([EventPlan.restore]) { $0.name }
      return resolver.resolveMethod(located, among: table, spec: { $0 }, what: "event").map { _ in .restore }
    }
    if located.methodCall?.name == Sieve.spec.name {
      let table = Vocabulary.Table([Sieve.spec]) { $0.name }
      guard let (_, options) = resolver.resolveMethod(located, among: table, spec: { $0 }, what: "event") else { return nil }
      let sieve = Sieve(options: options)
      resolver.lintPointless(sieve.pointless, in: located, of: Sieve.spec)
      return .sieve(sieve)
    }
    if let call = located.methodCall, vocabulary.events[call.name] == nil {
      reportUnknown(
        .unknownMethod, "there is no event `\(call.name)`", call.name, at: call.nameSpan,
        among: vocabulary.events.names + ["report", EventPlan.restore.name, EventPlan.when.name, Sieve.spec.name])
      return nil
    }
    guard let (type, options) = resolver.resolveMethod(located, among: vocabulary.events, spec: { $0.spec }, what: "event") else {
      return nil
    }
    let event = type.init(options: options)
    resolver.lintPointless(event.pointless, in: located, of: type.spec)
    guard event.moments.allSatisfy({ times.isWithin($0, located.span) }) else { return nil }
    if let event = event as? any RankEvent { return .rank(event) }
    return (event as? any ValueEvent).map { .values($0) }
  }

  private func readReport(_ call: OptionCall) -> EventPlan.Action? {
    var measurements: [any WeightMeasurement] = []
    for argument in call.arguments {
      guard argument.name == nil, let call = argument.value.methodCall, let type = vocabulary.measurements[call.name] else {
        let text = argument.value.value.text
        let message = "there is no measurement `\(text)`"
        reportUnknown(.unknownMethod, message, text, at: argument.value.span, among: vocabulary.measurements.names)
        return nil
      }
      guard let options = resolver.resolve(call, against: type.spec) else { return nil }
      measurements.append(type.init(options: options))
    }
    if measurements.isEmpty {
      report(
        .missingOption, "`report` needs what to report", at: call.span, label: "no measurement", notes: [measurementsNote])
    }
    return measurements.isEmpty ? nil : .report(measurements)
  }

  private var measurementsNote: String {
    "measurements: " + vocabulary.measurements.names.map { "`\($0)`" }.joined(separator: ", ")
  }

  /// Whether some weight begins some form with a rank that the event can raise.
  private func canGrow(_ event: EventPlan, _ action: any RankEvent, _ weights: [WeightPlan]) -> Bool {
    event.weights.contains { index in
      weights[index].spans.contains { span in
        guard span.form.isChangedByEvents else { return false }
        let start = span.rank ?? span.rankBounds.lowerBound
        return action.bounds(rank: start...start, shape: weights[index].shape).upperBound > start
      }
    }
  }

  /// Reports events whose weights never have a form that they change.
  func checkEffect(_ event: EventPlan, _ weights: [WeightPlan]) {
    guard let action = event.weightEvent, let first = event.weights.first else { return }
    let isInForce = event.weights.contains { index in
      weights[index].spans.contains { action.acts(on: $0.form) && (event.trigger == .end || $0.start != context.time.end) }
    }
    let word = type(of: action).spec.name
    if isInForce, let action = action as? any RankEvent, action.direction == .up, !canGrow(event, action, weights) {
      report(
        .eventWithoutEffect, "`\(word)` raises ranks, but that of `\(weights[first].path)` is at the most already", at: event.span,
        label: "never has an effect", help: "raise `at_most`, or begin with a smaller rank",
        fixIts: [edits.removing("this event", event.span, .unsafe)])
    }
    guard !isInForce else { return }
    report(
      .eventWithoutEffect, "`\(word)` has no effect: `\(weights[first].path)` is never \(type(of: action).concerns)", at: event.span,
      label: "never has an effect", help: type(of: action).helpToConcern,
      fixIts: [edits.removing("this event", event.span, .unsafe)])
  }
}
