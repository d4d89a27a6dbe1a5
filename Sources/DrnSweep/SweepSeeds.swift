/// The seeds that every setting of a sweep is run with.
public enum SweepSeeds {
  /// Reads `3`, so many seeds from `first` on, or `1,5,9`, those; `7,` is the seed 7 alone. Without a text there is one, `first`.
  public static func read(_ text: String?, first: UInt64) throws(SweepFault) -> [UInt64] {
    guard let text else { return [first] }
    let help = "write how many, as --seeds 3, or which, as --seeds 1,5,9"
    var parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let isList = parts.count > 1
    if isList, parts.last == "" { parts.removeLast() }
    let numbers = parts.compactMap { part in part.allSatisfy { $0.isASCII && $0.isNumber } ? UInt64(part) : nil }
    guard numbers.count == parts.count, !numbers.isEmpty else { throw SweepFault("--seeds takes numbers, not `\(text)`", help: help) }
    guard numbers.count <= SweepGrid.mostRuns else { throw SweepFault("--seeds has more than \(SweepGrid.mostRuns) numbers", help: help) }
    if isList {
      guard Set(numbers).count == numbers.count else { throw SweepFault("--seeds has a seed twice: `\(text)`", help: help) }
      return numbers
    }
    guard (1...UInt64(SweepGrid.mostRuns)).contains(numbers[0]) else {
      throw SweepFault(
        "--seeds takes at most \(SweepGrid.mostRuns) seeds and at least one, not \(text)",
        help: "a single seed is written with a comma: --seeds \(text),")
    }
    guard !first.addingReportingOverflow(numbers[0] - 1).overflow else {
      throw SweepFault("there are not \(numbers[0]) seeds from \(first) on", help: help)
    }
    return (0..<numbers[0]).map { first + $0 }
  }
}
