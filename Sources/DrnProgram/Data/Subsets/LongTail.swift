import DrnMethods
import Foundation

/// Fewer examples from class to class, by a constant factor.
public struct LongTail: DataSubset {
  public static let spec = MethodSpec(
    "long_tail",
    summary: "Class k of K keeps int(n (1 / `ratio`)^(k / (K - 1))) examples, at least one, with n those of the largest class; drawn.",
    source: "Cui et al. 2019, arXiv 1901.05555",
    options: [
      OptionSpec("ratio", .number(1...1e6), required: true, "How many times as many examples the first class keeps as the last.")
    ])
  public let options: Options
  private let ratio: Double
  public init(options: Options) {
    self.options = options
    ratio = max(1, options.number("ratio") ?? 1)
  }

  /// A class that has fewer keeps what it has.
  public func counts(of available: [Int]) -> [Int] {
    let largest = Double(available.max() ?? 0)
    let last = Double(max(1, available.count - 1))
    return available.enumerated().map { index, count in
      min(count, max(1, Int(largest * pow(1 / ratio, Double(index) / last))))
    }
  }
}
