import DrnMethods
import DrnProgram
import DrnSource
import DrnSystem
import DrnTensorFile

extension Checkpoint {
  /// A checkpoint found, and what to tell about the search.
  struct Found {
    let checkpoint: Checkpoint
    let path: String
    /// Where the latest could not be read.
    let note: String?
  }

  /// The latest checkpoint of a run that can be read: the one before it where the latest is damaged. `nil` where the run has written none
  /// and has not come to its end, so that all of it is still to be done.
  static func find(in run: RunFolder, span: Span) throws(TrainError) -> Found? {
    let folder = CheckpointFolder(run: run.path)
    folder.clean()
    let places = folder.places
    guard !places.isEmpty else {
      guard run.isFinished else { return nil }
      throw TrainError(
        .checkpointMissing, "the run in `\(run.path)` has ended and left no checkpoint to go on from",
        help: "begin another with --output", span: span)
    }
    var note: String?
    for place in places {
      let path = folder.file(place)
      if let file = try? TensorFile.read(path: path), let checkpoint = Checkpoint(file) {
        return Found(checkpoint: checkpoint, path: path, note: note)
      }
      note = note ?? "`\(path)` is damaged; going on from the checkpoint before it"
    }
    throw TrainError(
      .checkpointDamaged, "no checkpoint in `\(folder.path)` can be read: each is damaged or of another version's format",
      help: "begin another run with --output", span: span)
  }

  /// `runs/<network>-<n>` with the highest number that has a run.
  static func latestRun(of network: String, span: Span) throws(TrainError) -> String {
    let names = (try? Files.names(in: RunFolder.parent)) ?? []
    let numbers = names.compactMap { $0.hasPrefix(network + "-") ? Int($0.dropFirst(network.count + 1)) : nil }.sorted(by: >)
    let paths = numbers.lazy.map { "\(RunFolder.parent)/\(network)-\($0)" }
    guard let path = paths.first(where: RunFolder.isRun) else {
      throw TrainError(
        .checkpointMissing, "there is no folder `\(RunFolder.parent)/\(network)-n` with a run", help: "name the folder: --resume DIR",
        span: span)
    }
    return path
  }

  /// Refuses a checkpoint of another run, or one that does not fit the program; returns what differs in steps still to come.
  func hold(
    against current: RunIdentity, _ program: CheckedProgram, rates: RateRecord, boundaries: [Int], path: String, acceptsEngine: Bool
  ) throws(TrainError) -> RunChange {
    let span = program.training.span
    let change = RunChange(
      from: identity, to: current, at: progress.step, sameRates: rates.value == progress.rates, acceptsEngine: acceptsEngine)
    let refused = change.differences.filter { !$0.isAllowed }
    if let first = refused.first, refused.allSatisfy(\.isOfEngine) {
      throw TrainError(
        .engineDiffers, "`\(path)` is a checkpoint of another engine: \(first.text)",
        help: "go on as the run was begun; or say --accept-engine, and its bytes are those of no other run", span: span,
        notes: refused.count > 1 ? refused.map(\.text) : [])
    }
    guard change.isAllowed else {
      let first = change.differences.first { !$0.isAllowed }?.text ?? ""
      throw TrainError(
        .checkpointDiffers, "`\(path)` is a checkpoint of another run: \(first)",
        help: "undo what is not allowed to go on with it, or start a run of its own with --output", span: span,
        notes: change.differences.count > 1 ? change.sentences : [])
    }
    // The phases entered so far are those of the checkpoint's program too, or a difference would have been found.
    let fits =
      program.phases.indices.contains(progress.phase) && boundaries[progress.phase] <= progress.step
      && progress.step <= boundaries[progress.phase + 1]
      && (0...(boundaries.last ?? 0)).contains(progress.step) && progress.logLengths.count == 3
      && (0...progress.step).contains(progress.changedStep) && state.stateStarts.values.allSatisfy((0...progress.step).contains)
      && program.hasPossibleRanks(state.ranks)
    guard fits else {
      throw TrainError(.checkpointDamaged, "`\(path)` does not fit the program it was made with", help: "remove it", span: span)
    }
    return change
  }
}

extension CheckedProgram {
  /// Whether numbers can be the ranks of its weights, with the further extents behind them.
  package func hasPossibleRanks(_ ranks: [Int]) -> Bool {
    ranks.count == weights.count + extents.count
      && zip(extents, ranks.dropFirst(weights.count)).allSatisfy { extent, number in
        phases.contains { phase in
          extents(of: extent.weight, in: phase).contains { $0.name == extent.name && $0.bounds.contains(number) }
        } || number == 0
      }
      && zip(ranks, weights).allSatisfy { rank, weight in
        rank >= 0 && rank <= weight.spans.map(\.rankBounds.upperBound).max() ?? 0
      }
  }
}
