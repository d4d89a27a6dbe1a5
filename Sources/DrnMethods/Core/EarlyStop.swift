/// The run ends where the score on validation has not improved for a while.
public struct EarlyStop: Method, Hashable {
  public static let spec = MethodSpec(
    "early",
    summary:
      "The run ends at the end of an epoch after which the score on validation that `select` names has not improved for `patience`.",
    source:
      "Prechelt 1998, \"Early stopping - but when?\", the criterion of a number of epochs without improvement, as Keras and Lightning count it",
    options: [
      OptionSpec("patience", .duration, required: true, "How long the score may go without improving."),
      OptionSpec("at_least", .duration, "The run does not end earlier than after this."),
    ] + Improvement.options(threshold: .integer(0), mode: .absolute), positional: 1)
  /// How long the score may go without improving.
  public let patience: Duration
  /// The run does not end earlier than after this; `nil` where it may end at once.
  public let least: Duration?
  /// What counts as an improvement.
  public let improvement: Improvement
  /// The options, of which none is lost.
  public let options: Options
  public init(options: Options) {
    patience = options.duration("patience") ?? Duration(.epoch, 1)
    least = options.duration("at_least")
    improvement = Improvement(options)
    self.options = options
  }
}
