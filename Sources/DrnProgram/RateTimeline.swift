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

  /// The rate of a step of a run of `totalSteps` steps that has lowered it before the steps of these numbers.
  public func value(at step: Int, stepsPerEpoch: Int, totalSteps: Int, reductions: [Int] = []) -> Double {
    let starts = starts(stepsPerEpoch, totalSteps)
    guard let place = place(of: step, starts) else { return 0 }
    let end = place + 1 < starts.count ? min(starts[place + 1], totalSteps) : totalSteps
    let start = place == 0 ? 0 : starts[place]
    let time = RateTime(
      stepsPerEpoch: stepsPerEpoch, start: start, end: end, reductions: reductions.count { $0 > start && $0 <= step })
    return spans[place].rate.value(at: step, time: time)
  }

  /// The rate that holds at a step and lowers itself while training, with the first step of its span; `nil` where the schedule says it all.
  public func plateau(at step: Int, stepsPerEpoch: Int, totalSteps: Int) -> (rate: PlateauRate, start: Int)? {
    let starts = starts(stepsPerEpoch, totalSteps)
    guard let place = place(of: step, starts), let rate = spans[place].rate as? PlateauRate else { return nil }
    return (rate, place == 0 ? 0 : starts[place])
  }

  private func starts(_ stepsPerEpoch: Int, _ totalSteps: Int) -> [Int] {
    spans.map { $0.start.step(stepsPerEpoch: stepsPerEpoch) ?? totalSteps }
  }

  private func place(of step: Int, _ starts: [Int]) -> Int? { starts.lastIndex { $0 <= step } ?? starts.indices.first }

  /// The schedules as they are called, with the starts of the spans as `moment` writes them where there are several.
  public func text(moment: (Moment) -> String) -> String {
    if spans.count == 1, let only = spans.first { return only.rate.callText }
    return spans.map { "from \(moment($0.start)): \($0.rate.callText)" }.joined(separator: "; ")
  }
}
