import DrnJSON
import DrnLanguageServer
import Testing

@Suite struct FrameTests {
  private func pieces(_ chunks: [String]) -> [String] {
    var reader = FrameReader()
    var result: [String] = []
    for chunk in chunks {
      reader.append(Array(chunk.utf8))
      while let piece = reader.next() {
        switch piece {
        case .body(let body): result.append(String(decoding: body, as: UTF8.self))
        case .fault: result.append("!")
        }
      }
    }
    return result
  }

  @Test("a body comes out whatever the bytes are cut into")
  func chunks() {
    let text = "Content-Length: 2\r\n\r\n{}content-length:3\r\nContent-Type: x; charset=utf-8\r\n\r\n[1]"
    #expect(pieces([text]) == ["{}", "[1]"])
    #expect(pieces(text.map { String($0) }) == ["{}", "[1]"])
  }

  @Test("a part of a frame waits")
  func partial() { #expect(pieces(["Content-Length: 5\r\n\r\n{}"]) == []) }

  @Test(
    "a faulty header is reported once, and the next frame is read",
    arguments: [
      "Content-Length: -1\r\n\r\n", "Content-Length: x\r\n\r\n", "Content-Length: 99999999999\r\n\r\n",
      "Content-Length: 99999999999999999999999999\r\n\r\n", "Content-Length: +2\r\n\r\n", "Content-Type: x\r\n\r\n", "garbage\r\n\r\n",
      "xx", "{\"jsonrpc\"",
    ])
  func recovery(_ garbage: String) { #expect(pieces([garbage + "Content-Length: 2\r\n\r\n{}"]) == ["!", "{}"]) }

  @Test("a header without end is given up")
  func endless() {
    let garbage = String(repeating: "a", count: FrameReader.largestHeader + 1)
    #expect(pieces([garbage, "Content-Length: 2\r\n\r\n{}"]) == ["!", "{}"])
  }

  @Test("a frame is what the reader reads")
  func writing() {
    let message: JSON = ["text": "é"]
    #expect(pieces([String(decoding: frame(message), as: UTF8.self)]) == ["{\"text\":\"é\"}"])
  }
}
