import DrnJSON
import DrnLanguageServer
import DrnTestSupport
import Foundation
import Testing

/// The text as UTF-16 units, changed by rules written apart from the server's: the oracle of the edits.
private struct UnitText {
  var units: [UInt16]
  init(_ text: String) { units = Array(text.utf16) }
  var text: String { String(decoding: units, as: UTF16.self) }

  /// The units of each line without its break.
  private func lines() -> [Range<Int>] {
    var result: [Range<Int>] = []
    var (start, index) = (0, 0)
    while index < units.count {
      let isBreak = units[index] == 10 || units[index] == 13
      if isBreak { result.append(start..<index) }
      if units[index] == 13, index + 1 < units.count, units[index + 1] == 10 { index += 1 }
      index += 1
      if isBreak { start = index }
    }
    return result + [start..<units.count]
  }

  func offset(_ line: Int, _ character: Int) -> Int {
    let lines = lines()
    guard line < lines.count else { return units.count }
    let offset = min(lines[line].lowerBound + character, lines[line].upperBound)
    let splitsPair = offset > lines[line].lowerBound && offset < units.count && units[offset] & 0xFC00 == 0xDC00
    return splitsPair ? offset - 1 : offset
  }

  mutating func replace(_ start: (Int, Int), _ end: (Int, Int), with text: String) {
    let (first, last) = (offset(start.0, start.1), offset(end.0, end.1))
    units.replaceSubrange(min(first, last)..<max(first, last), with: Array(text.utf16))
  }
}

@Suite struct RandomSequenceTests {
  private static let methods = [
    "textDocument/hover", "textDocument/completion", "textDocument/signatureHelp", "textDocument/definition", "textDocument/references",
    "textDocument/documentHighlight", "textDocument/prepareRename", "textDocument/documentSymbol", "textDocument/formatting",
    "textDocument/foldingRange", "textDocument/semanticTokens/full", "textDocument/codeAction", "textDocument/inlayHint",
    "textDocument/codeLens", "textDocument/rename", "workspace/symbol", "no/such",
  ]
  private static let snippets = [
    "", "x", "\n", "\r\n", "\r", "é", "😀", "{", "}", "(", ")", "[", "|> ", "stem: linear(3)", "weights ** {", "from epoch 3: ", "\"", "// ",
    "*",
    "network", "block b(x: tensor) { return x }\n", "import \"main.drn\"\n", " 1e999 ", "99999999999999999999", ",", ":", "\u{0}",
    "repeat(100000) {",
  ]
  private static let garbage = [
    "{", "[]", "null", "\"\"", "{}", #"{"jsonrpc":"2.0","id":null,"method":"textDocument/hover"}"#,
    #"{"jsonrpc":"2.0","method":"initialized"}"#,
    #"{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"file:///x"},"contentChanges":[]}}"#,
    #"{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"file:///models/main.drn"},"contentChanges":[{"text":"lost"},{"range":7,"text":""}]}}"#,
    #"{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":7}}"#,
    #"{"jsonrpc":"2.0","id":4,"method":"textDocument/inlayHint","params":{"textDocument":{"uri":"file:///models/main.drn"}}}"#,
  ]

  private func parameters(_ line: Int, _ character: Int) -> JSON {
    let position: JSON = ["line": .integer(line), "character": .integer(character)]
    return [
      "textDocument": ["uri": .string(Client.uri)], "position": position,
      "range": ["start": ["line": 0, "character": 0], "end": position],
      "context": ["diagnostics": []], "newName": "renamed", "query": "m",
    ]
  }

  @Test("edits, requests and garbage in any order: every request is answered, and the text stays in step", arguments: 1...6)
  func sequence(_ seed: UInt64) throws {
    var generator = SplitMix64(seed: seed &* 0x9E37_79B9_7F4A_7C15)
    var client = Client(sound)
    var oracle = UnitText(sound)
    for step in 0..<120 {
      let (line, character) = (Int.random(in: 0...50, using: &generator), Int.random(in: 0...60, using: &generator))
      switch Int.random(in: 0..<10, using: &generator) {
      case 0..<4:
        let end = (line + Int.random(in: 0...1, using: &generator), Int.random(in: 0...60, using: &generator))
        let text = try #require(Self.snippets.randomElement(using: &generator))
        oracle.replace((line, character), end, with: text)
        let range: JSON = [
          "start": ["line": .integer(line), "character": .integer(character)],
          "end": ["line": .integer(end.0), "character": .integer(end.1)],
        ]
        let message: JSON = ["textDocument": ["uri": .string(Client.uri)], "contentChanges": [["range": range, "text": .string(text)]]]
        client.notify("textDocument/didChange", message)
      case 4:
        let text = String(oracle.text.prefix(Int.random(in: 0...900, using: &generator))) + String(sound.suffix(300))
        oracle = UnitText(text)
        client.notify(
          "textDocument/didChange", ["textDocument": ["uri": .string(Client.uri)], "contentChanges": [["text": .string(text)]]])
      case 5..<8:
        let method = try #require(Self.methods.randomElement(using: &generator))
        let message: JSON = ["jsonrpc": "2.0", "id": .integer(step), "method": .string(method), "params": parameters(line, character)]
        let replies = client.send(message).filter { $0["id"] != nil }
        #expect(replies.count == 1 && replies.first?["id"] == .integer(step), "\(method)")
      case 8:
        let body = try #require(Self.garbage.randomElement(using: &generator))
        _ = client.server.receive(Array(body.utf8))
      case _: client.settle()
      }
      try #require(Array(client.text().utf16) == oracle.units, "step \(step)")
    }
  }

  @Test("every prefix of a program is answered at its end")
  func prefixes() {
    let bytes = Array(sound.utf8)
    var client = Client("")
    for length in stride(from: 0, through: bytes.count, by: 23) {
      let text = String(decoding: bytes[..<length], as: UTF8.self)
      client.change(["text": .string(text)])
      let parameters = parameters(text.count { $0 == "\n" }, 99)
      for method in Self.methods.dropLast() where method != "textDocument/rename" {
        let answer = client.request(method, parameters)
        #expect(answer["code"] == nil, "\(method) after \(length) bytes")
      }
    }
  }
}
