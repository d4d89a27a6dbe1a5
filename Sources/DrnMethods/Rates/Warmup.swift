import Foundation

/// The options all schedules share, and the linear rise at their start.
struct Warmup: Hashable, Sendable {
  static let rate = OptionSpec("rate", .number(0...1e6), required: true, "The base learning rate.")
  static let option = OptionSpec(
    "warmup", .duration,
    "Linear rise at the start of the run, or of its span of a timeline: step t of W has the share (t + 1) / W of the rate the schedule gives."
  )
  let duration: Duration?
  init(_ options: Options) { duration = options.duration("warmup") }

  /// The length in steps; 0 for none.
  func steps(_ time: RateTime) -> Int { max(0, duration?.steps(stepsPerEpoch: time.stepsPerEpoch) ?? 0) }
  /// The share of the schedule's rate at a step, in (0, 1].
  func share(at step: Int, _ time: RateTime) -> Double {
    let (length, elapsed) = (steps(time), step - time.start)
    return elapsed < length ? Double(max(elapsed, 0) + 1) / Double(length) : 1
  }
  /// How much of the time between the end of the rise and the end of the span has passed, in 0...1.
  func progress(at step: Int, _ time: RateTime) -> Double {
    let (length, elapsed, span) = (steps(time), step - time.start, time.end - time.start)
    guard span > length else { return elapsed < length ? 0 : 1 }
    return min(max(Double(elapsed - length) / Double(span - length), 0), 1)
  }
}
