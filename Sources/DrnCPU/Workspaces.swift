import Synchronization

/// Lends each running task one of as many pieces of work space as there are threads.
///
/// A task takes the lowest free piece, so a thread that runs task after task mostly gets the same one, still in its cache.
final class Workspaces {
  /// More threads than this share pieces by waiting.
  static let limit = 64
  let count: Int
  private let taken: UnsafeMutablePointer<Atomic<UInt64>>

  init(threads: Int) {
    count = min(max(threads, 1), Self.limit)
    taken = .allocate(capacity: 1)
    taken.initialize(to: Atomic(0))
  }

  deinit {
    taken.deinitialize(count: 1)
    taken.deallocate()
  }

  /// What a task's context keeps.
  struct Handle: BitwiseCopyable {
    fileprivate let taken: UnsafeMutablePointer<Atomic<UInt64>>
    fileprivate let count: Int

    /// The number of a piece that no other task has until `release`.
    func acquire() -> Int {
      var current = taken.pointee.load(ordering: .relaxed)
      while true {
        let free = (~current).trailingZeroBitCount
        guard free < count else {
          current = taken.pointee.load(ordering: .relaxed)
          continue
        }
        let (exchanged, original) = taken.pointee.weakCompareExchange(
          expected: current, desired: current | (1 << UInt64(free)), ordering: .acquiringAndReleasing)
        if exchanged { return free }
        current = original
      }
    }

    func release(_ piece: Int) { taken.pointee.bitwiseAnd(~(1 << UInt64(piece)), ordering: .releasing) }
  }

  var handle: Handle { Handle(taken: taken, count: count) }
}
