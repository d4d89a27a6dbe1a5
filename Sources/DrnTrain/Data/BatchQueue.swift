import DrnData
import Foundation

/// Prepares the batches of coming steps on a thread of its own, a few ahead of the training and never more.
///
/// Every batch is a function of its step alone, so what the thread's timing decides is only who waits.
final class BatchQueue {
  /// Batches held at most: one in use, and two ready or in the making.
  static let depth = 3
  private let ring: Ring

  /// Batches from `step` on, until the queue is dropped.
  init(_ feed: BatchFeed, from step: Int) {
    ring = Ring(feed, from: step)
    let thread = Thread { [ring] in ring.produce() }
    thread.name = "batches"
    // The thread's frames are few, but a batch's scratch lies on its stack.
    thread.stackSize = 8 << 20
    thread.start()
  }

  deinit { ring.stop() }

  /// The batch of the next step; waits until it is ready. Its rows stay valid until the next call.
  func next() -> TrainingBatch { ring.take() }

  /// Whether `step` is the one `next` gives.
  func isNext(_ step: Int) -> Bool { ring.nextStep == step }
}

/// The examples of one step, and their values where they were prepared ahead.
struct TrainingBatch {
  let examples: [Int]
  /// Row-major, without padding; `nil` where the values are still to be copied from the data set.
  let rows: UnsafePointer<Float>?
}

/// What the two threads share; everything that changes is guarded by the condition, but for the rows of a slot, which belong to the thread
/// that the counts give them to.
private final class Ring: @unchecked Sendable {
  private let condition = NSCondition()
  private let slots: [UnsafeMutablePointer<Float>]
  private var examples: [[Int]]
  private let maker: BatchMaker
  /// The producer's alone.
  private var feed: BatchFeed
  private let first: Int
  /// Batches finished and taken since the start.
  private var finished = 0
  private var taken = 0
  private var isStopped = false

  init(_ feed: BatchFeed, from step: Int) {
    self.feed = feed
    first = step
    maker = feed.data.batches
    let size = feed.largestBatch * feed.data.training.elementsPerExample
    slots = (0..<BatchQueue.depth).map { _ in
      let rows = UnsafeMutablePointer<Float>.allocate(capacity: max(1, size))
      rows.initialize(repeating: 0, count: max(1, size))
      return rows
    }
    examples = Array(repeating: [], count: BatchQueue.depth)
  }

  deinit { for rows in slots { rows.deallocate() } }

  /// Only the consumer changes it.
  var nextStep: Int { first + taken }

  func produce() {
    var number = 0
    while waitForRoom(number) {
      let indices = feed.indices(at: first + number)
      maker.fill(indices, epoch: (first + number) / max(1, feed.stepsPerEpoch), into: slots[number % slots.count])
      condition.lock()
      examples[number % slots.count] = indices
      finished += 1
      condition.broadcast()
      condition.unlock()
      number += 1
    }
  }

  /// Waits until the slot of batch `number` is free; false when the queue has ended. The batch taken last is still in use.
  private func waitForRoom(_ number: Int) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    while !isStopped, number - max(0, taken - 1) >= slots.count { condition.wait() }
    return !isStopped
  }

  func take() -> TrainingBatch {
    condition.lock()
    defer { condition.unlock() }
    let number = taken
    taken += 1
    condition.broadcast()
    while finished <= number { condition.wait() }
    return TrainingBatch(examples: examples[number % slots.count], rows: UnsafePointer(slots[number % slots.count]))
  }

  func stop() {
    condition.lock()
    isStopped = true
    condition.broadcast()
    condition.unlock()
  }
}
