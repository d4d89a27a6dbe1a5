import DrnNumbers

/// Raises the rank until its leading modes are enough of the weight, with a buffer of modes beside them that could turn out to be more, as
/// InRank-Efficient does (arXiv 2306.11250, `jiaweizzhao/InRank`).
///
/// Of rank r, r - buffer are modes. At a firing the modes become the least number from the present one on that passes `until`, though at most
/// buffer - 1 more, and the rank that number and the buffer; it never falls. The criterion is that of a rank rule over all singular values of the
/// weight, those beyond its rank being zero.
///
/// Departures, each deliberate: a new mode leaves W as it is, where the published code exposes two factors that were drawn at the start; modes
/// that are not there yet do not decay; `after` counts updates, where the published code counts forward passes, evaluations among them.
public struct Grow: RankEvent {
  static let rules = ["explained_variance", "energy"].map { name in
    MethodSpec(
      name,
      summary: name == "energy"
        ? "The share of the squared singular values that the modes keep is at least this."
        : "The share of the singular values' variance that the modes explain is above this.",
      options: [OptionSpec("share", .number(0...1), required: true, "The threshold.")], positional: 1)
  }

  public static let spec = MethodSpec(
    "grow", summary: "Raises the rank until its modes are enough of the weight, with a buffer of modes beside them.",
    source: "InRank-Efficient, arXiv 2306.11250",
    options: [
      OptionSpec("until", .method(rules), required: true, "When the modes are enough."),
      OptionSpec(
        "buffer", .integer(1...1_000_000), required: true, "The modes beside those that are judged; one firing adds fewer than these."),
      OptionSpec(
        "at_most", .rank, default: .proportion(.rational(numerator: 1, denominator: 2), of: "short_side"),
        "The largest rank, the buffer in it."),
      OptionSpec("after", .moment, default: .moment(.start), "Firings before this moment change nothing."),
      .before,
      OptionSpec(
        "state", .state, default: .word("carry"),
        "What becomes of optimizer state; carried moments stay, and those of new modes start at zero."),
    ], positional: 1)
  public let options: Options
  let rule: RankRule
  let buffer: Int
  private let most: RankRule
  public let after: Moment
  public let before: Moment?
  public let state: StatePolicy

  public init(options: Options) {
    self.options = options
    rule = options["until"].flatMap { RankRule($0) } ?? .explainedVariance(1)
    buffer = options.integer("buffer") ?? 1
    most = options.rank("at_most") ?? .fraction(numerator: 1, denominator: 2, of: .shortSide)
    after = options.moment("after") ?? .start
    before = options.moment("before")
    state = options.state("state") ?? .carry
  }

  public var direction: RankChange.Direction { .up }

  /// The largest rank of a weight; the short side where the rule gives none.
  private func limit(_ shape: WeightShape) -> Int { min(shape.shortSide, max(1, most.resolve(shape, current: nil) ?? shape.shortSide)) }

  public func decide(singularValues: [Float], rank: Int, shape: WeightShape) -> Int {
    let limit = limit(shape)
    let modes = max(1, rank - buffer)
    guard rank < limit, modes < limit - buffer else { return rank }
    let held = singularValues.prefix(max(rank, 0)).map { max(0, Double($0)) }.sorted(by: >)
    let values = held + [Double](repeating: 0, count: max(0, shape.singularValueCount - held.count))
    let last = min(modes + buffer, limit - buffer) - 1
    guard modes <= last else { return rank }
    let enough = (modes...last).first { rule.isEnough(rank: $0, singularValues: values) } ?? last
    return min(limit, max(rank, enough + buffer))
  }
  public func bounds(rank: ClosedRange<Int>, shape: WeightShape) -> ClosedRange<Int> {
    rank.lowerBound...max(rank.upperBound, limit(shape))
  }
  public func scope(firing: Int, count: Int) -> Range<Int> { 0..<count }
  public var pointless: [PointlessOption] {
    switch rule {
    case .explainedVariance(let share) where share == 0, .energy(let share) where share == 0:
      [PointlessOption("until", "is 0, which any number of modes passes")]
    case .exact, .fraction, .full, .current, .energy, .explainedVariance, .linear, .budget: []
    }
  }
}
