/// The comments and line breaks between two tokens.
struct Trivia {
  struct Comment {
    /// From the `//` to the last visible character.
    let text: ArraySlice<UInt8>
    /// Whether a blank line stands before it.
    let followsBlank: Bool
  }

  /// A comment on the line of the token before.
  private(set) var trailing: ArraySlice<UInt8>?
  /// Comments on lines of their own.
  private(set) var comments: [Comment] = []
  /// Whether the token after stands on a new line.
  private(set) var hasBreak = false
  /// Whether a blank line stands directly before the token after.
  private(set) var endsWithBlank = false

  /// Reads the bytes between two tokens; `isFirst` tells that no token comes before.
  init(_ bytes: ArraySlice<UInt8>, isFirst: Bool) {
    var breaks = isFirst ? 1 : 0
    var rest = bytes
    while let byte = rest.first {
      if byte == UInt8(ascii: "/") {
        let end = rest.firstIndex { $0.isLineBreak } ?? rest.endIndex
        add(Self.trimmed(rest[rest.startIndex..<end]), breaks)
        breaks = 0
        rest = rest[end...]
      } else {
        if byte.isLineBreak { breaks += 1 }
        rest = rest.dropFirst()
      }
    }
    hasBreak = breaks > 0 || !comments.isEmpty || trailing != nil
    endsWithBlank = breaks > 1 && !(isFirst && comments.isEmpty)
  }

  private mutating func add(_ comment: ArraySlice<UInt8>, _ breaks: Int) {
    if breaks == 0 {
      trailing = comment
    } else {
      comments.append(Comment(text: comment, followsBlank: breaks > 1))
    }
  }

  private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var text = text
    while let last = text.last, last.isSpace { text = text.dropLast() }
    return text
  }
}
