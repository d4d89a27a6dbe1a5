/// Why bytes are not JSON, and where.
public struct JSONError: Error, Hashable, Sendable {
  /// The reason, the beginning of a sentence.
  public let message: String
  /// The byte where reading stopped, from 0.
  public let offset: Int
  public init(message: String, offset: Int) {
    self.message = message
    self.offset = offset
  }
}

extension JSON {
  /// What becomes of an escape that is half of a surrogate pair, which no UTF-8 text can hold.
  public enum LoneSurrogates: Hashable, Sendable {
    /// U+FFFD, which takes as many UTF-16 units.
    case replaced
    case refused
  }

  /// Reads one JSON value (RFC 8259) that fills all the bytes but white space around it.
  ///
  /// Strict: no comments, no trailing commas, no bare words; bytes must be UTF-8. Values may nest `maximumDepth` deep.
  public init(reading bytes: [UInt8], surrogates: LoneSurrogates = .replaced, maximumDepth: Int = 200) throws(JSONError) {
    var reader = JSONReader(bytes: bytes, surrogates: surrogates, maximumDepth: maximumDepth)
    self = try reader.readDocument()
  }
}

private struct JSONReader {
  let bytes: [UInt8]
  let surrogates: JSON.LoneSurrogates
  let maximumDepth: Int
  var offset = 0
  var depth = 0

  init(bytes: [UInt8], surrogates: JSON.LoneSurrogates, maximumDepth: Int) {
    self.bytes = bytes
    self.surrogates = surrogates
    self.maximumDepth = maximumDepth
  }

  mutating func readDocument() throws(JSONError) -> JSON {
    let value = try readValue()
    skipSpace()
    guard offset == bytes.count else { throw fault("something follows the value") }
    return value
  }

  private func fault(_ message: String) -> JSONError { JSONError(message: message, offset: offset) }
  private var byte: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private mutating func skipSpace() {
    while let byte, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { offset += 1 }
  }

  private mutating func readValue() throws(JSONError) -> JSON {
    skipSpace()
    switch byte {
    case UInt8(ascii: "{"): return try nested { reader throws(JSONError) in try reader.readObject() }
    case UInt8(ascii: "["): return try nested { reader throws(JSONError) in try reader.readArray() }
    case UInt8(ascii: "\""): return .string(try readString())
    case UInt8(ascii: "t"): return try readWord("true", .boolean(true))
    case UInt8(ascii: "f"): return try readWord("false", .boolean(false))
    case UInt8(ascii: "n"): return try readWord("null", .null)
    case .some(UInt8(ascii: "-")), .some(UInt8(ascii: "0")...UInt8(ascii: "9")): return try readNumber()
    case .some: throw fault("no value begins here")
    case nil: throw fault("a value is missing")
    }
  }

  private mutating func nested(_ read: (inout JSONReader) throws(JSONError) -> JSON) throws(JSONError) -> JSON {
    guard depth < maximumDepth else { throw fault("values are nested more than \(maximumDepth) deep") }
    depth += 1
    offset += 1
    let value = try read(&self)
    depth -= 1
    return value
  }

  private mutating func skip(_ wanted: UInt8) -> Bool {
    skipSpace()
    guard byte == wanted else { return false }
    offset += 1
    return true
  }

  private mutating func readArray() throws(JSONError) -> JSON {
    var items: [JSON] = []
    if skip(UInt8(ascii: "]")) { return .array(items) }
    while true {
      items.append(try readValue())
      if skip(UInt8(ascii: "]")) { return .array(items) }
      guard skip(UInt8(ascii: ",")) else { throw fault("expected `,` or `]`") }
    }
  }

  private mutating func readObject() throws(JSONError) -> JSON {
    var members: [JSON.Member] = []
    if skip(UInt8(ascii: "}")) { return .object(members) }
    while true {
      skipSpace()
      guard byte == UInt8(ascii: "\"") else { throw fault("expected a name") }
      let name = try readString()
      guard skip(UInt8(ascii: ":")) else { throw fault("expected `:`") }
      members.append(JSON.Member(name, try readValue()))
      if skip(UInt8(ascii: "}")) { return .object(members) }
      guard skip(UInt8(ascii: ",")) else { throw fault("expected `,` or `}`") }
    }
  }

  private mutating func readWord(_ word: StaticString, _ value: JSON) throws(JSONError) -> JSON {
    let text = word.withUTF8Buffer { Array($0) }
    guard bytes[offset...].starts(with: text) else { throw fault("no value begins here") }
    offset += text.count
    return value
  }

  // MARK: Numbers

  private mutating func readNumber() throws(JSONError) -> JSON {
    let start = offset
    var isWhole = true
    if byte == UInt8(ascii: "-") { offset += 1 }
    let hasLeadingZero = byte == UInt8(ascii: "0")
    let digits = try skipDigits()
    if hasLeadingZero && digits > 1 { throw fault("a number begins with 0") }
    if byte == UInt8(ascii: ".") {
      (isWhole, offset) = (false, offset + 1)
      _ = try skipDigits()
    }
    if byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
      (isWhole, offset) = (false, offset + 1)
      if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { offset += 1 }
      _ = try skipDigits()
    }
    let text = String(decoding: bytes[start..<offset], as: UTF8.self)
    if isWhole, let value = Int(text) { return .integer(value) }
    guard let value = Double(text), value.isFinite else { throw fault("a number is out of range") }
    return .number(value)
  }

  private mutating func skipDigits() throws(JSONError) -> Int {
    let start = offset
    while let byte, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { offset += 1 }
    guard offset > start else { throw fault("expected a digit") }
    return offset - start
  }

  // MARK: Strings

  private mutating func readString() throws(JSONError) -> String {
    offset += 1
    var text: [UInt8] = []
    while true {
      let start = offset
      while let byte, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { offset += 1 }
      text += bytes[start..<offset]
      guard let byte else { throw fault("a string has no end") }
      guard byte >= 0x20 else { throw fault("a control character in a string") }
      offset += 1
      if byte == UInt8(ascii: "\"") { break }
      try readEscape(into: &text)
    }
    guard let string = String(validating: text, as: UTF8.self) else { throw fault("a string is not UTF-8") }
    return string
  }

  private mutating func readEscape(into text: inout [UInt8]) throws(JSONError) {
    guard let byte else { throw fault("a string has no end") }
    offset += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"): text += String(try readScalar()).utf8
    case _: throw fault("an unknown escape")
    }
  }

  private mutating func readScalar() throws(JSONError) -> Unicode.Scalar {
    let replacement: Unicode.Scalar = "\u{FFFD}"
    let unit = try readUnit()
    if let scalar = Unicode.Scalar(unit) { return scalar }
    let resume = offset
    if unit < 0xDC00, byte == UInt8(ascii: "\\"), offset + 1 < bytes.count, bytes[offset + 1] == UInt8(ascii: "u") {
      offset += 2
      let low = try readUnit()
      if low & 0xFC00 == 0xDC00 { return Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)) ?? replacement }
      offset = resume
    }
    guard surrogates == .replaced else { throw fault("a surrogate escape has no partner") }
    return replacement
  }

  private mutating func readUnit() throws(JSONError) -> UInt32 {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let byte, let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
        throw fault("expected four hexadecimal digits")
      }
      unit = unit << 4 | UInt32(digit)
      offset += 1
    }
    return unit
  }
}
