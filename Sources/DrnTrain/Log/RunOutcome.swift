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

  /// Whether the last thing a run wrote is that its numbers left their range: it would do so again.
  package static func hasDiverged(_ folder: String) -> Bool {
    guard let bytes = (try? Files.read(Path.join(folder, RunFolder.log), atMost: 1 << 28)).flatMap({ $0 }),
      let last = bytes.split(separator: UInt8(ascii: "\n")).last, let json = try? JSON(reading: Array(last))
    else { return false }
    return json["kind"]?.text == "diverged"
  }

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
