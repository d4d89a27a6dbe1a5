import DrnNumbers

/// Cuts the rank at the first singular value below a share of the largest, as OIALR does (arXiv 2401.08505, `madonna` at e9e885d).
///
/// Departures, each deliberate: the moments are rotated with the basis before they are cut (the published code cuts them unrotated); an odd
/// rank never loses more than the stated share (the published code rounds the kept half down); the floor is at least 1.
public struct Trim: RankEvent {
  static let everything = MethodSpec("everything", summary: "Every selected weight at every firing.")
  static let fromOutput = MethodSpec(
    "from_output", summary: "The weights nearest the output first: the j-th firing concerns the last j * floor(share * (count - 1)) ones.",
    options: [
      OptionSpec("share", .number(0...1), required: true, "How many more weights, as a share, each firing takes in; at least one.")
    ],
    positional: 1)

  public static let spec = MethodSpec(
    "trim", summary: "Cuts the rank at the first singular value below a share of the largest.", source: "OIALR, arXiv 2401.08505",
    options: [
      OptionSpec("below", .number(0...1), required: true, "Singular values below this share of the reference are cut."),
      OptionSpec("relative_to", .word(["largest"]), default: .word("largest"), "The reference: the largest singular value."),
      OptionSpec(
        "drop_at_most", .number(0...1), default: .rational(numerator: 1, denominator: 2),
        "The largest share of the rank one firing removes."),
      OptionSpec(
        "at_least", .number(0...1), default: .percent(0.01), "The share of the short side that always stays, rounded down; at least 1."),
      OptionSpec(
        "scope", .method([everything, fromOutput]), default: .word("everything"), "Which of the selected weights a firing concerns."),
      .before,
      OptionSpec("state", .state, required: true, "What becomes of optimizer state; carried moments turn with the basis."),
    ])
  public let options: Options
  let below: Double
  let largestDrop: Rational
  let leastShare: Rational
  public let before: Moment?
  public let state: StatePolicy

  public init(options: Options) {
    self.options = options
    below = options.number("below") ?? 0
    largestDrop = options.share("drop_at_most") ?? 0.5
    leastShare = options.share("at_least") ?? 0.01
    before = options.moment("before")
    state = options.state("state") ?? .reset
  }

  public func decide(singularValues: [Float], rank: Int, shape: WeightShape) -> Int {
    let values = singularValues.prefix(max(rank, 0))
    guard let largest = values.first, largest.isFinite, largest > 0 else { return rank }
    let cut = Double(largest) * below
    let kept = values.firstIndex { Double($0) < cut } ?? rank
    let dropLimit = rank - largestDrop.of(rank, .down)
    return min(rank, max(kept, dropLimit, floor(shape)))
  }
  public var pointless: [PointlessOption] {
    (below == 0 ? [PointlessOption("below", "is 0, and no singular value is below it")] : [])
      + (largestDrop.number == 0 ? [PointlessOption("drop_at_most", "is 0, so that no firing removes anything")] : [])
      + (leastShare.number >= 1 ? [PointlessOption("at_least", "keeps every rank there can be")] : [])
  }
  public func bounds(rank: ClosedRange<Int>, shape: WeightShape) -> ClosedRange<Int> {
    min(rank.lowerBound, floor(shape))...rank.upperBound
  }
  public func scope(firing: Int, count: Int) -> Range<Int> {
    guard count > 0 else { return 0..<0 }
    guard let share = outputShare else { return 0..<count }
    let stride = max(1, share.of(count - 1, .down))
    let (taken, overflow) = stride.multipliedReportingOverflow(by: max(firing, 0) + 1)
    return max(0, count - (overflow ? count : taken))..<count
  }

  private func floor(_ shape: WeightShape) -> Int { max(1, leastShare.of(shape.shortSide, .down)) }
  private var outputShare: Rational? {
    guard case .call(let call)? = options["scope"], call.name == Self.fromOutput.name else { return nil }
    return Options(call, spec: Self.fromOutput).share("share")
  }
}
