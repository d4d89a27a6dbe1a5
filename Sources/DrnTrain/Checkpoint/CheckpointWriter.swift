import Dispatch
import DrnTensorFile
import Synchronization

/// Writes checkpoints beside the training, one at a time. A failure is thrown by the next call.
final class CheckpointWriter: Sendable {
  private let folder: CheckpointFolder
  private let queue = DispatchQueue(label: "checkpoints")
  private let failure = Mutex<TrainError?>(nil)

  init(_ folder: CheckpointFolder) { self.folder = folder }

  /// Starts to write; waits first until the checkpoint before is written, so that memory for two at most is held.
  func write(_ checkpoint: Checkpoint, at place: CheckpointPlace, logs: [String]) throws(TrainError) {
    try finish()
    queue.async { [self] in
      do throws(TrainError) { try folder.write(checkpoint.file(), at: place, logs: logs) } catch {
        failure.withLock { $0 = error }
      }
    }
  }

  /// Waits until everything is written.
  func finish() throws(TrainError) {
    queue.sync {}
    let error = failure.withLock { stored in
      defer { stored = nil }
      return stored
    }
    if let error { throw error }
  }

  /// As `finish`, where another error is already on its way.
  func wait() { queue.sync {} }
}
