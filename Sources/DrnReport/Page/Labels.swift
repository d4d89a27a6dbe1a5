/// Short names of runs: what their names share says nothing about one beside the others.
enum Labels {
  /// The names without the parts that all have in one place, or where they have not equally many, that all begin and end with; parts are what
  /// `-`, `_`, `/` and spaces separate. As they are where that leaves nothing or makes two alike.
  static func short(_ names: [String]) -> [String] {
    guard names.count > 1 else { return names }
    let parts = names.map(parts)
    let least = parts.map(\.count).min() ?? 0
    var (head, tail) = (0, 0)
    while head < least, Set(parts.map { $0[head] }).count == 1 { head += 1 }
    while tail < least - head, Set(parts.map { $0[$0.count - 1 - tail] }).count == 1 { tail += 1 }
    let differing = (0..<least).filter { place in Set(parts.map { $0[place] }).count > 1 }
    let isAligned = parts.allSatisfy { $0.count == least }
    let kept = parts.map { parts in isAligned ? differing.map { parts[$0] } : Array(parts[head..<parts.count - tail]) }
    let short = kept.map { String($0.joined().drop(while: isSeparator).reversed().drop(while: isSeparator).reversed()) }
    return short.contains("") || Set(short).count < names.count ? names : short
  }

  private static func isSeparator(_ character: Character) -> Bool { "-_/ ".contains(character) }

  /// Each separator begins a part.
  private static func parts(_ name: String) -> [String] {
    var parts = [""]
    for character in name {
      if isSeparator(character) { parts.append("") }
      parts[parts.count - 1].append(character)
    }
    return parts
  }
}
