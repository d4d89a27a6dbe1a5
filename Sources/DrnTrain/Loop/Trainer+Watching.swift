import DrnMethods
import DrnProgram

/// What the score on validation decides while training: the rate, and the end of the run.
extension Trainer {
  /// Takes the score of a whole epoch that ended after `step` steps.
  func watch(_ score: Score, at step: Int) throws(TrainError) {
    let selection = program.training.selection
    if let stop = program.training.stop { stopWatch.observe(score.watched(selection), stop.improvement, after: step) }
    guard clock.observe(score, by: selection, after: step) else { return }
    try record(
      LogRecord(
        "plateau",
        [
          .init("step", .integer(step)), .init("epoch", .integer(step / feed.stepsPerEpoch)),
          .init("select", .text(selection.rawValue)), .init("rate", .number(clock.scheduled(at: step))),
        ]))
  }

  /// From here on the network is another one, and the scores of the one before are no measure for it.
  func restartWatching(at step: Int) {
    stopWatch.restart(at: step)
    clock.plateau.watch.restart(at: step)
  }

  /// Whether the run ends after `step` steps, because the score has not improved for so long. A function of what a checkpoint holds, so that a run
  /// that ended so ends again where it is resumed.
  func stopsEarly(at step: Int) -> Bool {
    guard let stop = program.training.stop, step > 0, step % feed.stepsPerEpoch == 0, stopWatch.best != nil else { return false }
    let patience = stop.patience.steps(stepsPerEpoch: feed.stepsPerEpoch) ?? .max
    let least = stop.least.map { $0.steps(stepsPerEpoch: feed.stepsPerEpoch) ?? .max } ?? 0
    return step >= least && step - stopWatch.since >= patience
  }

  func recordStop(at step: Int) throws(TrainError) {
    try record(
      LogRecord(
        "stop",
        [
          .init("step", .integer(step)), .init("epoch", .integer((step - 1) / feed.stepsPerEpoch)),
          .init("select", .text(program.training.selection.rawValue)), .init("best", .number(stopWatch.best ?? .nan)),
          .init("since_step", .integer(stopWatch.since)),
        ]))
  }
}
