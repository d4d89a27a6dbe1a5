import DrnData
import DrnMethods
import DrnProgram

/// The learning rate of every step: the schedule, times a linear warm-up after transitions that ask for one.
struct RateClock {
  private let rate: RateTimeline
  private let stepsPerEpoch: Int
  private let totalSteps: Int
  private(set) var rewarmStart = 0
  private(set) var rewarmSteps = 0
  /// What the score on validation has come to, where the rate follows it.
  var plateau = PlateauState()

  init(_ rate: RateTimeline, stepsPerEpoch: Int, totalSteps: Int) {
    self.rate = rate
    self.stepsPerEpoch = stepsPerEpoch
    self.totalSteps = totalSteps
  }

  /// From `step` on, the rate rises linearly to its schedule over `duration`.
  mutating func rewarm(at step: Int, over duration: Duration?) {
    rewarmStart = step
    rewarmSteps = duration?.steps(stepsPerEpoch: stepsPerEpoch) ?? 0
  }

  /// Goes on with a warm-up that began in an earlier process.
  mutating func resume(_ progress: RunProgress) {
    rewarmStart = progress.rewarmStart
    rewarmSteps = progress.rewarmSteps
    plateau = progress.plateau
  }

  /// What an epoch's end after `step` steps says about the rate. Whether it falls there.
  mutating func observe(_ score: Score, by selection: Selection, after step: Int) -> Bool {
    guard let (rate, start) = rate.plateau(at: step - 1, stepsPerEpoch: stepsPerEpoch, totalSteps: totalSteps) else { return false }
    func steps(_ duration: Duration) -> Int { duration.steps(stepsPerEpoch: stepsPerEpoch) ?? .max }
    plateau.enter(spanFrom: start)
    return plateau.observe(
      score.watched(selection), rate.improvement, patience: steps(rate.patience), cooldown: rate.cooldown.map(steps) ?? 0, after: step)
  }

  /// The rate of a step by its schedule and what of it was decided while training.
  func scheduled(at step: Int) -> Double {
    rate.value(at: step, stepsPerEpoch: stepsPerEpoch, totalSteps: totalSteps, reductions: plateau.reductions)
  }

  func value(at step: Int) -> Double {
    let scheduled = scheduled(at: step)
    let elapsed = step - rewarmStart
    guard elapsed < rewarmSteps else { return scheduled }
    return scheduled * Double(elapsed + 1) / Double(rewarmSteps)
  }
}

/// A checksum of the scheduled rates of the steps done: two schedules with the same one have been the same so far, whatever they are written
/// like and wherever they lead.
struct RateRecord {
  private var hash = Fingerprint()
  var value: UInt64 { hash.value }

  /// The rates of the steps before `step`.
  init(_ clock: RateClock, until step: Int) {
    for past in 0..<max(0, step) { append(clock.scheduled(at: past)) }
  }

  mutating func append(_ rate: Double) { hash.absorb(rate.bitPattern) }
}
