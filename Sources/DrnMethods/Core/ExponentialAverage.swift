/// An exponential moving average of the trained weights, kept beside them.
public struct ExponentialAverage: Method, Hashable {
  public static let spec = MethodSpec(
    "ema",
    summary:
      "An exponential moving average of the trained weights after every step, which is what validation, test and the saved weights are of.",
    source: "Polyak and Juditsky 1992 for averaging; the numbers are those of AveragedModel with get_ema_multi_avg_fn of PyTorch",
    options: [
      OptionSpec("decay", .number(0...0.9999999), default: .decimal(0.999), "The share of the average that stays at a step."),
      OptionSpec(
        "warmup", .boolean, default: .boolean(false),
        "Whether after n steps the share is no more than (1 + n) / (10 + n), so that the first weights are soon forgotten."),
    ], positional: 1)
  let decay: Double
  let warmsUp: Bool
  /// The options, of which none is lost.
  public let options: Options
  public let pointless: [PointlessOption]
  public init(options: Options) {
    self.options = options
    decay = options.number("decay") ?? 0.999
    warmsUp = options.boolean("warmup") ?? false
    pointless = decay == 0 ? [PointlessOption("decay", "is 0, so that the average is the weights themselves")] : []
  }

  /// The share of the average that stays at a step, counted from 0; none at the first, after which the average is the weights.
  public func share(at step: Int) -> Double {
    guard step > 0 else { return 0 }
    let count = Double(step)
    return warmsUp ? min(decay, (1 + count) / (10 + count)) : decay
  }
}
