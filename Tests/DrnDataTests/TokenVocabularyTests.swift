import DrnTestSupport
import Testing

@testable import DrnData

@Suite("What tokens stand for") struct TokenVocabularyTests {
  @Test("characters and bytes become numbers and come back") func characters() throws {
    let vocabulary = TokenVocabulary.characters(CharacterVocabulary(of: "héllo\n".unicodeScalars, from: 1))
    #expect(vocabulary.names == ["", "\n", "h", "l", "o", "é"] && vocabulary.count == 6)
    #expect(try vocabulary.encode(Array("hé\n".utf8)) == [2, 5, 1])
    #expect(vocabulary.decode([0, 2, 5, 99, -1, 1]) == Array("hé\n".utf8))
    #expect(try TokenVocabulary.bytes.encode([0, 255]) == [0, 255] && TokenVocabulary.bytes.decode([255, 256, -1, 0]) == [255, 0])
    #expect(TokenVocabulary.bytes.names.count == 256 && TokenVocabulary.bytes.names[10] == "0x0a")
  }

  @Test("what has no token is told with its place") func faults() {
    let vocabulary = TokenVocabulary.characters(CharacterVocabulary(of: "aé".unicodeScalars))
    #expect(throws: TextFault(.unknown("x"), offset: 3)) { try vocabulary.encode(Array("éax".utf8)) }
    #expect(throws: TextFault(.notUTF8, offset: 2)) { try vocabulary.encode([0xC3, 0xA9, 0xFF]) }
  }

  @Test("characters that look alike are different") func canonical() throws {
    let vocabulary = CharacterVocabulary(of: "\u{E9}e\u{301}\u{212B}\u{C5}".unicodeScalars)
    #expect(vocabulary.characters.count == 5 && vocabulary.names.count == 5)
  }

  @Test("bytes are spelt by GPT-2's characters") func alphabet() {
    let spelling = String(String.UnicodeScalarView(ByteAlphabet.characters))
    #expect(Set(ByteAlphabet.characters).count == 256 && ByteAlphabet.bytes(spelt: spelling) == (0...255).map { UInt8($0) })
    #expect(ByteAlphabet.characters[0x20] == "Ġ" && ByteAlphabet.characters[0x0A] == "Ċ" && ByteAlphabet.characters[0xAD] == "Ń")
    #expect(ByteAlphabet.bytes(spelt: "日") == Array("日".utf8))
  }
}
