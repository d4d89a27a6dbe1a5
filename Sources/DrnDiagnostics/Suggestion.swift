/// Finds the name an author most likely meant.
public enum Suggestion {
  /// Longer names are not compared: their distance takes time in the product of their lengths.
  private static let longestName = 256

  /// The candidate nearest to `name`, or `nil` when none is near enough to be worth naming.
  ///
  /// Distance is Damerau-Levenshtein in its restricted form (optimal string alignment) over UTF-8 code units, without regard to case. A
  /// candidate is near enough when at most a third of the longer word differs, and always at least one character is shared. The first of
  /// equals wins.
  public static func nearest(to name: String, in candidates: [String]) -> String? {
    let word = Array(name.lowercased().utf8)
    guard word.count <= longestName else { return nil }
    var best: (candidate: String, distance: Int)?
    for candidate in candidates where candidate != name {
      // Changing case may change the length of a word, but never to more than three times or less than a third of it.
      let length = candidate.utf8.count
      guard length <= longestName, length <= word.count * 5, word.count <= length * 5 else { continue }
      let other = Array(candidate.lowercased().utf8)
      let limit = min(max(word.count, other.count) / 3, (best?.distance ?? Int.max) - 1)
      guard abs(word.count - other.count) <= limit, let distance = editDistance(word, other, atMost: limit) else { continue }
      best = (candidate, distance)
    }
    return best?.candidate
  }

  /// The number of insertions, deletions, replacements and swaps of neighbours that turn one word into the other; `nil` where it is above
  /// the limit.
  static func editDistance(_ left: [UInt8], _ right: [UInt8], atMost limit: Int) -> Int? {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in 0..<left.count {
      var current = [row + 1]
      current.reserveCapacity(right.count + 1)
      for column in 0..<right.count {
        let replaced = last[column] + (left[row] == right[column] ? 0 : 1)
        var distance = min(replaced, last[column + 1] + 1, current[column] + 1)
        let swapped = row > 0 && column > 0 && left[row] == right[column - 1] && left[row - 1] == right[column]
        if swapped { distance = min(distance, beforeLast[column - 1] + 1) }
        current.append(distance)
      }
      // A swap reaches back two rows: with both above the limit no later one comes back below it.
      if current.min() ?? 0 > limit, last.min() ?? 0 > limit { return nil }
      beforeLast = last
      last = current
    }
    return last[right.count] <= limit ? last[right.count] : nil
  }
}
