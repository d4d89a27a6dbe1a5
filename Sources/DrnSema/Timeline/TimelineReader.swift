import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

/// One entry of a timeline: from `start` on, `value` holds.
struct TimelinePoint {
  let start: Moment
  let value: Expression
  let by: Expression?
  /// `from epoch 55`, or the duration inside a cycle.
  let whenSpan: Span
  let span: Span
  /// `from end`: after the last step, so that `start` is the length of the run.
  var isEnd = false
  /// The moment in messages.
  var text: String { isEnd ? "the end" : start.text }
}

/// Reads the times of a clause.
struct TimelineReader: Checking {
  let tools: Tools
  let time: TimeScale

  /// The `from` entries and cycles of a clause as points in order of time; everything wrong with their times is reported. Other timed
  /// entries are returned for the events, and the settings of those names that the clause may have. `takesEnd` says whether a value may
  /// begin at the end of the run.
  func readTimeline(
    _ clause: ClauseEntry, settings known: [String] = [], takesEnd: Bool = false
  ) -> (points: [TimelinePoint], events: [TimedEntry], settings: Settings) {
    let settings = reader.collect(clause.entries, known: known, clauses: ["cycle"], timed: true, owner: "`\(clause.name.text)`")
    // Where the last cycle ends.
    var cycleEnd: Moment?
    var points: [TimelinePoint] = []
    var events: [TimedEntry] = []
    for entry in orderedEntries(clause.entries) {
      switch entry {
      case .timed(let timed):
        switch timed.when {
        case .from(let expression): appendPoint(timed, expression, of: clause, takesEnd: takesEnd, to: &points)
        case .every, .at: events.append(timed)
        case .lasting:
          report(
            .malformedCycle, "a duration before `:` belongs in `cycle(n) { ... }`", at: timed.whenSpan, label: "outside a cycle",
            help: "write `from epoch n:`, or put the entry into a cycle")
        }
      case .clause(let cycle): appendCycle(cycle, to: &points, after: &cycleEnd)
      case .setting: break
      }
    }
    return (points, events, settings)
  }

  private func orderedEntries(_ entries: [Entry]) -> [Entry] {
    entries.filter { entry in if case .clause(let clause) = entry { clause.name.text == "cycle" } else { true } }
  }

  private func appendPoint(
    _ timed: TimedEntry, _ expression: Expression, of clause: ClauseEntry, takesEnd: Bool, to points: inout [TimelinePoint]
  ) {
    guard let value = evaluator.evaluate(expression) else { return }
    if case .word("end") = value {
      guard takesEnd else { return reportEnd(timed, of: clause) }
      return append(
        TimelinePoint(start: time.end, value: timed.value, by: timed.by, whenSpan: timed.whenSpan, span: timed.span, isEnd: true),
        to: &points)
    }
    guard var start = value.timelineMoment else { return reportNotATime(value, expression.span, "a moment such as `epoch 55`") }
    if tools.options.shorten != nil, let last = points.last, last.start.unit == start.unit, start.value <= last.start.value {
      start = Moment(start.unit, last.start.value + 1)
    }
    append(
      TimelinePoint(start: start, value: timed.value, by: timed.by, whenSpan: timed.whenSpan, span: timed.span), to: &points)
  }

  private func reportEnd(_ timed: TimedEntry, of clause: ClauseEntry) {
    report(
      .pastTheEnd, "`\(clause.name.text)` has no value at the end: no step follows it", at: timed.whenSpan, label: "never in force",
      secondary: time.lengthLabel, help: "only the forms of `weights` begin `from end`",
      fixIts: [edits.removing("this entry", timed.span, .unsafe)])
  }

  func reportNotATime(_ value: OptionValue, _ span: Span, _ needed: String) {
    var fixes: [FixIt] = []
    if case .integer(let number) = value, needed.hasPrefix("a moment") {
      fixes = [FixIt("write `epoch \(number)`", edits: [.init(span, "epoch \(number)")], confidence: .unsafe)]
    }
    report(
      .notATime, "\(needed) is needed here, but `\(value.text)` is \(value.kindDescription)", at: span, label: value.kindDescription,
      fixIts: fixes)
  }

  /// Adds a point if it comes after the last one and before the end.
  func append(_ point: TimelinePoint, to points: inout [TimelinePoint]) {
    guard point.isEnd || isWithin(point.start, point.whenSpan, fixIts: edits.leavingOut(point)) else { return }
    guard let last = points.last else { return points.append(point) }
    guard let order = order(last, point) else { return reportUnknownOrder(last, point) }
    if order < 0 { return points.append(point) }
    let earlier = [Label(last.whenSpan, "\(last.text) comes first")]
    if order == 0 {
      report(
        .overlap, "two entries begin at \(point.text)", at: point.whenSpan, label: "begins at the same moment", secondary: earlier,
        fixIts: last.span == point.span ? [] : [edits.removing("this entry", point.span, .unsafe)])
    } else {
      report(
        .scheduleOrder, "\(point.text) comes after \(last.text) in the text but before it in time", at: point.whenSpan,
        label: "earlier than the entry before it", secondary: earlier, help: "put the entries in the order of time",
        fixIts: edits.exchanging(last, point))
    }
  }

  /// As `TimeScale.order`; the end comes after everything, however long an epoch is.
  private func order(_ left: TimelinePoint, _ right: TimelinePoint) -> Int? {
    guard left.isEnd || right.isEnd else { return time.order(left.start, right.start) }
    return left.isEnd == right.isEnd ? 0 : left.isEnd ? 1 : -1
  }

  private func reportUnknownOrder(_ first: TimelinePoint, _ second: TimelinePoint) {
    report(
      .unknownOrder, "\(first.start.text) and \(second.start.text) cannot be ordered while the length of an epoch is unknown",
      at: second.whenSpan, label: "in another unit", secondary: [Label(first.whenSpan, "\(first.start.text) is stated here")],
      help: "state `examples: n` in `data`, or use one unit")
  }

  /// Whether a moment lies before the end of the run, as far as that is known.
  func isWithin(_ moment: Moment, _ span: Span, fixIts: [FixIt] = []) -> Bool {
    guard let order = time.order(moment, time.end), order >= 0 else { return true }
    var notes: [String] = []
    if moment.unit != time.end.unit, let steps = time.stepsPerEpoch { notes = ["an epoch has \(counted(steps, "step"))"] }
    report(
      .pastTheEnd, "\(moment.text) is not before the end of training, which is \(time.length.text) long", at: span,
      label: "never reached", secondary: time.lengthLabel, notes: notes, fixIts: fixIts)
    return false
  }

  /// Reports a timeline that does not begin with training.
  func checkStart(_ points: [TimelinePoint], _ clause: ClauseEntry) -> Bool {
    guard let first = points.first, first.start.value != 0 else { return true }
    let what = clause.selectors.isEmpty ? "`\(clause.name.text)`" : "`\(sources.text(clause.headerSpan))`"
    report(
      .missingStart, "\(what) says nothing about the time before \(first.text)", at: first.whenSpan, label: "the first entry",
      notes: ["the gap begins at epoch 0"],
      help: clause.name.text == "weights" ? "add `from epoch 0: dense`" : "add a line `from epoch 0: ...`",
      fixIts: clause.name.text == "weights" ? edits.adding("from epoch 0: dense", to: clause.entries) : [])
    return false
  }
}

extension OptionValue {
  /// The moment that the start of an entry names; `nil` for what is no time.
  var timelineMoment: Moment? {
    switch self {
    case .moment(let moment): moment
    case .word("start"): .start
    case .integer, .rational, .decimal, .percent, .boolean, .text, .word, .duration, .proportion, .list, .call, .pattern: nil
    }
  }
}
