import DrnInference
import Testing

@Suite("Text as tokens")
struct TextVocabularyTests {
  @Test("characters go there and back")
  func characters() throws {
    let vocabulary = try #require(TextVocabulary(["\n", " ", "a", "é", "漢", "🙂"]))
    let tokens = try vocabulary.tokens("漢a\né 🙂a")
    #expect(tokens == [4, 2, 0, 3, 1, 5, 2] && vocabulary.count == 6)
    #expect(String(decoding: tokens.flatMap { vocabulary.bytes(of: Int($0)) }, as: UTF8.self) == "漢a\né 🙂a")
    #expect(vocabulary.bytes(of: 6) == [] && vocabulary.bytes(of: -1) == [])
  }

  @Test(
    "a character that there is not is named with its place",
    arguments: [("aab", "`b` (U+0062), character 3"), ("\t", "U+0009, character 1")])
  func unknown(text: String, message: String) throws {
    let vocabulary = try #require(TextVocabulary(["a", "é"]))
    do {
      _ = try vocabulary.tokens(text)
      Issue.record("\(text) is accepted")
    } catch { #expect(error.kind == .prompt && error.message.contains(message) && error.help?.contains("aé") == true, "\(error)") }
  }

  @Test("bytes go there and back, those of a character among them")
  func bytes() throws {
    let entries = (0..<256).map { "0x" + String($0 + 0x100, radix: 16).dropFirst() }
    let vocabulary = try #require(TextVocabulary(entries))
    #expect(try vocabulary.tokens("é!") == [0xC3, 0xA9, 0x21] && vocabulary.bytes(of: 0xC3) == [0xC3])
  }

  @Test("what is no vocabulary of characters is none")
  func none() {
    #expect(TextVocabulary(["ab", "c"]) == nil && TextVocabulary(["", "c"]) == nil)
    #expect(TextVocabulary([]) == nil)
  }
}
