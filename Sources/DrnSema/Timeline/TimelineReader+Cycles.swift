import DrnDiagnostics
import DrnMethods
import DrnSource
import DrnSyntax

/// Cycles: spans given by their length, one after the other.
extension TimelineReader {
  private static let cycleSpec = MethodSpec(
    "cycle", summary: "Repeats spans given by their length.",
    options: [
      OptionSpec("times", .integer(1...10_000), required: true, "How often."),
      OptionSpec(
        "from", .moment, "When the first repetition begins; by default at the start of training, or where the cycle before it ends."),
    ], positional: 1)

  func appendCycle(_ clause: ClauseEntry, to points: inout [TimelinePoint], after cycleEnd: inout Moment?) {
    guard let value = evaluator.evaluateCall(clause.name, clause.arguments, at: clause.headerSpan, in: Scope()),
      case .call(let call) = value,
      let options = resolver.resolve(call, against: Self.cycleSpec), let times = options.integer("times")
    else { return }
    guard var moment = options.moment("from") ?? (points.isEmpty ? .start : cycleEnd) else {
      return report(
        .malformedCycle, "this cycle does not say when it begins", at: clause.headerSpan, label: "begins after other entries",
        help: "write `cycle(\(times), from: epoch n) { ... }`")
    }
    let spans = readSpans(clause)
    guard let spans, !spans.isEmpty else { return }
    for _ in 0..<times {
      for (entry, duration) in spans {
        guard isWithin(moment, clause.headerSpan) else { return }
        append(
          TimelinePoint(start: moment, value: entry.value, by: entry.by, whenSpan: entry.whenSpan, span: entry.span), to: &points)
        guard let next = time.after(moment, duration) else { return reportCycleUnits(entry) }
        moment = next
      }
    }
    cycleEnd = moment
  }

  private func reportCycleUnits(_ entry: TimedEntry) {
    report(
      .unknownOrder, "a cycle mixes epochs and steps while the length of an epoch is unknown", at: entry.whenSpan, label: "in another unit",
      help: "state `examples: n` in `data`, or use one unit")
  }

  /// The entries of a cycle with their lengths; `nil` when something else was found and reported.
  private func readSpans(_ clause: ClauseEntry) -> [(TimedEntry, Duration)]? {
    var spans: [(TimedEntry, Duration)] = []
    for entry in clause.entries {
      guard case .timed(let timed) = entry, case .lasting(let expression) = timed.when else {
        report(
          .malformedCycle, "a cycle consists of entries such as `20 epochs: dense`", at: entry.span, label: "not a span with a length")
        return nil
      }
      guard let value = evaluator.evaluate(expression) else { return nil }
      guard case .duration(let duration) = value else {
        reportNotATime(value, expression.span, "a duration such as `20 epochs`")
        return nil
      }
      spans.append((timed, duration))
    }
    if spans.isEmpty { report(.malformedCycle, "this cycle has no entries", at: clause.headerSpan, label: "empty") }
    return spans
  }
}
