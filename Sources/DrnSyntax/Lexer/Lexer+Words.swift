private let star = UInt8(ascii: "*")

extension Lexer {
  private static let keywords = Dictionary(uniqueKeysWithValues: Keyword.allCases.map { ($0.rawValue, $0) })
  private static let longestKeyword = Keyword.allCases.map(\.rawValue.utf8.count).max() ?? 0

  /// An identifier, a keyword, a pattern, or a lone `*`.
  mutating func scanWord() -> Token.Kind {
    let start = offset
    if start >= starFreeUntil {
      let (end, hasStar) = patternExtent(from: start)
      if hasStar {
        offset = end
        return end == start + 1 ? .punctuation(.star) : .pattern
      }
      starFreeUntil = end
    }
    while let byte = byte(at: offset), byte.isWord { offset += 1 }
    guard offset - start <= Self.longestKeyword, let keyword = Self.keywords[text(start, offset)] else { return .identifier }
    return .keyword(keyword)
  }

  /// How far the characters of a pattern reach: words, `*`, a `.` before either, and `[3]` or `[*]`.
  private func patternExtent(from start: Int) -> (end: Int, hasStar: Bool) {
    var end = start
    var hasStar = false
    while let byte = byte(at: end) {
      if byte == star {
        hasStar = true
        end += 1
      } else if byte.isWord {
        end += 1
      } else if byte == UInt8(ascii: "."), let next = self.byte(at: end + 1), next.isWordStart || next == star {
        end += 1
      } else if byte == UInt8(ascii: "["), let close = bracketEnd(from: end) {
        hasStar = hasStar || self.byte(at: end + 1) == star
        end = close
      } else {
        break
      }
    }
    return (end, hasStar)
  }

  /// The offset after `[3]` or `[*]`, or `nil` when something else follows the bracket.
  private func bracketEnd(from open: Int) -> Int? {
    var end = open + 1
    if byte(at: end) == star {
      end += 1
    } else {
      while let byte = byte(at: end), byte.isDigit { end += 1 }
    }
    return end > open + 1 && byte(at: end) == UInt8(ascii: "]") ? end + 1 : nil
  }
}
