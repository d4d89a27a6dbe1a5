extension TextLexer {
  /// Reads a quoted string; the offset is on its first quote.
  mutating func string(_ position: TextPosition) throws(IRTextError) -> String {
    advance()
    var content: [UInt8] = []
    while let byte = current, byte != UInt8(ascii: "\n") {
      advance()
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: content, as: UTF8.self)
      case UInt8(ascii: "\\"): content += try escape(position)
      default: content.append(byte)
      }
    }
    throw error("this string has no closing quote", at: position)
  }

  private mutating func escape(_ position: TextPosition) throws(IRTextError) -> [UInt8] {
    guard let byte = current else { throw error("this string has no closing quote", at: position) }
    advance()
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): return [byte]
    case UInt8(ascii: "n"): return [UInt8(ascii: "\n")]
    case UInt8(ascii: "t"): return [UInt8(ascii: "\t")]
    case UInt8(ascii: "u"): return try scalar(position)
    default: throw error("a string knows the escapes \\\", \\\\, \\n, \\t and \\u{...}", at: position)
    }
  }

  private mutating func scalar(_ position: TextPosition) throws(IRTextError) -> [UInt8] {
    guard current == UInt8(ascii: "{") else { throw error("\\u is followed by {...}", at: position) }
    advance()
    var digits = ""
    while let byte = current, byte != UInt8(ascii: "}"), digits.utf8.count < 8 {
      digits += String(decoding: [byte], as: UTF8.self)
      advance()
    }
    guard current == UInt8(ascii: "}"), let code = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(code) else {
      throw error("\\u{...} holds the hexadecimal number of a Unicode scalar", at: position)
    }
    advance()
    return Array(String(Character(scalar)).utf8)
  }
}
