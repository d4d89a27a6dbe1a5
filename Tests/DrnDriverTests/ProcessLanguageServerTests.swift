import DrnTestSupport
import Foundation
import Testing

/// `drnc lsp` as a process: its exit codes and its standard output.
@Suite(.serialized) struct ProcessLanguageServerTests {
  private func frame(_ body: String) -> String { "Content-Length: \(body.utf8.count)\r\n\r\n\(body)" }
  private let initialize = #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}"#
  private let shutdown = #"{"jsonrpc":"2.0","id":2,"method":"shutdown"}"#
  private let exit = #"{"jsonrpc":"2.0","method":"exit"}"#
  private let open =
    #"{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"file:///a.drn","version":1,"text":"network"}}}"#

  /// The bodies of the frames that make up the whole output.
  private func bodies(_ output: String) throws -> [[String: Any]] {
    var bytes = Array(output.utf8)[...]
    var result: [[String: Any]] = []
    while !bytes.isEmpty {
      let header = try #require(bytes.firstRange(of: Array("\r\n\r\n".utf8)))
      let text = String(decoding: bytes[..<header.lowerBound], as: UTF8.self)
      let length = try #require(Int(text.replacing("Content-Length: ", with: "")))
      let end = header.upperBound + length
      try #require(end <= bytes.endIndex)
      let body = try JSONSerialization.jsonObject(with: Data(bytes[header.upperBound..<end]))
      result.append(try #require(body as? [String: Any]))
      bytes = bytes[end...]
    }
    return result
  }

  @Test("0 after `shutdown` and `exit`, 1 after `exit` alone or the end of the input")
  func exitCodes() throws {
    #expect(try Tool.run(["lsp"], input: [initialize, shutdown, exit].map(frame).joined()).status == 0)
    #expect(try Tool.run(["lsp", "--stdio"], input: [initialize, exit].map(frame).joined()).status == 1)
    #expect(try Tool.run(["lsp"], input: frame(initialize)).status == 1)
    #expect(try Tool.run(["lsp"], input: "").status == 1)
  }

  @Test("standard output holds frames and nothing else, whatever comes in")
  func output() throws {
    let input = "junk\r\n\r\n" + frame(initialize) + frame("{") + "Content-Length: 99999999999999\r\n\r\n" + frame(open) + frame(shutdown)
    let outcome = try Tool.run(["lsp"], input: input)
    #expect(outcome.signal == 0)
    let messages = try bodies(outcome.output)
    #expect(messages.compactMap { $0["id"] as? Int } == [1, 2])
    #expect(messages.count { ($0["error"] as? [String: Any])?["code"] as? Int == -32700 } == 3)
  }

  @Test("diagnostics come without being asked for")
  func diagnostics() throws {
    let messages = try bodies(Tool.run(["lsp"], input: frame(initialize) + frame(open)).output)
    let published = try #require(messages.first { $0["method"] as? String == "textDocument/publishDiagnostics" })
    let parameters = try #require(published["params"] as? [String: Any])
    #expect((parameters["diagnostics"] as? [Any])?.isEmpty == false)
  }
}
