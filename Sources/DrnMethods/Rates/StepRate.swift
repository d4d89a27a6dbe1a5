import Foundation

/// The rate is multiplied by a factor at each of a list of moments.
public struct StepRate: Rate {
  public static let spec = MethodSpec(
    "step",
    summary: "The rate is multiplied by `factor` at each of the moments `at` of the run; the step at a moment already has the new rate.",
    options: [
      Warmup.rate, OptionSpec("factor", .number(0...1e6), default: .decimal(0.1), "What the rate is multiplied by."),
      OptionSpec("at", .moments, required: true, "When."), Warmup.option,
    ], positional: 1)
  let rate: Double
  let factor: Double
  let warmup: Warmup
  public let jumps: [Moment]
  public let pointless: [PointlessOption]
  public let options: Options
  public init(options: Options) {
    self.options = options
    rate = options.number("rate") ?? 0
    factor = options.number("factor") ?? 0.1
    jumps = options.moments("at") ?? []
    warmup = Warmup(options)
    pointless =
      Self.pointless(options) + (jumps.isEmpty ? [PointlessOption("at", "names no moment, so that the rate never changes")] : [])
      + (factor == 1 ? [PointlessOption("factor", "is 1, so that the rate never changes")] : [])
  }

  public func value(at step: Int, time: RateTime) -> Double {
    let passed = jumps.filter { jump in jump.step(stepsPerEpoch: time.stepsPerEpoch).map { $0 <= step } ?? false }.count
    return rate * pow(factor, Double(passed)) * warmup.share(at: step, time)
  }
}
