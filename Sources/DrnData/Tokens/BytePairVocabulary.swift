/// A vocabulary of byte pairs as a `tokenizer.json` of Hugging Face's `tokenizers` has it: how a text becomes tokens, and tokens a text.
public struct BytePairVocabulary: Sendable {
  /// The file it was read from, as it is.
  public let file: [UInt8]
  /// What each token is, by number, as the file spells it: where symbols are bytes, in GPT-2's characters for them.
  public let names: [String]

  /// What the symbols of a text are before any pair is joined.
  enum Symbols: Equatable, Sendable {
    /// Its characters.
    case characters
    /// Its bytes, in words as GPT-2 cuts them or all in one; a text may get a space before it, unless it begins with one.
    case bytes(inWords: Bool, spaceBefore: Bool)
  }

  /// A text that is a token of its own, wherever it occurs.
  struct AddedToken: Sendable {
    let text: [UInt8]
    let number: Int32
  }

  /// What stands for a symbol that the vocabulary does not have.
  struct Unknown: Sendable {
    let number: Int32
    /// Whether several in a row are one.
    let isFused: Bool
  }

  let symbols: Symbols
  let merging: BytePairMerging
  let unknown: Unknown?
  /// Those that are looked for first, and those looked for in what these leave.
  let added: [[AddedToken]]
  /// The token of each byte, or of each character.
  private let byteTokens: [Int32?]
  private let characterTokens: [Unicode.Scalar: Int32]
  /// What each token stands for.
  private let bytes: [[UInt8]]

  /// `modelNumbers` are those of the tokens that symbols and pairs may become.
  init(
    file: [UInt8], names: [String], modelNumbers: [Int32], symbols: Symbols, merging: BytePairMerging, unknown: Unknown?,
    added: [[AddedToken]]
  ) {
    self.file = file
    self.names = names
    self.symbols = symbols
    self.merging = merging
    self.unknown = unknown
    self.added = added
    var single: [Unicode.Scalar: Int32] = [:]
    for number in modelNumbers {
      let characters = names[Int(number)].unicodeScalars
      if let character = characters.first, characters.count == 1 { single[character] = number }
    }
    characterTokens = single
    byteTokens = ByteAlphabet.characters.map { single[$0] }
    var bytes = names.map { symbols == .characters ? Array($0.utf8) : ByteAlphabet.bytes(spelt: $0) }
    for token in added.joined() { bytes[Int(token.number)] = token.text }
    self.bytes = bytes
  }

  /// The bytes of the text that tokens stand for; a number that is none stands for nothing. They may begin or end within a character.
  public func decode(_ tokens: some Sequence<Int32>) -> [UInt8] {
    tokens.flatMap { bytes.indices.contains(Int($0)) ? bytes[Int($0)] : [] }
  }

  /// The tokens of a UTF-8 text.
  public func encode(_ text: [UInt8]) throws(TextFault) -> [Int32] {
    let characters = try CharacterVocabulary.characters(of: text)
    var encoder = Encoder(vocabulary: self, characters: characters)
    for stretch in stretches(of: text) {
      switch stretch {
      case .token(let number, let count): encoder.append(number, byteCount: count)
      case .text(let count): try encoder.append(byteCount: count)
      }
    }
    return encoder.tokens
  }

  // MARK: Added tokens

  private enum Stretch {
    case token(Int32, byteCount: Int)
    case text(byteCount: Int)
  }

  /// The added tokens of a text and what stands between them.
  private func stretches(of text: [UInt8]) -> [Stretch] {
    var stretches = [(range: text.indices, token: Int32?.none)]
    for tokens in added where !tokens.isEmpty {
      stretches = stretches.flatMap { $0.token == nil ? Self.parts(of: text, $0.range, tokens) : [$0] }
    }
    return stretches.filter { !$0.range.isEmpty }.map { stretch in
      stretch.token.map { .token($0, byteCount: stretch.range.count) } ?? .text(byteCount: stretch.range.count)
    }
  }

  /// The leftmost first, and the longest of those that begin in one place.
  private static func parts(of text: [UInt8], _ range: Range<Int>, _ tokens: [AddedToken]) -> [(range: Range<Int>, token: Int32?)] {
    let byFirst = Dictionary(grouping: tokens, by: { $0.text.first ?? 0 }).mapValues { $0.sorted { $0.text.count > $1.text.count } }
    var parts: [(range: Range<Int>, token: Int32?)] = []
    var (start, place) = (range.lowerBound, range.lowerBound)
    while place < range.upperBound {
      guard let token = byFirst[text[place]]?.first(where: { text[place..<range.upperBound].starts(with: $0.text) }) else {
        place += 1
        continue
      }
      parts.append((start..<place, nil))
      parts.append((place..<place + token.text.count, token.number))
      place += token.text.count
      start = place
    }
    return parts + [(start..<range.upperBound, nil)]
  }

  // MARK: Words

  /// Makes tokens of a text from its front to its end.
  private struct Encoder {
    /// Words that are kept with their tokens, at most.
    private static let mostWords = 1 << 16

    let vocabulary: BytePairVocabulary
    let characters: [Unicode.Scalar]
    private(set) var tokens: [Int32] = []
    /// How much is done: characters, and their bytes.
    private var (place, offset) = (0, 0)
    private var known: [ArraySlice<Unicode.Scalar>: [Int32]] = [:]

    init(vocabulary: BytePairVocabulary, characters: [Unicode.Scalar]) {
      self.vocabulary = vocabulary
      self.characters = characters
    }

    /// Takes in an added token.
    mutating func append(_ token: Int32, byteCount: Int) {
      tokens.append(token)
      place = end(of: byteCount)
      offset += byteCount
    }

    /// Takes in a text between added tokens.
    mutating func append(byteCount: Int) throws(TextFault) {
      let end = end(of: byteCount)
      guard case .bytes(let inWords, let spaceBefore) = vocabulary.symbols else {
        tokens += vocabulary.merging.apply(to: try symbols(characters[place..<end], from: offset))
        (place, offset) = (end, offset + byteCount)
        return
      }
      // The space counts as no byte of the text.
      let text = spaceBefore && characters[place] != " " ? ArraySlice([" "] + characters[place..<end]) : characters[place..<end]
      var at = offset - (text.count - (end - place))
      let splitting = WordSplitting(text)
      var start = text.startIndex
      while start < text.endIndex {
        let word = text[start..<(inWords ? splitting.end(from: start) : text.endIndex)]
        tokens += try self.tokens(of: word, from: at)
        at += word.reduce(0) { $0 + UTF8.width($1) }
        start = word.endIndex
      }
      (place, offset) = (end, offset + byteCount)
    }

    /// The index of the character behind so many bytes.
    private func end(of byteCount: Int) -> Int {
      var (end, left) = (place, byteCount)
      while left > 0, end < characters.count {
        left -= UTF8.width(characters[end])
        end += 1
      }
      return end
    }

    private mutating func tokens(of word: ArraySlice<Unicode.Scalar>, from offset: Int) throws(TextFault) -> [Int32] {
      if let known = known[word] { return known }
      let tokens = vocabulary.merging.apply(to: try symbols(word, from: offset))
      if known.count < Self.mostWords { known[word] = tokens }
      return tokens
    }

    private func symbols(_ word: ArraySlice<Unicode.Scalar>, from offset: Int) throws(TextFault) -> [Int32] {
      var symbols: [Int32] = []
      var offset = offset
      var isUnknown = false
      func append(_ token: Int32?, _ name: () -> String) throws(TextFault) {
        if let token {
          symbols.append(token)
        } else if let unknown = vocabulary.unknown {
          if !isUnknown || !unknown.isFused { symbols.append(unknown.number) }
        } else {
          throw TextFault(.unknown(name()), offset: max(0, offset))
        }
        isUnknown = token == nil
      }
      for character in word {
        if vocabulary.symbols == .characters {
          try append(vocabulary.characterTokens[character]) { String(Character(character)) }
        } else {
          for byte in UTF8.encode(character) ?? .init() {
            try append(vocabulary.byteTokens[Int(byte)]) { "0x" + String(UInt32(byte) + 0x100, radix: 16).dropFirst() }
          }
        }
        offset += UTF8.width(character)
      }
      return symbols
    }
  }
}

extension BytePairVocabulary: Equatable {
  public static func == (left: BytePairVocabulary, right: BytePairVocabulary) -> Bool { left.file == right.file }
}
