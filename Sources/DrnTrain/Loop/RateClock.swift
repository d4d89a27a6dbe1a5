import DrnMethods
import DrnSema

/// The learning rate of every step: the schedule, times a linear warm-up after transitions that ask for one.
struct RateClock {
  private let rate: any Rate
  private let time: RateTime
  private(set) var rewarmStart = 0
  private(set) var rewarmSteps = 0

  init(_ rate: any Rate, time: RateTime) {
    self.rate = rate
    self.time = time
  }

  /// From `step` on, the rate rises linearly to its schedule over `duration`.
  mutating func rewarm(at step: Int, over duration: Duration?) {
    rewarmStart = step
    rewarmSteps = duration?.steps(stepsPerEpoch: time.stepsPerEpoch) ?? 0
  }

  /// Goes on with a warm-up that began in an earlier process.
  mutating func resume(rewarmStart: Int, rewarmSteps: Int) {
    self.rewarmStart = rewarmStart
    self.rewarmSteps = rewarmSteps
  }

  func value(at step: Int) -> Double {
    let scheduled = rate.value(at: step, time: time)
    let elapsed = step - rewarmStart
    guard elapsed < rewarmSteps else { return scheduled }
    return scheduled * Double(elapsed + 1) / Double(rewarmSteps)
  }
}
