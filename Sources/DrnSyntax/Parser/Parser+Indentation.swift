import DrnSource

/// Reading the author's indentation, to say which brace was forgotten. It never decides what is accepted.
extension Parser {
  /// The first `{` after `opener` whose closing brace begins a line further left than the line of the `{`: most likely that closing
  /// brace was meant for an outer one.
  func misalignedBrace(after opener: Token) -> Token? {
    var index = firstIndex(from: opener.span.end)
    while index < position {
      let partner = partners[index]
      let isBrace = tokens[index].kind == .punctuation(.openBrace)
      if isBrace, partner > index, isFirstOnLine(partner), indentation(of: partner) < indentation(of: index) { return tokens[index] }
      index += 1
    }
    return nil
  }

  /// The first token after `opener` that begins a line no further right than the line of the `{`, where the lines in between are further
  /// right: before it, the closing brace was forgotten.
  func outdented(after opener: Token) -> Token? {
    let start = firstIndex(from: opener.span.start)
    let margin = indentation(of: start)
    let lines = (start + 1..<max(start + 1, position)).lazy.filter { isFirstOnLine($0) }
    guard let first = lines.first, indentation(of: first) > margin, let place = lines.first(where: { indentation(of: $0) <= margin })
    else { return nil }
    return tokens[place]
  }

  /// The index of the first token at or after a byte offset.
  func firstIndex(from offset: Int) -> Int {
    var low = 0
    var high = tokens.count - 1
    while low < high {
      let middle = (low + high) / 2
      if tokens[middle].span.start < offset { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The number of bytes before the first visible one on the line of a token.
  func indentation(of index: Int) -> Int {
    let start = bytes[..<tokens[index].span.start].lastIndex { $0.isLineBreak }.map { $0 + 1 } ?? 0
    let text = bytes[start...].firstIndex { !$0.isSpace } ?? start
    return text - start
  }
}
