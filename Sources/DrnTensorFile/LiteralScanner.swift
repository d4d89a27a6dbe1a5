/// Reads the small part of Python's literal syntax that `.npy` headers use: one flat dictionary of texts, words and integer tuples.
struct LiteralScanner {
  enum Value {
    case text(String)
    case word(String)
    case tuple([Int])
  }

  private let bytes: [UInt8]
  private var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func fault(_ reason: String) -> NumpyHeaderError {
    NumpyHeaderError(reason: "the header is not a dictionary literal: \(reason) (byte \(position))")
  }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private mutating func take(_ character: Character) -> Bool {
    skipSpace()
    guard next == character.asciiValue else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Character) throws(NumpyHeaderError) {
    guard take(character) else { throw fault("\(character) is missing") }
  }

  /// The whole text as one dictionary; a trailing comma is allowed, a repeated key is not.
  mutating func dictionary() throws(NumpyHeaderError) -> [(name: String, value: Value)] {
    try expect("{")
    var fields: [(name: String, value: Value)] = []
    while !take("}") {
      let name = try text()
      guard !fields.contains(where: { $0.name == name }) else { throw fault("'\(name)' is given twice") }
      try expect(":")
      fields.append((name, try value()))
      if !take(",") {
        try expect("}")
        break
      }
    }
    skipSpace()
    guard position == bytes.count else { throw fault("there is text after the closing brace") }
    return fields
  }

  private mutating func value() throws(NumpyHeaderError) -> Value {
    skipSpace()
    switch next {
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return .text(try text())
    case UInt8(ascii: "("): return .tuple(try tuple())
    default: return .word(word { ("a"..."z").contains($0) || ("A"..."Z").contains($0) })
    }
  }

  private mutating func text() throws(NumpyHeaderError) -> String {
    let quote: Character = take("'") ? "'" : "\""
    if quote == "\"" { try expect("\"") }
    let text = word { $0 != "'" && $0 != "\"" && $0 != "\\" }
    guard next == quote.asciiValue else { throw fault("a text is not closed") }
    position += 1
    return text
  }

  private mutating func tuple() throws(NumpyHeaderError) -> [Int] {
    try expect("(")
    var sizes: [Int] = []
    while !take(")") {
      skipSpace()
      guard let size = Int(word { ("0"..."9").contains($0) }) else { throw fault("the shape is not a tuple of sizes") }
      // Python 2 marks long integers.
      if next == UInt8(ascii: "L") { position += 1 }
      sizes.append(size)
      if !take(",") {
        try expect(")")
        break
      }
    }
    return sizes
  }

  /// The longest run of bytes that satisfy `belongs`.
  private mutating func word(_ belongs: (Unicode.Scalar) -> Bool) -> String {
    let start = position
    while let byte = next, belongs(Unicode.Scalar(byte)) { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }
}
