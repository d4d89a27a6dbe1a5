/// How the examples of an epoch are divided into updates, and an update into batches of one size.
///
/// The one place where steps are counted: the checker, the compiler and the run take them from here.
public struct BatchPlan: Equatable, Sendable {
  /// The examples of one update: `parts` batches of `size`, whose gradients are averaged.
  public struct Update: Equatable, Sendable {
    /// Examples of one batch.
    public let size: Int
    /// Batches of one update.
    public let parts: Int
    public init(size: Int, parts: Int) {
      self.size = size
      self.parts = parts
    }
    /// Examples of one update.
    public var examples: Int { size * parts }
  }
  /// Every update of an epoch but a smaller last one.
  public let whole: Update
  /// The smaller last update of an epoch; `nil` where there is none.
  public let rest: Update?
  /// 0 where no update can be filled; `nil` where the number of examples is unknown.
  public let stepsPerEpoch: Int?

  /// The updates of `examples` by `accumulation` batches of `batch`, both at least 1. Fewer examples than one update takes are one update of
  /// their own where the last batch is kept. With `keepsParts` no update has more parts than a whole one, as where something is kept for each.
  public init(
    examples: Int?, batch: Int, accumulation: Int, lastBatch: BatchSampler.LastBatch, keepsParts: Bool = false
  ) {
    let written = Update(size: max(1, batch), parts: max(1, accumulation))
    guard let examples else {
      (whole, rest, stepsPerEpoch) = (written, nil, nil)
      return
    }
    stepsPerEpoch = BatchSampler.stepsPerEpoch(examples: examples, batchSize: written.examples, lastBatch: lastBatch)
    let remainder = lastBatch == .keep ? max(0, examples) % written.examples : 0
    let smaller = remainder > 0 ? written.divided(remainder, keepsParts: keepsParts) : nil
    (whole, rest) = examples < written.examples ? (smaller ?? written, nil) : (written, smaller)
  }
}

extension BatchPlan.Update {
  /// So many examples in the fewest equal parts no larger than a batch of this update. Where no few parts are equal, as for a prime number of
  /// examples, all of them are one part.
  func divided(_ examples: Int, keepsParts: Bool) -> BatchPlan.Update {
    let least = (examples + size - 1) / size
    let most = keepsParts ? parts : 2 * parts
    let parts = least > most ? 1 : (least...most).first { examples % $0 == 0 } ?? 1
    return BatchPlan.Update(size: examples / parts, parts: parts)
  }
}
