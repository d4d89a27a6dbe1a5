import DrnMethods

/// How long a score has not improved. Scores are seen at the ends of epochs; times are in steps.
struct ScoreWatch: Equatable {
  /// `nil` where none was seen yet.
  private(set) var best: Double?
  /// The step since which no score counted as better, or the waiting began.
  private(set) var since = 0

  /// Takes the score of an epoch that ended after `step` steps.
  mutating func observe(_ watched: (score: Double, higherIsBetter: Bool), _ improvement: Improvement, after step: Int) {
    if let best, !improvement.isBetter(watched.score, than: best, higherIsBetter: watched.higherIsBetter) { return }
    best = watched.score
    since = step
  }

  /// Waits from here on, for something better than the best so far.
  mutating func wait(from step: Int) { since = step }

  /// Another network is trained from here on: what was best before is no measure for it.
  mutating func restart(at step: Int) {
    best = nil
    since = step
  }
}

/// What a rate that follows the score has seen and done.
struct PlateauState: Equatable {
  /// The steps before which the rate was lowered, in order.
  private(set) var reductions: [Int] = []
  var watch = ScoreWatch()
  /// Until the end of the epoch of this step, waiting does not count.
  private(set) var cooldownEnd = 0
  /// The first step of the span of the timeline whose rate it is.
  private(set) var spanStart = 0

  /// A rate of a later span begins with nothing seen.
  mutating func enter(spanFrom start: Int) {
    guard start != spanStart else { return }
    (spanStart, cooldownEnd) = (start, 0)
    watch.restart(at: start)
  }

  /// Takes the score of an epoch that ended after `step` steps. Whether the rate is lowered there.
  mutating func observe(
    _ watched: (score: Double, higherIsBetter: Bool), _ improvement: Improvement, patience: Int, cooldown: Int, after step: Int
  ) -> Bool {
    watch.observe(watched, improvement, after: step)
    if step <= cooldownEnd { watch.wait(from: step) }
    guard step - watch.since > patience else { return false }
    reductions.append(step)
    let (end, overflow) = step.addingReportingOverflow(cooldown)
    cooldownEnd = overflow ? .max : end
    watch.wait(from: step)
    return true
  }
}

// As numbers, for a checkpoint.
extension ScoreWatch {
  var integers: [Int] { [since] + (best.map { [Int(truncatingIfNeeded: $0.bitPattern)] } ?? []) }

  init?(_ integers: [Int]) {
    guard let since = integers.first, integers.count <= 2 else { return nil }
    self.since = since
    best = integers.dropFirst().first.map { Double(bitPattern: UInt64(truncatingIfNeeded: $0)) }
  }
}

extension PlateauState {
  var integers: [Int] { [cooldownEnd, spanStart, watch.integers.count] + watch.integers + reductions }

  init?(_ integers: [Int]) {
    guard integers.count >= 4, (1...2).contains(integers[2]), integers.count >= 3 + integers[2],
      let watch = ScoreWatch(Array(integers[3..<3 + integers[2]]))
    else { return nil }
    (cooldownEnd, spanStart, self.watch) = (integers[0], integers[1], watch)
    reductions = Array(integers[(3 + integers[2])...])
  }
}
