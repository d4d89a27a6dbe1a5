/// The rate is multiplied by a factor whenever the score on validation has not improved for a while.
///
/// When that happens is decided while training, so that the schedule alone says only what the rate is after so many reductions.
public struct PlateauRate: Rate {
  public static let spec = MethodSpec(
    "plateau",
    summary:
      "The rate is multiplied by `factor` at the end of an epoch after which the score on validation that `select` names has not improved for more than `patience`; when is decided while training.",
    source: "ReduceLROnPlateau of PyTorch",
    options: [
      Warmup.rate, OptionSpec("factor", .number(0...1), default: .decimal(0.1), "What the rate is multiplied by."),
      OptionSpec(
        "patience", .duration, default: .duration(Duration(.epoch, 10)),
        "How long the score may go without improving before the rate falls."),
    ] + Improvement.options(threshold: .decimal(1e-4), mode: .relative) + [
      OptionSpec("cooldown", .duration, "How long after a reduction the patience does not begin."),
      OptionSpec("floor", .number(0...1e6), default: .integer(0), "The rate is never lowered below this."), Warmup.option,
    ], positional: 1)
  let rate: Double
  let factor: Double
  let floor: Double
  let warmup: Warmup
  /// How long the score may go without improving.
  public let patience: Duration
  /// How long after a reduction the patience does not begin; `nil` where it begins at once.
  public let cooldown: Duration?
  /// What counts as an improvement.
  public let improvement: Improvement
  public let options: Options
  public let pointless: [PointlessOption]
  public init(options: Options) {
    self.options = options
    rate = options.number("rate") ?? 0
    factor = options.number("factor") ?? 0.1
    floor = options.number("floor") ?? 0
    patience = options.duration("patience") ?? Duration(.epoch, 10)
    cooldown = options.duration("cooldown")
    improvement = Improvement(options)
    warmup = Warmup(options)
    pointless =
      Self.pointless(options) + (factor == 1 ? [PointlessOption("factor", "is 1, so that the rate never changes")] : [])
      + (floor >= rate && rate > 0 ? [PointlessOption("floor", "is not below the rate, which therefore never falls")] : [])
  }

  public func value(at step: Int, time: RateTime) -> Double {
    var reduced = rate
    // One product after another, as each reduction is of the rate there was.
    for _ in 0..<time.reductions where reduced > floor { reduced = max(reduced * factor, floor) }
    return reduced * warmup.share(at: step, time)
  }
  public var jumps: [Moment] { [] }
}
