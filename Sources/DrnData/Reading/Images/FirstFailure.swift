import Synchronization

/// The failure of the lowest index among those of parallel work: the same whatever the threads did.
final class FirstFailure: Sendable {
  private let state = Mutex<(index: Int, error: DataError)?>(nil)

  /// The failure kept, if there was any.
  var first: DataError? { state.withLock { $0?.error } }

  /// Whether a failure before `index` is known, so that work on `index` cannot matter.
  func comesBefore(_ index: Int) -> Bool { state.withLock { ($0?.index ?? Int.max) < index } }

  func record(_ error: DataError, at index: Int) {
    state.withLock { if index < $0?.index ?? Int.max { $0 = (index, error) } }
  }
}
