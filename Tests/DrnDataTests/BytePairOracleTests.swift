import DrnData
import DrnJSON
import DrnTestSupport
import Testing

/// Texts as Hugging Face's `tokenizers` cuts them; `Tests/Oracle/byte_pairs.py` wrote what is compared with.
@Suite("Byte pairs against tokenizers") struct BytePairOracleTests {
  /// A vocabulary and what is made by it.
  struct Entry: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let tokenizer: [UInt8]
    let texts: [(text: String, tokens: [Int32], decoded: String)]
    let drawn: [(tokens: [Int32], decoded: String)]

    init?(_ json: JSON) {
      guard let name = json["name"]?.text, let tokenizer = json["tokenizer"]?.text else { return nil }
      func tokens(_ json: JSON) -> [Int32] { (json["tokens"]?.items ?? []).compactMap { $0.whole.map { Int32($0) } } }
      testDescription = name
      self.tokenizer = Array(tokenizer.utf8)
      texts = (json["texts"]?.items ?? []).map { ($0["text"]?.text ?? "", tokens($0), $0["decoded"]?.text ?? "") }
      drawn = (json["drawn"]?.items ?? []).map { (tokens($0), $0["decoded"]?.text ?? "") }
    }
  }

  static let entries: [Entry] = {
    let json = (try? Repository.text("Tests/Oracle/fixtures/byte_pairs.json")).flatMap { try? JSON(reading: Array($0.utf8)) }
    return (json?.items ?? []).compactMap(Entry.init)
  }()

  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func vocabulary(_ entry: Entry) throws -> BytePairVocabulary {
    try BytePairVocabulary(path: try folder.write("tokenizer.json", entry.tokenizer))
  }

  /// Equal scalar by scalar: texts that only look the same differ.
  private func isSame(_ bytes: [UInt8], _ text: String) -> Bool {
    String(decoding: bytes, as: UTF8.self).unicodeScalars.elementsEqual(text.unicodeScalars)
  }

  @Test("every kind of vocabulary is there") func count() {
    #expect(Self.entries.count == 8 && Self.entries.allSatisfy { $0.texts.count > 60 && $0.drawn.count == 40 })
  }

  @Test("a text becomes the same tokens, and these the same text", arguments: entries) func encoding(_ entry: Entry) throws {
    let vocabulary = try vocabulary(entry)
    for (text, tokens, decoded) in entry.texts {
      #expect(try vocabulary.encode(Array(text.utf8)) == tokens, "\(text.debugDescription)")
      #expect(isSame(vocabulary.decode(tokens), decoded), "\(text.debugDescription)")
    }
  }

  @Test("tokens in any order, which may cut characters, become the same text", arguments: entries) func decoding(_ entry: Entry) throws {
    let vocabulary = try vocabulary(entry)
    for (tokens, decoded) in entry.drawn { #expect(isSame(vocabulary.decode(tokens), decoded), "\(tokens)") }
    #expect(vocabulary.decode([-1, Int32(vocabulary.names.count), .max]) == [])
  }

  @Test("every byte of a text comes back where all have tokens") func roundTrip() throws {
    let vocabulary = try vocabulary(Self.entries[0])
    let text = Array(try Repository.text("docs/sequences.md").utf8) + Array("\u{0}\u{10FFFF}\u{E000}<|endoftext|>é".utf8)
    let tokens = try vocabulary.encode(text)
    #expect(vocabulary.decode(tokens) == text && tokens.count < text.count)
    // The same as a vocabulary of any kind.
    #expect(try TokenVocabulary.bytePairs(vocabulary).encode(text) == tokens)
    #expect(TokenVocabulary.bytePairs(vocabulary).decode(tokens) == text)
    #expect(TokenVocabulary.bytePairs(vocabulary).count == vocabulary.names.count)
  }

  @Test("a text longer than any word is joined in any amount, and in time") func long() throws {
    let vocabulary = try vocabulary(try #require(Self.entries.first { $0.testDescription == "bytes without words" }))
    let text = Array(String(repeating: "the licence of the work ", count: 4000).utf8)
    let tokens = try vocabulary.encode(text)
    #expect(vocabulary.decode(tokens) == text && tokens.count < text.count / 2)
  }
}
