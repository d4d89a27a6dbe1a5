import DrnMethods
import DrnNumbers

/// Examples that leave the training because they teach little, as in MEST (arXiv 2110.14032): `at epoch 8: sieve(remove: 20%, by: forgetting)`.
///
/// An example is forgotten where it was classified right when it was last trained on and is not now (Toneva et al. 2019, arXiv 1812.05159); one
/// that was never right counts as forgotten most. Of N examples int(remove N) of the least forgotten leave, of equal ones the earlier, and
/// counting begins anew. Departure: an epoch stays the number of steps it was, which the published code shortens; what is left is passed over
/// again and again, so that a shorter `length` is what saves time.
public struct Sieve: Method {
  public static let spec = MethodSpec(
    "sieve", summary: "Takes out the examples that were forgotten least while training.",
    source: "MEST, arXiv 2110.14032; forgetting: Toneva et al. 2019, arXiv 1812.05159",
    options: [
      OptionSpec(
        "remove", .number(0...0.999), required: true, "The share of the examples left that is taken out; their number is rounded down."),
      OptionSpec("by", .word(["forgetting"]), default: .word("forgetting"), "What an example is judged by."),
    ])
  public let options: Options
  let share: Rational

  public init(options: Options) {
    self.options = options
    share = options.share("remove") ?? 0
  }
  /// The options whose values leave nothing of what they are for.
  public var pointless: [PointlessOption] { share == 0 ? [PointlessOption("remove", "is 0, so that every example stays")] : [] }

  /// How many of so many examples leave.
  public func removed(of count: Int) -> Int { share.of(count, .down) }
}
