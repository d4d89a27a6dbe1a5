import DrnData

extension Trainer {
  /// Writes a checkpoint if one is due at the end of the epoch that ends before `step`.
  func saveCheckpoint(at step: Int) throws(TrainError) {
    let epoch = step / feed.stepsPerEpoch
    guard options.checkpointEvery > 0, step % feed.stepsPerEpoch == 0, epoch % options.checkpointEvery == 0 else { return }
    try segment.store(into: &state)
    let progress = RunProgress(
      step: step, phase: phase, rewarmStart: clock.rewarmStart, rewarmSteps: clock.rewarmSteps, eventFirings: eventFirings,
      trainableSum: trainableSum, trainingOperations: trainingOperations, peakArenaBytes: peakArenaBytes, logLengths: try log.lengths())
    try checkpoints.write(
      Checkpoint(identity: identity, progress: progress, state: state, best: best), epoch: epoch, logs: log.paths)
  }

  /// Puts the run where the checkpoint was made; the segment is compiled already, and the log cut.
  func restore(_ checkpoint: Checkpoint) {
    let progress = checkpoint.progress
    best = checkpoint.best
    eventFirings = progress.eventFirings
    clock.resume(rewarmStart: progress.rewarmStart, rewarmSteps: progress.rewarmSteps)
    restoreSums(progress)
  }
}
