import DrnSema

extension CheckedProgram {
  /// The places of the events that change ranks; how often the others fired changes nothing.
  var rankEvents: [Int] { events.indices.filter { if case .rank = events[$0].action { true } else { false } } }
}

extension Trainer {
  /// The log of a run that begins, empty, or of one that goes on, cut to where the checkpoint was made.
  static func openLog(_ folder: RunFolder, _ found: Checkpoint.Found?) throws(TrainError) -> RunLog {
    guard let found else { return try RunLog(folder: folder) }
    return try RunLog(resuming: folder, at: found.checkpoint.progress.logLengths)
  }

  /// The folder of the run to go on with, where one is asked for, and its checkpoint, where it has one.
  static func resumed(
    _ options: TrainOptions, _ program: CheckedProgram, _ identity: @autoclosure () -> RunIdentity, boundaries: [Int], stepsPerEpoch: Int
  ) throws(TrainError) -> (folder: RunFolder, found: Checkpoint.Found?)? {
    let path: String
    switch options.resume {
    case nil: return nil
    case .latest: path = try Checkpoint.latestRun(of: program.network.name, span: program.training.span)
    case .folder(let given): path = given
    }
    let folder = try RunFolder(resuming: path)
    let found = try Checkpoint.find(in: folder, span: program.training.span)
    try found?.checkpoint.hold(
      against: identity(), program, boundaries: boundaries, stepsPerEpoch: stepsPerEpoch, path: found?.path ?? "")
    return (folder, found)
  }

  /// Writes a checkpoint if one is due at the end of the epoch that ends before `step`.
  func saveCheckpoint(at step: Int) throws(TrainError) {
    let epoch = step / feed.stepsPerEpoch
    guard options.checkpointEvery > 0, step % feed.stepsPerEpoch == 0, epoch % options.checkpointEvery == 0 else { return }
    try storeState(at: step)
    let progress = RunProgress(
      step: step, phase: phase, changedStep: changedStep, rewarmStart: clock.rewarmStart, rewarmSteps: clock.rewarmSteps,
      eventFirings: program.rankEvents.map { eventFirings[$0] },
      trainableSum: trainableSum, trainingOperations: trainingOperations, peakArenaBytes: peakArenaBytes, logLengths: try log.lengths())
    try checkpoints.write(
      Checkpoint(identity: identity, progress: progress, state: state, best: best), epoch: epoch, logs: log.paths)
  }

  /// Puts the run where the checkpoint was made; the segment is compiled already, and the log cut.
  func restore(_ checkpoint: Checkpoint) {
    let progress = checkpoint.progress
    best = checkpoint.best
    changedStep = progress.changedStep
    for (event, firings) in zip(program.rankEvents, progress.eventFirings) { eventFirings[event] = firings }
    clock.resume(rewarmStart: progress.rewarmStart, rewarmSteps: progress.rewarmSteps)
    restoreSums(progress)
  }
}
