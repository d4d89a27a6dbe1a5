/// Which examples make up each batch: a keyed permutation for every epoch, without state, so that training can resume anywhere.
public struct BatchSampler: Equatable, Sendable {
  /// What becomes of the examples that do not fill a batch at the end of an epoch.
  public enum LastBatch: String, CaseIterable, Sendable {
    /// They wait for the next epoch, whose order differs.
    case drop
    /// They form a smaller batch.
    case keep
  }

  /// The examples to draw from.
  public let indices: [Int]
  /// The number of examples in a batch.
  public let batchSize: Int
  /// The seed of the orders.
  public let seed: UInt64
  /// What becomes of an incomplete batch.
  public let lastBatch: LastBatch
  /// Every epoch moves all examples by a number below this, those of a text by a number of tokens; none past the last example.
  public let slide: Int

  /// A sampler; a batch size or a slide below 1 is taken as 1.
  public init(indices: [Int], batchSize: Int, seed: UInt64, lastBatch: LastBatch, slide: Int = 1) {
    self.slide = max(slide, 1)
    self.indices = indices
    self.batchSize = max(batchSize, 1)
    self.seed = seed
    self.lastBatch = lastBatch
  }

  /// The number of batches in an epoch; 0 when `drop` leaves none.
  public var stepsPerEpoch: Int { Self.stepsPerEpoch(examples: indices.count, batchSize: batchSize, lastBatch: lastBatch) }

  /// The number of batches `examples` make, without building a sampler.
  public static func stepsPerEpoch(examples: Int, batchSize: Int, lastBatch: LastBatch) -> Int {
    let (examples, size) = (max(examples, 0), max(batchSize, 1))
    switch lastBatch {
    case .drop: return examples / size
    case .keep: return examples / size + (examples % size == 0 ? 0 : 1)
    }
  }

  /// The batches of an epoch; costs one permutation of the examples.
  public func batches(epoch: Int) -> EpochBatches {
    let order = RandomStream(seed: seed, purpose: "order", name: "examples").permutation(count: indices.count, epoch: epoch)
    guard slide > 1, let last = indices.last else {
      return EpochBatches(order: order.map { indices[$0] }, batchSize: batchSize, count: stepsPerEpoch)
    }
    let word = RandomStream(seed: seed, purpose: "order", name: "slide").derived(UInt64(bitPattern: Int64(epoch))).block(0).0
    let moved = AugmentationPipeline.scaled(word, below: slide)
    return EpochBatches(order: order.map { min(indices[$0] + moved, last) }, batchSize: batchSize, count: stepsPerEpoch)
  }

  /// The same batches in number and size from fewer examples, which are passed over again and again in orders of their own; `epoch` counts from
  /// when they are so few.
  public func batches(of kept: [Int], epoch: Int) -> EpochBatches {
    let perEpoch = lastBatch == .keep ? indices.count : stepsPerEpoch * batchSize
    let stream = RandomStream(seed: seed, purpose: "order", name: "sieved \(kept.count)")
    var order: [Int] = []
    let first = epoch * perEpoch
    var pass = kept.isEmpty ? 0 : first / kept.count
    while order.count < perEpoch, !kept.isEmpty {
      let permuted = stream.permutation(count: kept.count, epoch: pass).map { kept[$0] }
      order += permuted.dropFirst(pass == first / kept.count ? first % kept.count : 0)
      pass += 1
    }
    return EpochBatches(order: Array(order.prefix(perEpoch)), batchSize: batchSize, count: stepsPerEpoch)
  }

  /// The examples of batch `number` of an epoch; costs a permutation each time, so a loop over an epoch uses `batches(epoch:)`.
  public func batch(_ number: Int, epoch: Int) -> [Int] { batches(epoch: epoch).batch(number) }
}

/// The batches of one epoch, by number.
public struct EpochBatches: Equatable, Sendable {
  /// All examples in the order of this epoch, those of a dropped batch last.
  public let order: [Int]
  /// The number of examples in a complete batch.
  public let batchSize: Int
  /// The number of batches.
  public let count: Int

  /// The examples of batch `number`; empty when there is no such batch.
  public func batch(_ number: Int) -> [Int] {
    guard number >= 0, number < count else { return [] }
    return Array(order[number * batchSize..<min((number + 1) * batchSize, order.count)])
  }
}
