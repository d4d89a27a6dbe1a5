extension StringProtocol {
  /// The first place where `part` stands.
  func firstRange(of part: String) -> Range<Index>? { ranges(of: part).first }

  /// The last place where `part` stands.
  func lastRange(of part: String) -> Range<Index>? { ranges(of: part).last }

  /// What stands before the first `part`.
  func before(_ part: String) -> String? { firstRange(of: part).map { String(self[..<$0.lowerBound]) } }

  /// What stands after the first `part`.
  func after(_ part: String) -> String? { firstRange(of: part).map { String(self[$0.upperBound...]) } }

  /// Without `prefix`, where it begins with that.
  func dropping(_ prefix: String) -> String { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : String(self) }

  /// What stands between the places of `separator`.
  func parts(by separator: String) -> [String] {
    var (parts, start): ([String], Index) = ([], startIndex)
    for range in ranges(of: separator) where range.lowerBound >= start {
      parts.append(String(self[start..<range.lowerBound]))
      start = range.upperBound
    }
    return parts + [String(self[start...])]
  }

  /// Up to the first space.
  var firstWord: String { String(prefix { $0 != " " }) }

  /// Without spaces around it.
  var trimmed: String { String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}
