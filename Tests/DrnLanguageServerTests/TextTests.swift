import DrnLanguageServer
import Testing

@Suite struct TextTests {
  private let text = "aé😀b\r\nc\rd\n"

  @Test("offsets and positions agree in every encoding", arguments: PositionEncoding.allCases)
  func roundTrip(_ encoding: PositionEncoding) {
    let bytes = Array(text.utf8)
    let table = LineTable(bytes, encoding: encoding)
    for offset in 0...bytes.count where offset == bytes.count || bytes[offset] & 0xC0 != 0x80 {
      // The place between `\r` and `\n` is the end of the line before them.
      let expected = offset == 9 ? 8 : offset
      #expect(table.offset(of: table.position(at: offset)) == expected)
    }
  }

  @Test("columns count units of the encoding")
  func columns() {
    func column(_ encoding: PositionEncoding) -> Int { LineTable(Array(text.utf8), encoding: encoding).position(at: 7).character }
    #expect(column(.utf8) == 7)
    #expect(column(.utf16) == 4)
    #expect(column(.utf32) == 3)
  }

  @Test("lines end with all three line breaks")
  func lines() { #expect(LineTable(Array(text.utf8), encoding: .utf16).lineCount == 4) }

  @Test("what lies outside is clamped, and half a character is its beginning")
  func clamped() {
    let table = LineTable(Array(text.utf8), encoding: .utf16)
    #expect(table.offset(of: Position(line: 0, character: 3)) == 3)
    #expect(table.offset(of: Position(line: 0, character: 99)) == 8)
    #expect(table.offset(of: Position(line: 99, character: 0)) == text.utf8.count)
    #expect(table.offset(of: Position(line: .max, character: .max)) == text.utf8.count)
    #expect(LineTable(Array(text.utf8), encoding: .utf8).offset(of: Position(line: 0, character: 2)) == 1)
  }
}
