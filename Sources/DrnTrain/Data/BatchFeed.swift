import DrnData
import DrnProgram

/// Gives the batches of a run by step number, without state, so that any step can be asked for.
struct BatchFeed {
  let data: TrainingData
  let sampler: BatchSampler
  /// From which epoch on only these examples are trained on; the latest last.
  private var sieved: [(epoch: Int, kept: [Int])] = []
  private var epoch = -1
  private var batches: EpochBatches?
  private var queue: BatchQueue?

  init(_ data: TrainingData, program: CheckedProgram) {
    self.data = data
    sampler = BatchSampler(
      indices: data.trainIndices, batchSize: program.training.batch * program.training.accumulation, seed: program.training.seed,
      lastBatch: program.data.dropsLastBatch ? .drop : .keep, slide: data.training.labelsPerExample)
  }

  var stepsPerEpoch: Int { sampler.stepsPerEpoch }

  /// Examples in the largest batch there is: all of the split where it does not fill one.
  var largestBatch: Int { max(1, min(sampler.batchSize, sampler.indices.count)) }

  /// The examples of a global step.
  mutating func indices(at step: Int) -> [Int] {
    let wanted = step / max(1, stepsPerEpoch)
    if wanted != epoch || batches == nil {
      let piece = sieved.last { $0.epoch <= wanted }
      batches = piece.map { sampler.batches(of: $0.kept, epoch: wanted - $0.epoch) } ?? sampler.batches(epoch: wanted)
      epoch = wanted
    }
    return batches?.batch(step % max(1, stepsPerEpoch)) ?? []
  }

  /// The batch of a global step, to be used before the next is asked for.
  ///
  /// Augmented batches come from a thread that works ahead. Without augmentation, filling a batch is one copy, and a second copy from that
  /// thread's memory would cost as much as it saves.
  mutating func batch(at step: Int) -> TrainingBatch {
    guard data.batches.augmentation != nil else { return TrainingBatch(examples: indices(at: step), rows: nil) }
    if let queue, queue.isNext(step) { return queue.next() }
    queue = nil
    let queue = BatchQueue(self, from: step)
    self.queue = queue
    return queue.next()
  }

  /// Trains on some of the examples alone from an epoch on; places are those of the split.
  mutating func keep(_ pieces: [(epoch: Int, kept: [Int32])]) {
    sieved = pieces.map { piece in (piece.epoch, piece.kept.map { sampler.indices[Int($0)] }) }
    (batches, queue) = (nil, nil)
  }

  /// Ends the thread that works ahead.
  mutating func stop() { queue = nil }
}
