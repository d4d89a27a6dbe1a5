import Foundation

/// One cycle: up to the rate, and down again to far below the start.
public struct OneCycleRate: Rate {
  public static let spec = MethodSpec(
    "one_cycle",
    summary:
      "Up from a share of the rate to the rate, and down again to far below the start, once over the run, or over its span of a timeline. Only the rate is cycled: momentum stays as it is.",
    source: "Smith and Topin 2018, arXiv 1708.07120; the numbers are those of OneCycleLR of PyTorch",
    options: [
      OptionSpec("rate", .number(0...1e6), required: true, "The largest learning rate."),
      OptionSpec("rise", .number(0...1), default: .decimal(0.3), "The share of the steps over which the rate rises."),
      OptionSpec("anneal", .word(["cosine", "linear"]), default: .word("cosine"), "The course between the lowest and the largest rate."),
      OptionSpec("start_divisor", .number(1...1e12), default: .integer(25), "The first rate is the largest divided by this."),
      OptionSpec("final_divisor", .number(1...1e12), default: .decimal(1e4), "The last rate is the first divided by this."),
      OptionSpec(
        "three_phases", .boolean, default: .boolean(false),
        "Whether the rate falls to the first one over as many steps as it rose, and only then to the last."),
    ], positional: 1)
  let largest: Double
  let first: Double
  let last: Double
  let rise: Double
  let isLinear: Bool
  let hasThreePhases: Bool
  public let options: Options
  public let pointless: [PointlessOption]
  public init(options: Options) {
    self.options = options
    largest = options.number("rate") ?? 0
    first = largest / (options.number("start_divisor") ?? 25)
    last = first / (options.number("final_divisor") ?? 1e4)
    rise = options.number("rise") ?? 0.3
    isLinear = options.word("anneal") == "linear"
    hasThreePhases = options.boolean("three_phases") ?? false
    let isLevel = first == largest && largest > 0
    pointless = Self.pointless(options) + (isLevel ? [PointlessOption("start_divisor", "is 1, so that the rate does not rise")] : [])
  }

  public func value(at step: Int, time: RateTime) -> Double {
    let total = Double(max(0, time.end - time.start))
    // The last step of each part; the next begins there.
    var parts = [(end: rise * total - 1, from: first, to: largest)]
    if hasThreePhases { parts.append((2 * rise * total - 2, largest, first)) }
    parts.append((total - 1, parts[parts.count - 1].to, last))
    let elapsed = min(max(Double(step - time.start), 0), max(0, total - 1))
    let place = parts.firstIndex { elapsed <= $0.end } ?? parts.count - 1
    let (begin, part) = (place > 0 ? parts[place - 1].end : 0, parts[place])
    let share = part.end > begin ? min(max((elapsed - begin) / (part.end - begin), 0), 1) : 1
    if isLinear { return part.from + (part.to - part.from) * share }
    return part.to + (part.from - part.to) / 2 * (1 + cos(Double.pi * share))
  }
  public var jumps: [Moment] { [] }
}
