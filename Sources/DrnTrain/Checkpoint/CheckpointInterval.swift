/// How often a checkpoint is written.
public enum CheckpointInterval: Sendable, Hashable {
  /// Not at all: neither at a signal nor where a run is stopped.
  case never
  /// At the end of every so many epochs.
  case epochs(Int)
  /// After the first step that ends so many seconds after the checkpoint before, or after the start.
  case seconds(Int)
}
