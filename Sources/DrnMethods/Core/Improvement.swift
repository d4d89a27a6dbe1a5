/// When one score counts as better than another: by more than a threshold, as in PyTorch's ReduceLROnPlateau.
public struct Improvement: Hashable, Sendable {
  /// What the threshold is a share of.
  public enum Mode: String, Hashable, Sendable, CaseIterable {
    /// Of the best score so far.
    case relative
    /// Of nothing: it is a difference of scores.
    case absolute
  }
  /// By how much a score has to be better.
  public let threshold: Double
  /// What the threshold is a share of.
  public let mode: Mode

  /// What holds without a mode is absolute.
  public init(_ options: Options) {
    threshold = options.number("threshold") ?? 0
    mode = options.word("threshold_mode").flatMap(Mode.init) ?? .absolute
  }

  /// The options that say it.
  public static func options(threshold: OptionValue, mode: Mode) -> [OptionSpec] {
    [
      OptionSpec("threshold", .number(0...1e6), default: threshold, "By more than this a score has to be better to count as improved."),
      OptionSpec(
        "threshold_mode", .word(Mode.allCases.map(\.rawValue)), default: .word(mode.rawValue),
        "Whether the threshold is a share of the best score so far, or a difference of scores."),
    ]
  }

  /// Whether a score is better than the best so far by more than the threshold.
  public func isBetter(_ score: Double, than best: Double, higherIsBetter: Bool) -> Bool {
    let margin = mode == .relative ? best * threshold : threshold
    return higherIsBetter ? score > best + margin : score < best - margin
  }
}
