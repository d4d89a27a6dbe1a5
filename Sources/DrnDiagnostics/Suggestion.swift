/// Finds the name an author most likely meant.
public enum Suggestion {
  /// The candidate nearest to `name`, or `nil` when none is near enough to be worth naming.
  ///
  /// Distance is Damerau-Levenshtein in its restricted form (optimal string alignment) over characters. A candidate is near enough when
  /// at most a third of the longer word differs, and always at least one character is shared. The first of equals wins.
  public static func nearest(to name: String, in candidates: [String]) -> String? {
    let word = Array(name.lowercased())
    var best: (candidate: String, distance: Int)?
    for candidate in candidates where candidate != name {
      let other = Array(candidate.lowercased())
      let limit = max(word.count, other.count) / 3
      guard abs(word.count - other.count) <= limit else { continue }
      let distance = editDistance(word, other)
      if distance <= limit, distance < best?.distance ?? Int.max { best = (candidate, distance) }
    }
    return best?.candidate
  }

  /// The number of insertions, deletions, replacements and swaps of neighbours that turn one word into the other.
  static func editDistance(_ left: [Character], _ right: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in 0..<left.count {
      var current = [row + 1]
      for column in 0..<right.count {
        let replaced = last[column] + (left[row] == right[column] ? 0 : 1)
        var distance = min(replaced, last[column + 1] + 1, current[column] + 1)
        let swapped = row > 0 && column > 0 && left[row] == right[column - 1] && left[row - 1] == right[column]
        if swapped { distance = min(distance, beforeLast[column - 1] + 1) }
        current.append(distance)
      }
      beforeLast = last
      last = current
    }
    return last[right.count]
  }
}
