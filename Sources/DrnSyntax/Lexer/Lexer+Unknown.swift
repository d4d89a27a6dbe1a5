import DrnDiagnostics

extension Lexer {
  /// The longest operator or bracket at a position.
  func punctuation(at position: Int) -> Punctuation? {
    guard let first = byte(at: position) else { return nil }
    switch (first, byte(at: position + 1)) {
    case (UInt8(ascii: "-"), UInt8(ascii: ">")): return .arrow
    case (UInt8(ascii: "|"), UInt8(ascii: ">")): return .pipe
    case (UInt8(ascii: "="), UInt8(ascii: "=")): return .equal
    case (UInt8(ascii: "!"), UInt8(ascii: "=")): return .notEqual
    case (UInt8(ascii: "<"), UInt8(ascii: "=")): return .lessOrEqual
    case (UInt8(ascii: ">"), UInt8(ascii: "=")): return .greaterOrEqual
    default: return Self.singles[first]
    }
  }

  private static let singles: [UInt8: Punctuation] = Dictionary(
    uniqueKeysWithValues: Punctuation.allCases.compactMap { punctuation in
      let text = Array(punctuation.rawValue.utf8)
      return text.count == 1 ? (text[0], punctuation) : nil
    })

  /// A run of bytes that start no token, reported once.
  mutating func scanUnknown() -> Token.Kind {
    let start = offset
    if bytes[start] == UInt8(ascii: "#") { return scanHashComment() }
    repeat { offset += 1 } while offset < bytes.count && !startsToken(at: offset)
    reportUnknown(start)
    return .unknown
  }

  /// `# remark`: one unknown token to the end of the line, so that the remark's words raise no further diagnostics.
  private mutating func scanHashComment() -> Token.Kind {
    let start = offset
    while let byte = byte(at: offset), !byte.isLineBreak { offset += 1 }
    let mark = span(start, start + 1)
    let fixIt = FixIt("write `//`", edits: [.init(mark, "//")], confidence: .safe)
    note(
      Diagnostic(
        .unknownCharacter, "no token starts with `#`", at: mark, label: "a comment begins with `//`", fixIts: [fixIt]))
    return .unknown
  }

  /// Whether the bytes are text of another encoding, or no text: they begin with a byte order mark of UTF-16, or zeros stand among the first.
  var isForeign: Bool { isUTF16 || bytes.prefix(1024).count { $0 == 0 } * 16 > min(bytes.count, 1024) }
  private var isUTF16: Bool {
    (bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])) && bytes.prefix(1024).contains(0)
  }

  /// All of such bytes as one token, reported once.
  mutating func scanForeign() -> Token {
    offset = bytes.count
    let zeros = bytes.prefix(1024).enumerated().filter { $1 == 0 }.map(\.offset)
    // Letters of European languages have a zero in every other byte, before or after.
    let isAlternating = zeros.count * 3 > min(bytes.count, 1024) && (zeros.allSatisfy { $0 % 2 == 0 } || zeros.allSatisfy { $0 % 2 == 1 })
    let looksWide = isUTF16 || isAlternating
    note(
      Diagnostic(
        .unknownCharacter, looksWide ? "this is UTF-16 text, and drnc reads UTF-8" : "this is no text: zero bytes stand in it",
        at: span(0, min(2, bytes.count)), label: "the first bytes",
        help: looksWide ? "save the file as UTF-8; `iconv -f UTF-16 -t UTF-8` converts it" : nil))
    return Token(kind: .unknown, span: span(0, bytes.count), trivia: span(0, 0))
  }

  private func startsToken(at position: Int) -> Bool {
    guard let byte = byte(at: position) else { return true }
    return byte.isSpace || byte.isWord || byte == UInt8(ascii: "*") || byte == UInt8(ascii: "\"") || punctuation(at: position) != nil
  }

  private mutating func reportUnknown(_ start: Int) {
    let run = bytes[start..<offset]
    let range = span(start, offset)
    guard String(validating: run, as: UTF8.self) != nil else {
      let value = String(bytes[start], radix: 16, uppercase: true)
      note(Diagnostic(.unknownCharacter, "the bytes from 0x\(value) on are not UTF-8 text", at: range))
      return
    }
    let written = text(start, offset)
    let hint = Self.hints[written]
    let fixIts = hint?.replacement.map { [FixIt("write `\($0)`", edits: [.init(range, $0)], confidence: .safe)] } ?? []
    note(
      Diagnostic(
        .unknownCharacter, "no token starts with \(Self.describe(written))", at: range, help: hint?.advice, fixIts: fixIts))
  }

  /// The characters as they look, or their numbers when they do not show.
  private static func describe(_ text: String) -> String {
    if text.unicodeScalars.allSatisfy(isVisible) { return "`\(text)`" }
    return text.unicodeScalars.map { scalar in
      let digits = String(scalar.value, radix: 16, uppercase: true)
      return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }.joined(separator: " ")
  }

  private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value > 0x20 && scalar.value != 0x7F && !scalar.properties.isWhitespace && !scalar.properties.isDefaultIgnorableCodePoint
  }

  /// What authors coming from other languages mean by some characters.
  private static let hints: [String: (advice: String, replacement: String?)] = [
    ";": ("entries and statements need no separator", ""),
    "%": ("a percent sign follows its number directly, as in `10%`; the remainder is written `mod`", nil),
    "&&": ("both conditions are joined with `and`", " and "),
    "||": ("either condition is joined with `or`", " or "),
    "!": ("a condition is negated with `not`", "not "),
    "'": ("a string is written between double quotes", nil),
    "|": ("a pipeline is written with `|>`", nil),
  ]
}
