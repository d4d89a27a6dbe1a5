/// A straight line from the rate to the final rate, between the end of the warm-up and the end of the run, or of its span of a timeline.
public struct LinearRate: Rate {
  public static let spec = MethodSpec(
    "linear",
    summary:
      "A straight line from the rate to `final`, between the end of the warm-up and the end of the run, or of its span of a timeline.",
    options: [Warmup.rate, OptionSpec("final", .number(0...1e6), default: .integer(0), "The rate at the end."), Warmup.option],
    positional: 1)
  let rate: Double
  let final: Double
  let warmup: Warmup
  public let options: Options
  public init(options: Options) {
    self.options = options
    rate = options.number("rate") ?? 0
    final = options.number("final") ?? 0
    warmup = Warmup(options)
    let isLevel = final == rate && rate > 0
    pointless = Self.pointless(options) + (isLevel ? [PointlessOption("final", "is the rate, which therefore never changes")] : [])
  }

  public func value(at step: Int, time: RateTime) -> Double {
    (rate + (final - rate) * warmup.progress(at: step, time)) * warmup.share(at: step, time)
  }
  public var jumps: [Moment] { [] }
  public let pointless: [PointlessOption]
}
