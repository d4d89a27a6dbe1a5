/// The classes of bytes the lexer tells apart.
extension UInt8 {
  var isDigit: Bool { self >= 0x30 && self <= 0x39 }
  var isLetter: Bool { (self | 0x20) >= 0x61 && (self | 0x20) <= 0x7A }
  /// Begins an identifier.
  var isWordStart: Bool { isLetter || self == UInt8(ascii: "_") }
  /// Continues an identifier.
  var isWord: Bool { isWordStart || isDigit }
  var isSpace: Bool { self == 0x20 || self == 0x0A || self == 0x09 || self == 0x0D }
  var isLineBreak: Bool { self == 0x0A }
}
