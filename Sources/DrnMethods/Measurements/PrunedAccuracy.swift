import DrnNumbers

/// The accuracy on the test split when of every trained tensor of the weights only the entries of largest magnitude stay, without training
/// after it.
public struct PrunedAccuracy: PruningMeasurement {
  public static let spec = MethodSpec(
    "pruned_accuracy",
    summary:
      "Loss and accuracy on the test split while each trained tensor of the weights keeps only its entries of largest magnitude; at end alone.",
    source: "Powerpropagation, arXiv 2110.00296, whose code prunes so after training",
    options: [
      OptionSpec(
        "keep", .numbers(0...1),
        "The shares of entries that stay, one record each; their number is rounded down. By default 30%, 10%, 5%, 2% and 1%."),
      OptionSpec(
        "last", .number(1...1000), default: .integer(1),
        "How many times the share the last weight of the network keeps, at most all of it; the published code has 2."),
    ], positional: 1)
  public let options: Options
  public init(options: Options) { self.options = options }

  public var keep: [Rational] { options.shares("keep") ?? [0.3, 0.1, 0.05, 0.02, 0.01].map { Rational(nearest: $0) } }
  private var last: Rational { options.share("last") ?? 1 }

  public func kept(_ share: Rational, of count: Int, isLast: Bool) -> Int {
    let share = isLast ? share.multiplied(by: last) ?? 1 : share
    return min(max(share, 0), 1).of(count, .down)
  }
}
