import DrnJSON
import Testing

/// The members of an object read from portions, beside the reader of whole texts.
@Suite("JSON by members") struct JSONMembersTests {
  private func members(_ text: String, portion: Int) throws(JSONError) -> [JSON.Member] {
    var rest = Array(text.utf8)[...]
    var found: [JSON.Member] = []
    var reader = JSONMembers()
    try reader.read(
      more: { () throws(JSONError) in
        defer { rest = rest.dropFirst(portion) }
        return Array(rest.prefix(portion))
      }, malformed: { $0 }, take: { (member) throws(JSONError) in found.append(member) })
    return found
  }

  @Test("they are those of the whole text, whatever the portions", arguments: [1, 2, 3, 7, 1000])
  func agreement(portion: Int) throws {
    let keys = ["\"a\"", "\"b,}\"", "\"\\\"\"", "\"é\""]
    let values = ["1", "-2.5e3", "true", "null", "\"x\"", "[1, {}]", "{\"a\": [\"]\"]}", "{}"]
    let faults = ["", "{", "}", "[", "]", ",", ":", "\"", " ", "nul"]
    var random = UInt64(portion)
    func number(_ bound: Int) -> Int {
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(random >> 33) % bound
    }
    var (read, refused) = (0, 0)
    for _ in 0..<5000 {
      let parts = (0..<number(4)).map { _ in
        [keys[number(4)], ":", values[number(8)]].map { number(12) == 0 ? $0 + faults[number(10)] : $0 }.joined(
          separator: number(2) == 0 ? " " : "")
      }
      let text = "{" + parts.joined(separator: number(2) == 0 ? ", " : ",") + (number(15) == 0 ? faults[number(10)] : "") + "}"
      let whole = try? JSON(reading: Array(text.utf8))
      let found = try? members(text, portion: portion)
      if case .object(let expected)? = whole {
        read += 1; #expect(found == expected, "\(text)")
      } else {
        refused += 1; #expect(found == nil, "\(text)")
      }
    }
    #expect(read > 1000 && refused > 500)
  }

  @Test("an error says where in the text it is") func offset() {
    do throws(JSONError) {
      _ = try members("{\"a\": 1, \"b\": nul}", portion: 4)
      Issue.record("read")
    } catch { #expect(error.offset == 14) }
  }

  @Test("a member longer than the bound is refused before it is read whole") func bound() {
    var count = 0
    var reader = JSONMembers()
    #expect(throws: JSONError.self) {
      try reader.read(
        more: { () throws(JSONError) in
          count += 1
          return count == 1 ? Array("{\"a\": \"".utf8) : [UInt8](repeating: 65, count: 1 << 20)
        }, malformed: { $0 }, take: { (_) throws(JSONError) in })
    }
    #expect(count <= JSONMembers.longestMember >> 20 + 3)
  }
}
