import DrnJSON
import DrnSystem

/// What a run folder says of how far its run is.
package enum RunOutcome {
  /// The training is over, and is not to go on.
  case over
  /// It stopped as it was asked, after so many steps, and may go on.
  case stopped(steps: Int)
  /// A signal ended it after so many steps.
  case interrupted(steps: Int)
  /// It has not come to an end.
  case unfinished

  /// By the summary, which is written last.
  package static func read(from folder: String) -> RunOutcome {
    guard let text = try? Files.read(Path.join(folder, RunFolder.summary), atMost: 1 << 24), let json = try? JSON(reading: text) else {
      return .unfinished
    }
    let steps = json["steps"]?.whole ?? 0
    switch json["ended"]?.text {
    case RunEnd.whole.text, RunEnd.early.text: return .over
    case RunEnd.stopped.text: return .stopped(steps: steps)
    case RunEnd.interrupted.text: return .interrupted(steps: steps)
    case _: return .unfinished
    }
  }
}
