/// What the tokens of a text stand for.
public enum TokenVocabulary: Equatable, Sendable {
  case characters(CharacterVocabulary)
  /// The bytes of a file, each its own number.
  case bytes
  case bytePairs(BytePairVocabulary)

  /// How many tokens there are.
  public var count: Int {
    switch self {
    case .characters(let vocabulary): Int(vocabulary.first) + vocabulary.characters.count
    case .bytes: 256
    case .bytePairs(let vocabulary): vocabulary.names.count
    }
  }

  /// What each token stands for, by number: a byte in hexadecimal, a byte pair as its file spells it.
  public var names: [String] {
    switch self {
    case .characters(let vocabulary): vocabulary.names
    case .bytes: (0..<count).map { "0x" + String($0 + 0x100, radix: 16).dropFirst() }
    case .bytePairs(let vocabulary): vocabulary.names
    }
  }

  /// The tokens of a text.
  public func encode(_ text: [UInt8]) throws(TextFault) -> [Int32] {
    switch self {
    case .bytes: return text.map { Int32($0) }
    case .bytePairs(let vocabulary): return try vocabulary.encode(text)
    case .characters(let vocabulary):
      var offset = 0
      var tokens: [Int32] = []
      for character in try CharacterVocabulary.characters(of: text) {
        guard let token = vocabulary[character] else { throw TextFault(.unknown(String(Character(character))), offset: offset) }
        tokens.append(token)
        offset += UTF8.width(character)
      }
      return tokens
    }
  }

  /// The bytes of the text that tokens stand for; a number that is none stands for nothing. Byte pairs may end within a character.
  public func decode(_ tokens: some Sequence<Int32>) -> [UInt8] {
    switch self {
    case .bytes: tokens.compactMap { UInt8(exactly: $0) }
    case .bytePairs(let vocabulary): vocabulary.decode(tokens)
    case .characters(let vocabulary): tokens.flatMap { vocabulary[$0].map { Array(UTF8.encode($0) ?? .init()) } ?? [] }
    }
  }
}
