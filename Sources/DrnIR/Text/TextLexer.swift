/// A lexical element of the text form.
enum TextToken: Equatable {
  /// A keyword, opcode, attribute or symbol name.
  case word(String)
  /// `%name`, with the place among values of that name after `#`.
  case value(name: String, use: Int)
  /// `%4`.
  case numberedValue(Int)
  /// `@name`.
  case function(String)
  case integer(Int)
  case number(Double)
  case string(String)
  /// One of `{ } ( ) [ ] < > , : = * + - -> ...`.
  case mark(String)
  case end

  /// How messages call the token.
  var description: String {
    switch self {
    case .word(let word): "'\(word)'"
    case .value(let name, let use): "'%\(TextNames.bareOrQuoted(name))\(use == 0 ? "" : "#\(use)")'"
    case .numberedValue(let number): "'%\(number)'"
    case .function(let name): "'@\(TextNames.bareOrQuoted(name))'"
    case .integer(let integer): "'\(integer)'"
    case .number(let number): "'\(number)'"
    case .string(let string): TextNames.quoted(string)
    case .mark(let mark): "'\(mark)'"
    case .end: "the end of the text"
    }
  }
}

/// A byte offset in the text that is read.
struct TextPosition: Equatable {
  let offset: Int
}

/// Cuts the text form into tokens; `//` starts a comment.
struct TextLexer {
  let bytes: [UInt8]
  private(set) var offset = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  /// The error at a byte offset, with line and column counted from the start of the text.
  func error(_ message: String, at position: TextPosition) -> IRTextError {
    var line = 1
    var column = 1
    for byte in bytes.prefix(position.offset) {
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    return IRTextError(line: line, column: column, message: message)
  }

  /// The byte the lexer stands on; `nil` at the end.
  var current: UInt8? { peek() }
  mutating func advance() { offset += 1 }

  private func peek(_ distance: Int = 0) -> UInt8? { offset + distance < bytes.count ? bytes[offset + distance] : nil }

  private mutating func skipBlanks() {
    while let byte = peek() {
      if byte == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "/") {
        while let next = peek(), next != UInt8(ascii: "\n") { offset += 1 }
      } else if [UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\t"), UInt8(ascii: "\r")].contains(byte) {
        offset += 1
      } else {
        return
      }
    }
  }

  /// The next token and where it starts.
  mutating func next() throws(IRTextError) -> (token: TextToken, position: TextPosition) {
    skipBlanks()
    let position = TextPosition(offset: offset)
    guard let byte = peek() else { return (.end, position) }
    if TextNames.startsName(byte) { return (.word(take { TextNames.startsName($0) || TextNames.isDigit($0) }), position) }
    if TextNames.isDigit(byte) { return (try number(position), position) }
    switch byte {
    case UInt8(ascii: "%"): return (try value(position), position)
    case UInt8(ascii: "@"):
      offset += 1
      return (.function(try name(position)), position)
    case UInt8(ascii: "\""): return (.string(try string(position)), position)
    default: return (.mark(try mark(position)), position)
    }
  }

  private mutating func take(while condition: (UInt8) -> Bool) -> String {
    let start = offset
    while let byte = peek(), condition(byte) { offset += 1 }
    return String(decoding: bytes[start..<offset], as: UTF8.self)
  }

  private mutating func mark(_ position: TextPosition) throws(IRTextError) -> String {
    for mark in ["->", "...", "{", "}", "(", ")", "[", "]", "<", ">", ",", ":", "=", "*", "+", "-"]
    where bytes[offset...].starts(with: mark.utf8) {
      offset += mark.utf8.count
      return mark
    }
    throw error("this character starts nothing here", at: position)
  }

  private mutating func name(_ position: TextPosition) throws(IRTextError) -> String {
    guard let byte = peek() else { throw error("a name is missing", at: position) }
    if byte == UInt8(ascii: "\"") { return try string(position) }
    guard TextNames.startsName(byte) else { throw error("a name is missing", at: position) }
    return take(while: TextNames.continuesName)
  }

  private mutating func value(_ position: TextPosition) throws(IRTextError) -> TextToken {
    offset += 1
    if let byte = peek(), TextNames.isDigit(byte) {
      guard let number = Int(take(while: TextNames.isDigit)) else { throw error("the number of this value is too large", at: position) }
      return .numberedValue(number)
    }
    let name = try name(position)
    guard peek() == UInt8(ascii: "#") else { return .value(name: name, use: 0) }
    offset += 1
    guard let use = Int(take(while: TextNames.isDigit)), use > 0 else { throw error("'#' is followed by a number from 1", at: position) }
    return .value(name: name, use: use)
  }

  private mutating func number(_ position: TextPosition) throws(IRTextError) -> TextToken {
    var digits = take(while: TextNames.isDigit)
    var isInteger = true
    if peek() == UInt8(ascii: "."), let next = peek(1), TextNames.isDigit(next) {
      offset += 1
      digits += "." + take(while: TextNames.isDigit)
      isInteger = false
    }
    if let exponent = takeExponent() {
      digits += exponent
      isInteger = false
    }
    if isInteger, let integer = Int(digits) { return .integer(integer) }
    // The one magnitude that only exists with a minus sign; the reader negates it back.
    if isInteger, digits == "\(Int.min.magnitude)" { return .integer(Int.min) }
    guard !isInteger, let number = Double(digits) else { throw error("the number \(digits.prefix(24)) is too large", at: position) }
    return .number(number)
  }

  private mutating func takeExponent() -> String? {
    guard peek() == UInt8(ascii: "e") else { return nil }
    let signed = peek(1) == UInt8(ascii: "-") || peek(1) == UInt8(ascii: "+")
    guard let digit = peek(signed ? 2 : 1), TextNames.isDigit(digit) else { return nil }
    let sign = peek(1) == UInt8(ascii: "-") ? "-" : ""
    offset += signed ? 2 : 1
    return "e" + sign + take(while: TextNames.isDigit)
  }
}
