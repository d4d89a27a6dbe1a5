import Foundation

/// Half a cosine from the rate down to the floor, between the end of the warm-up and the end of the run, or of its span of a timeline.
public struct CosineRate: Rate {
  public static let spec = MethodSpec(
    "cosine",
    summary: "Half a cosine from the rate to `floor`, between the end of the warm-up and the end of the run, or of its span of a timeline.",
    source: "Loshchilov and Hutter 2017, arXiv 1608.03983, equation 5 without restarts",
    options: [Warmup.rate, OptionSpec("floor", .number(0...1e6), default: .integer(0), "The rate at the end."), Warmup.option],
    positional: 1)
  let rate: Double
  let floor: Double
  let warmup: Warmup
  public let options: Options
  public init(options: Options) {
    self.options = options
    rate = options.number("rate") ?? 0
    floor = options.number("floor") ?? 0
    warmup = Warmup(options)
    let isLevel = floor == rate && rate > 0
    pointless = Self.pointless(options) + (isLevel ? [PointlessOption("floor", "is the rate, which therefore never falls")] : [])
  }

  public func value(at step: Int, time: RateTime) -> Double {
    let share = (1 + cos(Double.pi * warmup.progress(at: step, time))) / 2
    return (floor + (rate - floor) * share) * warmup.share(at: step, time)
  }
  public var jumps: [Moment] { [] }
  public let pointless: [PointlessOption]
}
