import DrnDiagnostics

extension Lexer {
  /// The most characters a number may have; far beyond any number a program needs.
  static let longestNumber = 400

  /// `128`, `1_000`, `0.1`, `1e-4`, `10%`.
  mutating func scanNumber() -> Token.Kind {
    let start = offset
    skipDigits()
    let isDecimal = skipFraction()
    let hasExponent = skipExponent()
    if offset - start > Self.longestNumber { reportLongNumber(start) }
    if byte(at: offset) == UInt8(ascii: "%") {
      offset += 1
      return .percent
    }
    return isDecimal || hasExponent ? .decimal : .integer
  }

  private mutating func skipDigits() {
    while let byte = byte(at: offset), byte.isDigit || byte == UInt8(ascii: "_") { offset += 1 }
  }

  private mutating func skipFraction() -> Bool {
    guard byte(at: offset) == UInt8(ascii: "."), let digit = byte(at: offset + 1), digit.isDigit else { return false }
    offset += 1
    skipDigits()
    return true
  }

  private mutating func skipExponent() -> Bool {
    guard let letter = byte(at: offset), letter | 0x20 == UInt8(ascii: "e") else { return false }
    var digits = offset + 1
    if let sign = byte(at: digits), sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { digits += 1 }
    guard let digit = byte(at: digits), digit.isDigit else { return false }
    offset = digits
    skipDigits()
    return true
  }

  private mutating func reportLongNumber(_ start: Int) {
    note(
      Diagnostic(
        .numberTooLong, "a number has \(offset - start) characters, and drnc reads at most \(Self.longestNumber)",
        at: span(start, offset), label: "this number", help: "write it with an exponent, as in `1e30`"))
  }
}
