import Foundation

/// The rate is multiplied by a factor again and again, once in every epoch or other stretch of steps.
public struct ExponentialRate: Rate {
  public static let spec = MethodSpec(
    "exponential",
    summary:
      "The rate is multiplied by `factor` after every stretch `every` of the run, or of its span of a timeline, as in PyTorch's ExponentialLR.",
    options: [
      Warmup.rate, OptionSpec("factor", .number(0...1), required: true, "What the rate is multiplied by."),
      OptionSpec("every", .duration, default: .duration(Duration(.epoch, 1)), "How often."), Warmup.option,
    ], positional: 1)
  let rate: Double
  let factor: Double
  let every: Duration
  let warmup: Warmup
  public let options: Options
  public let pointless: [PointlessOption]
  public init(options: Options) {
    self.options = options
    rate = options.number("rate") ?? 0
    factor = options.number("factor") ?? 1
    every = options.duration("every") ?? Duration(.epoch, 1)
    warmup = Warmup(options)
    pointless = Self.pointless(options) + (factor == 1 ? [PointlessOption("factor", "is 1, so that the rate never changes")] : [])
  }

  public func value(at step: Int, time: RateTime) -> Double {
    let length = max(1, every.steps(stepsPerEpoch: time.stepsPerEpoch) ?? 1)
    return rate * pow(factor, Double(max(0, step - time.start) / length)) * warmup.share(at: step, time)
  }
  public var jumps: [Moment] { [] }
}
