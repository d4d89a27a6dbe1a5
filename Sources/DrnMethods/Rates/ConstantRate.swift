/// One rate throughout; what a bare number means.
public struct ConstantRate: Rate {
  public static let spec = MethodSpec(
    "constant", summary: "One rate throughout; what a bare number means.", options: [Warmup.rate, Warmup.option], positional: 1)
  let rate: Double
  let warmup: Warmup
  public let options: Options
  public init(options: Options) {
    self.options = options
    rate = options.number("rate") ?? 0
    warmup = Warmup(options)
    pointless = Self.pointless(options)
  }
  /// What `rate: 0.1` means.
  public init(_ rate: Double) { self.init(options: Options(["rate": .decimal(rate)])) }

  public func value(at step: Int, time: RateTime) -> Double { rate * warmup.share(at: step, time) }
  public var jumps: [Moment] { [] }
  public let pointless: [PointlessOption]
}
