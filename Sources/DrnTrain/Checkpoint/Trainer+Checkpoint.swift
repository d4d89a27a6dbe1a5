import DrnProgram

extension Trainer {
  /// The log of a run that begins, empty, or of one that goes on, cut to where the checkpoint was made.
  static func openLog(_ folder: RunFolder, _ found: Checkpoint.Found?) throws(TrainError) -> RunLog {
    guard let found else { return try RunLog(folder: folder) }
    return try RunLog(resuming: folder, at: found.checkpoint.progress.logLengths)
  }

  /// A run to go on with: its folder, its checkpoint where it has one, and what differs in the steps still to come.
  struct ResumedRun {
    let folder: RunFolder
    let found: Checkpoint.Found?
    let change: RunChange?
  }

  /// The run to go on with, where one is asked for.
  static func resumed(
    _ options: TrainOptions, _ program: CheckedProgram, _ identity: @autoclosure () -> RunIdentity, clock: RateClock, boundaries: [Int]
  ) throws(TrainError) -> ResumedRun? {
    let path: String
    switch options.resume {
    case nil: return nil
    case .latest: path = try Checkpoint.latestRun(of: program.network.name, span: program.training.span)
    case .folder(let given): path = given
    }
    let folder = try RunFolder(resuming: path)
    guard let found = try Checkpoint.find(in: folder, span: program.training.span) else {
      return ResumedRun(folder: folder, found: nil, change: nil)
    }
    var past = clock
    past.resume(found.checkpoint.progress)
    let rates = RateRecord(past, until: found.checkpoint.progress.step)
    let change = try found.checkpoint.hold(
      against: identity(), program, rates: rates, boundaries: boundaries, path: found.path,
      acceptsEngine: options.acceptsEngine)
    return ResumedRun(folder: folder, found: found, change: change)
  }

  /// Writes a checkpoint if one is due after `step` steps.
  func saveCheckpointIfDue(at step: Int) throws(TrainError) {
    switch options.checkpointEvery {
    case .never: return
    case .epochs(let count): guard step % (feed.stepsPerEpoch * max(1, count)) == 0 else { return }
    case .seconds(let seconds): guard ContinuousClock.now - lastCheckpoint >= .seconds(seconds) else { return }
    }
    try saveCheckpoint(at: step)
  }

  /// Writes a checkpoint of the run as it is after `step` steps, before anything of the boundary there has happened, unless there are to be
  /// none or this one is written.
  func saveCheckpoint(at step: Int) throws(TrainError) {
    guard options.checkpointEvery != .never, lastCheckpointStep != step else { return }
    try requireFiniteState(at: step)
    try write(try checkpoint(try progress(at: step), best: best))
  }

  /// A checkpoint of the tensors as they are, at a place in the run.
  func checkpoint(_ progress: RunProgress, best: Best?) throws(TrainError) -> Checkpoint {
    Checkpoint(identity: identity, progress: progress, state: try state.stored(), best: best, examples: memory?.tensors ?? [:])
  }

  /// How far the run is after `step` steps.
  func progress(at step: Int) throws(TrainError) -> RunProgress {
    let names = program.rankEventNames
    return RunProgress(
      step: step, phase: phase, changedStep: changedStep, rewarmStart: clock.rewarmStart, rewarmSteps: clock.rewarmSteps,
      plateau: clock.plateau, stopWatch: stopWatch,
      eventFirings: Dictionary(uniqueKeysWithValues: names.map { ($0.name, eventFirings[$0.index]) }), rates: rates.value,
      epoch: epochScore, trainableSum: trainableSum, trainingOperations: trainingOperations, peakArenaBytes: peakArenaBytes,
      logLengths: try log.lengths())
  }

  func write(_ checkpoint: Checkpoint) throws(TrainError) {
    let step = checkpoint.progress.step
    try checkpoints.write(checkpoint, at: CheckpointPlace(step: step, stepsPerEpoch: feed.stepsPerEpoch), logs: log.paths)
    lastCheckpoint = .now
    lastCheckpointStep = step
  }

  /// Puts the run where the checkpoint was made; the segment is compiled already, and the log cut.
  func restore(_ checkpoint: Checkpoint) throws(TrainError) {
    let progress = checkpoint.progress
    if memory != nil {
      guard memory?.restore(checkpoint.examples) == true else {
        throw TrainError(.checkpointDamaged, "the checkpoint says nothing of the examples that `sieve` judges", help: "begin a new run")
      }
      feed.keep(memory?.sieved ?? [])
    }
    best = checkpoint.best
    changedStep = progress.changedStep
    for (event, name) in program.rankEventNames { eventFirings[event] = progress.eventFirings[name] ?? 0 }
    clock.resume(progress)
    stopWatch = progress.stopWatch
    rates = RateRecord(clock, until: progress.step)
    epochScore = progress.epoch
    lastCheckpointStep = progress.step
    restoreSums(progress)
  }

  /// Logs what differs from the run as it was begun: the log up to here is of another program.
  func recordChange(_ change: RunChange, at step: Int) throws(TrainError) {
    for difference in change.differences {
      try record(LogRecord("changed", [.init("step", .integer(step)), .init("what", .text(difference.text))]))
    }
  }

  /// Leaves the weights, of step `saved` where they are not the last ones, and a checkpoint of before a boundary at which the run ends over a
  /// truncation.
  func leave(_ before: Checkpoint, weightsOf saved: Int? = nil, over error: TrainError) throws(TrainError) -> TrainError {
    phase = before.progress.phase
    try adoptAverage()
    try folder.write(RunFolder.weights, try weightsFile(step: saved ?? before.progress.step))
    let kept = "the weights before it are in `\(folder.path)/\(RunFolder.weights)`"
    guard options.checkpointEvery != .never else { return TrainError(error, note: kept) }
    if lastCheckpointStep != before.progress.step { try write(before) }
    try checkpoints.finish()
    return TrainError(error, note: kept + ", and `--resume \(folder.path)` goes on there, with another `error:` too")
  }
}

extension TrainError {
  fileprivate init(_ error: TrainError, note: String) {
    self.init(error.kind, error.message, help: error.help, span: error.span, notes: error.notes + [note])
  }
}
