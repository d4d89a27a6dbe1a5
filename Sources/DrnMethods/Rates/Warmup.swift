import Foundation

/// The options all schedules share, and the linear rise at their start.
struct Warmup: Hashable, Sendable {
  static let rate = OptionSpec("rate", .number(0...1e6), required: true, "The base learning rate.")
  static let option = OptionSpec(
    "warmup", .duration, "Linear rise at the start: step t of W has the share (t + 1) / W of the rate the schedule gives.")
  let duration: Duration?
  init(_ options: Options) { duration = options.duration("warmup") }

  /// The length in steps; 0 for none.
  func steps(_ time: RateTime) -> Int { max(0, duration?.steps(stepsPerEpoch: time.stepsPerEpoch) ?? 0) }
  /// The share of the schedule's rate at a step, in (0, 1].
  func share(at step: Int, _ time: RateTime) -> Double {
    let length = steps(time)
    return step < length ? Double(max(step, 0) + 1) / Double(length) : 1
  }
  /// How much of the time between the end of the rise and the end of the run has passed, in 0...1.
  func progress(at step: Int, _ time: RateTime) -> Double {
    let length = steps(time)
    guard time.totalSteps > length else { return step < length ? 0 : 1 }
    return min(max(Double(step - length) / Double(time.totalSteps - length), 0), 1)
  }
}
