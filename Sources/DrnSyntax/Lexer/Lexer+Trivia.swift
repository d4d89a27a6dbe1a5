import DrnDiagnostics

extension Lexer {
  /// Skips white space and comments.
  mutating func skipTrivia() {
    while let byte = byte(at: offset) {
      if byte.isSpace {
        offset += 1
      } else if startsComment(at: offset) {
        skipLine()
      } else if startsBlockComment(at: offset) {
        skipBlockComment()
      } else {
        return
      }
    }
  }

  func startsComment(at position: Int) -> Bool {
    byte(at: position) == UInt8(ascii: "/") && byte(at: position + 1) == UInt8(ascii: "/")
  }

  func startsBlockComment(at position: Int) -> Bool {
    byte(at: position) == UInt8(ascii: "/") && byte(at: position + 1) == UInt8(ascii: "*")
  }

  private mutating func skipLine() {
    while let byte = byte(at: offset), !byte.isLineBreak { offset += 1 }
  }

  /// Reads `/* ... */`, which other languages have, as a comment so that its words raise no further diagnostics.
  private mutating func skipBlockComment() {
    let start = offset
    offset += 2
    while offset < bytes.count, !endsBlockComment(at: offset) { offset += 1 }
    offset = min(offset + 2, bytes.count)
    note(
      Diagnostic(
        .blockComment, "a comment is written with `//`, not with `/*`", at: span(start, start + 2), label: "this comment",
        help: "begin each line of the comment with `//`"))
  }

  private func endsBlockComment(at position: Int) -> Bool {
    byte(at: position) == UInt8(ascii: "*") && byte(at: position + 1) == UInt8(ascii: "/")
  }
}
