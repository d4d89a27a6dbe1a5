/// One side of a rule of a grammar in W3C notation.
indirect enum Pattern {
  case rule(String)
  case literal(String)
  case characters(Set<UInt8>)
  case sequence([Pattern])
  case choice([Pattern])
  case repeated(Pattern, atLeast: Int, atMost: Int)
  case difference(Pattern, Pattern)
}

/// A grammar read from its text.
struct Grammar {
  private(set) var rules: [String: Pattern] = [:]
  /// Every literal in the order of the text.
  private(set) var literals: [String] = []

  init(_ text: String) {
    var reader = GrammarReader(text)
    while let (name, pattern) = reader.readRule() { rules[name] = pattern }
    literals = reader.literals
  }
}

/// Reads rules one after the other.
private struct GrammarReader {
  private let bytes: [UInt8]
  private var offset = 0
  var literals: [String] = []

  init(_ text: String) { bytes = Array(text.utf8) }

  private func byte(at index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }

  private mutating func skipSpace() {
    while offset < bytes.count {
      if [0x20, 0x0A].contains(bytes[offset]) {
        offset += 1
      } else if byte(at: offset) == UInt8(ascii: "/"), byte(at: offset + 1) == UInt8(ascii: "*") {
        while offset < bytes.count, !(byte(at: offset) == UInt8(ascii: "*") && byte(at: offset + 1) == UInt8(ascii: "/")) { offset += 1 }
        offset += 2
      } else {
        return
      }
    }
  }

  private mutating func skip(_ text: String) -> Bool {
    skipSpace()
    guard bytes[min(offset, bytes.count)...].starts(with: text.utf8) else { return false }
    offset += text.utf8.count
    return true
  }

  private mutating func readName() -> String? {
    skipSpace()
    let start = offset
    while (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte(at: offset) | 0x20) || byte(at: offset) == UInt8(ascii: "_") { offset += 1 }
    return offset > start ? String(decoding: bytes[start..<offset], as: UTF8.self) : nil
  }

  mutating func readRule() -> (String, Pattern)? {
    guard let name = readName(), skip("::=") else { return nil }
    return (name, readChoice())
  }

  private mutating func readChoice() -> Pattern {
    var alternatives = [readSequence()]
    while skip("|") { alternatives.append(readSequence()) }
    return alternatives.count == 1 ? alternatives[0] : .choice(alternatives)
  }

  private mutating func readSequence() -> Pattern {
    var parts: [Pattern] = []
    while let part = readRepeated() { parts.append(part) }
    let whole: Pattern = parts.count == 1 ? parts[0] : .sequence(parts)
    guard skip("-"), let excluded = readRepeated() else { return whole }
    return .difference(whole, excluded)
  }

  private mutating func readRepeated() -> Pattern? {
    guard let part = readPart() else { return nil }
    switch byte(at: offset) {
    case UInt8(ascii: "*"): offset += 1; return .repeated(part, atLeast: 0, atMost: 3)
    case UInt8(ascii: "+"): offset += 1; return .repeated(part, atLeast: 1, atMost: 3)
    case UInt8(ascii: "?"): offset += 1; return .repeated(part, atLeast: 0, atMost: 1)
    default: return part
    }
  }

  private mutating func readPart() -> Pattern? {
    skipSpace()
    switch byte(at: offset) {
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return readLiteral()
    case UInt8(ascii: "["): return readCharacters()
    case UInt8(ascii: "("):
      offset += 1
      let inner = readChoice()
      return skip(")") ? inner : nil
    default:
      let start = offset
      guard let name = readName() else { return nil }
      if skip("::=") {
        offset = start
        return nil
      }
      return .rule(name)
    }
  }

  private mutating func readLiteral() -> Pattern {
    let quote = bytes[offset]
    let end = bytes[(offset + 1)...].firstIndex(of: quote) ?? bytes.count - 1
    let text = String(decoding: bytes[(offset + 1)..<end], as: UTF8.self)
    offset = end + 1
    literals.append(text)
    return .literal(text)
  }

  private mutating func readCharacters() -> Pattern {
    let end = bytes[offset...].firstIndex(of: UInt8(ascii: "]")) ?? bytes.count - 1
    var members = String(decoding: bytes[(offset + 1)..<end], as: UTF8.self)
    offset = end + 1
    for (code, character) in [("#x20", " "), ("#x9", "\t"), ("#xA", "\n"), ("#xD", "\r")] {
      members = members.replacing(code, with: character)
    }
    let isExcluding = members.hasPrefix("^")
    var set: Set<UInt8> = []
    var rest = Array(members.utf8.dropFirst(isExcluding ? 1 : 0))[...]
    while let first = rest.popFirst() {
      if rest.first == UInt8(ascii: "-"), rest.count > 1, let last = rest.dropFirst().first {
        set.formUnion(first...last)
        rest = rest.dropFirst(2)
      } else {
        set.insert(first)
      }
    }
    return .characters(isExcluding ? Set(0x20...0x7E).subtracting(set) : set)
  }
}
