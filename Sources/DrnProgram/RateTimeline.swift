import DrnMethods

/// The learning rate of a run: one schedule, or several, each over a span of its own.
public struct RateTimeline: Sendable {
  /// A schedule, from a moment on.
  public struct Span: Sendable {
    /// The first moment it holds at.
    public let start: Moment
    /// The schedule, which runs from the start of the span to its end.
    public let rate: any Rate
    public init(start: Moment, rate: any Rate) {
      self.start = start
      self.rate = rate
    }
  }
  /// In order of time; the first begins at 0.
  public let spans: [Span]

  public init(_ spans: [Span]) { self.spans = spans }

  /// One schedule for the whole run.
  public init(_ rate: any Rate) { spans = [Span(start: .start, rate: rate)] }

  /// The rate of a step of a run of `totalSteps` steps.
  public func value(at step: Int, stepsPerEpoch: Int, totalSteps: Int) -> Double {
    let starts = spans.map { $0.start.step(stepsPerEpoch: stepsPerEpoch) ?? totalSteps }
    guard let place = starts.lastIndex(where: { $0 <= step }) ?? starts.indices.first else { return 0 }
    let end = place + 1 < starts.count ? min(starts[place + 1], totalSteps) : totalSteps
    let time = RateTime(stepsPerEpoch: stepsPerEpoch, start: place == 0 ? 0 : starts[place], end: end)
    return spans[place].rate.value(at: step, time: time)
  }

  /// The schedules as they are called, with the starts of the spans as `moment` writes them where there are several.
  public func text(moment: (Moment) -> String) -> String {
    if spans.count == 1, let only = spans.first { return only.rate.callText }
    return spans.map { "from \(moment($0.start)): \($0.rate.callText)" }.joined(separator: "; ")
  }
}
