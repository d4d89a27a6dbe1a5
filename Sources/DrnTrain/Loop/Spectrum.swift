import Foundation

/// What is said of a matrix by its singular values.
public struct Spectrum: Sendable, Hashable {
  /// Descending, not negative.
  public let singularValues: [Double]
  /// Takes the values in any order; a negative one counts as zero.
  public init(_ values: [Float]) { singularValues = values.map { max(0, Double($0)) }.sorted(by: >) }

  /// The entropy form, exp(-sum p ln p) with p = s / sum s (Roy and Vetterli, "The effective rank", EUSIPCO 2007); 0 for a zero matrix.
  /// That arXiv 2508.08625 measures the same quantity is not known.
  public var effectiveRank: Double {
    let total = singularValues.reduce(0, +)
    guard total > 0 else { return 0 }
    return exp(
      singularValues.reduce(0) { sum, value in
        let share = value / total
        return share > 0 ? sum - share * log(share) : sum
      })
  }

  /// The squared Frobenius norm over the squared largest singular value; 0 for a zero matrix.
  public var stableRank: Double {
    guard let largest = singularValues.first, largest > 0 else { return 0 }
    return singularValues.reduce(0) { $0 + ($1 / largest) * ($1 / largest) }
  }

  /// The fields of a report: raw, and relative to the most the shape allows.
  func fields(_ measurement: String, most count: Int) -> [LogRecord.Field] {
    let most = Double(max(1, count))
    switch measurement {
    case "effective_rank":
      return [.init("effective_rank", .number(effectiveRank)), .init("effective_rank_relative", .number(effectiveRank / most))]
    case "stable_rank": return [.init("stable_rank", .number(stableRank)), .init("stable_rank_relative", .number(stableRank / most))]
    case _: return [.init(measurement, .numbers(singularValues))]
    }
  }
}
