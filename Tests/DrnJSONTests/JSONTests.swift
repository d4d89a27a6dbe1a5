import DrnJSON
import Foundation
import Testing

@Suite struct JSONTests {
  private func read(_ text: String) throws -> JSON { try JSON(reading: Array(text.utf8)) }

  @Test("values are read as RFC 8259 has them")
  func values() throws {
    #expect(
      try read(" {\"a\": [1, -2.5e1, true, null, \"x\\n\\u00e9\\ud83d\\ude00\"]} ") == ["a": [1, .number(-25), true, .null, "x\né😀"]])
    #expect(try read("9223372036854775807") == .integer(.max))
    #expect(try read("\"\\ud800x\"") == "\u{FFFD}x")
    #expect(try read("{\"a\":1,\"a\":2}")["a"] == 2)
  }

  @Test(
    "what is no JSON is refused",
    arguments: [
      "", "{", "[1,]", "{\"a\":1,}", "01", "1.", ".5", "+1", "nul", "'a'", "\"a", "\"\t\"", "[1] 2", "{a:1}", "\"\\x\"", "\"\\u12g4\"",
      "1e999", "// x\n1", "\u{FEFF}1", "-",
    ])
  func refused(_ text: String) { #expect(throws: JSONError.self) { try read(text) } }

  @Test("bytes that are no UTF-8 are refused")
  func notUTF8() { #expect(throws: JSONError.self) { try JSON(reading: [0x22, 0xFF, 0x22]) } }

  @Test("200 levels are read, 201 and a million are refused")
  func depth() throws {
    func nested(_ count: Int) -> String { String(repeating: "[", count: count) + String(repeating: "]", count: count) }
    _ = try read(nested(200))
    #expect(throws: JSONError.self) { try read(nested(201)) }
    #expect(throws: JSONError.self) { try read(String(repeating: "[", count: 1_000_000)) }
  }

  @Test("what is written is read back, by this reader and by Foundation's")
  func roundTrip() throws {
    let value: JSON = ["text": "a\"\\\u{1}\n\t\r/é😀", "list": [0, 9, 10, -7, .number(0.1), .boolean(false), .null, [], [:]]]
    #expect(try JSON(reading: value.bytes) == value)
    let other = try #require(try JSONSerialization.jsonObject(with: Data(value.bytes)) as? [String: Any])
    #expect(other["text"] as? String == "a\"\\\u{1}\n\t\r/é😀")
    #expect((other["list"] as? [Any])?.count == 9)
  }

  @Test("half a surrogate pair is refused where that is asked for, a whole one is not")
  func surrogates() throws {
    func strictly(_ text: String) throws -> JSON { try JSON(reading: Array(text.utf8), surrogates: .refused) }
    for text in [#""\ud800""#, #""\ud83dx""#, #""\ude00\ud83d""#, #""\ud83d\ud83d""#] {
      #expect(throws: JSONError.self) { try strictly(text) }
    }
    #expect(try strictly(#""\ud83d\ude00""#) == "😀")
  }

  @Test("an error says where reading stopped")
  func located() {
    #expect(throws: JSONError(message: "expected `,` or `]`", offset: 7)) { try read("[1,  2 3]") }
  }

  @Test("control characters are escaped by letter or by number")
  func escapes() {
    #expect(JSON.string("a\n\r\t\u{1f}\"\\é").encoded == #""a\n\r\t\u001f\"\\é""#)
  }

  @Test("objects and arrays keep the order of what they are given")
  func compound() {
    #expect(JSON.fields([("b", 1), ("a", [2, "x"])]).encoded == #"{"b":1,"a":[2,"x"]}"#)
  }
}
