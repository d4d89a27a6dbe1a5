import DrnDiagnostics

private let quote = UInt8(ascii: "\"")
private let backslash = UInt8(ascii: "\\")

extension Lexer {
  /// `"..."` on one line, with the escapes `\"`, `\\`, `\n` and `\t`.
  mutating func scanString() -> Token.Kind {
    let start = offset
    offset += 1
    while let byte = byte(at: offset), !byte.isLineBreak {
      if byte == quote {
        offset += 1
        return .string
      }
      if byte == backslash { checkEscape() }
      offset += 1
    }
    if offset > start + 1, bytes[offset - 1] == UInt8(ascii: "\r") { offset -= 1 }
    reportUnterminated(start)
    return .string
  }

  /// Looks at the character after a backslash and steps onto it unless the line ends there.
  private mutating func checkEscape() {
    guard let next = byte(at: offset + 1), !next.isLineBreak, next != UInt8(ascii: "\r") else { return }
    if escapedByte(next) == nil { reportEscape() }
    offset += 1
  }

  private mutating func reportEscape() {
    var end = offset + 2
    while let byte = byte(at: end), byte & 0xC0 == 0x80 { end += 1 }
    let written = text(offset, end)
    let double = FixIt(
      "write a backslash as `\\\\`", edits: [.init(span(offset, offset), "\\")], confidence: .unsafe)
    note(
      Diagnostic(
        .unknownEscape, "`\\` is followed by `\(written.dropFirst())` in a string, expected `\\`, `\"`, `n` or `t`",
        at: span(offset, end), label: "this escape", fixIts: [double]))
  }

  private mutating func reportUnterminated(_ start: Int) {
    let close = FixIt("end the string here", edits: [.init(span(offset, offset), "\"")], confidence: .unsafe)
    note(
      Diagnostic(
        .unterminatedString, "a string has no closing `\"` on its line", at: span(start, offset), label: "the string begins here",
        fixIts: [close]))
  }
}

/// The byte that an escape letter stands for, or `nil` when it has no meaning.
func escapedByte(_ letter: UInt8) -> UInt8? {
  switch letter {
  case quote, backslash: letter
  case UInt8(ascii: "n"): 0x0A
  case UInt8(ascii: "t"): 0x09
  default: nil
  }
}

/// The value of a string token's text, quotes included; malformed UTF-8 is repaired and a letter with no escape stands for itself.
func unescape(_ literal: ArraySlice<UInt8>) -> String {
  var value: [UInt8] = []
  var rest = literal.dropFirst()
  while let byte = rest.popFirst(), byte != quote {
    guard byte == backslash, let letter = rest.popFirst() else {
      value.append(byte)
      continue
    }
    value.append(escapedByte(letter) ?? letter)
  }
  return String(decoding: value, as: UTF8.self)
}
