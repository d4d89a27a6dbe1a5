import DrnJSON
import DrnLanguageServer
import Testing

@Suite struct LifecycleTests {
  private func code(_ reply: JSON) -> Int? { reply["code"]?.whole }

  @Test("before `initialize` requests are refused and notifications dropped")
  func beforeInitialize() {
    var server = LanguageServer(Surroundings())
    let replies = server.receive(Array(#"{"jsonrpc":"2.0","id":1,"method":"textDocument/hover","params":{}}"#.utf8))
    #expect(replies.first?[["error", "code"]] == -32002)
    #expect(server.receive(Array(#"{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{}}"#.utf8)).isEmpty)
    #expect(server.settle().isEmpty)
  }

  @Test("`initialize` comes once, and nothing follows `shutdown` but `exit`")
  func stages() {
    var client = Client(sound)
    #expect(code(client.request("initialize", [:])) == -32600)
    #expect(client.request("shutdown", .null) == .null)
    #expect(code(client.request("textDocument/hover", client.at("digits"))) == -32600)
    client.notify("exit", .null)
    #expect(client.server.exitCode == 0)
  }

  @Test("`exit` without `shutdown` is a failure")
  func abruptExit() {
    var client = Client()
    client.notify("exit", .null)
    #expect(client.server.exitCode == 1)
  }

  @Test(
    "the encoding is the client's first choice that is known, else UTF-16",
    arguments: [
      (["utf-8", "utf-16"], "utf-8"), (["utf-16", "utf-8"], "utf-16"), (["utf-7", "utf-32"], "utf-32"), ([], "utf-16"),
    ] as [([String], String)])
  func encoding(_ offered: [String], _ chosen: String) throws {
    var server = LanguageServer(Surroundings())
    let capabilities: JSON = ["general": ["positionEncodings": .array(offered.map { .string($0) })]]
    let message: JSON = ["jsonrpc": "2.0", "id": 1, "method": "initialize", "params": ["capabilities": capabilities]]
    #expect(server.receive(message.bytes).first?[["result", "capabilities", "positionEncoding"]] == .string(chosen))
  }

  @Test(
    "what is no request is answered with the protocol's error",
    arguments: [
      ("{", -32700), ("[]", -32600), ("1", -32600), (#"{"id":1,"method":"shutdown"}"#, -32600),
      (#"{"jsonrpc":"1.0","id":1,"method":"shutdown"}"#, -32600), (#"{"jsonrpc":"2.0","id":1}"#, -32600),
      (#"{"jsonrpc":"2.0","id":1,"method":7}"#, -32600), (#"{"jsonrpc":"2.0","id":[],"method":"shutdown"}"#, -32600),
      (#"{"jsonrpc":"2.0","id":1,"method":"textDocument/nothing"}"#, -32601),
      (#"{"jsonrpc":"2.0","id":1,"method":"textDocument/hover"}"#, -32602),
      (#"{"jsonrpc":"2.0","id":1,"method":"textDocument/hover","params":{"textDocument":{"uri":"file:///models/main.drn"}}}"#, -32602),
      (#"{"jsonrpc":"2.0","id":1,"method":"workspace/executeCommand","params":{"command":"rm"}}"#, -32602),
    ])
  func errors(_ body: String, _ code: Int) {
    var client = Client(sound)
    #expect(client.server.receive(Array(body.utf8)).first?[["error", "code"]] == .integer(code))
    #expect(client.request("textDocument/hover", client.at("digits"))["contents"] != nil)
  }

  @Test("answers of the client and unknown notifications are silent")
  func silent() {
    var client = Client(sound)
    #expect(client.send(["jsonrpc": "2.0", "id": 9, "result": .null]).isEmpty)
    #expect(client.send(["jsonrpc": "2.0", "method": "$/unknown"]).isEmpty)
  }

  @Test("a request that was cancelled before it was looked at is not answered with a result")
  func cancelled() {
    var client = Client(sound)
    let message: JSON = ["jsonrpc": "2.0", "id": "a", "method": "textDocument/hover", "params": client.at("digits")]
    let replies = client.server.receive(message.bytes) { $0 == .text("a") }
    #expect(replies.first?[["error", "code"]] == -32800)
    #expect(client.server.receive(message.bytes) { $0 == .text("b") }.first?["result"] != nil)
  }

  @Test("positions outside the text are clamped, negative and fractional ones refused")
  func positions() {
    var client = Client(sound)
    func hover(_ line: JSON, _ character: JSON) -> JSON {
      client.request(
        "textDocument/hover", ["textDocument": ["uri": .string(Client.uri)], "position": ["line": line, "character": character]])
    }
    #expect(hover(99_999, 0) == .null)
    #expect(hover(.integer(.max), .integer(.max)) == .null)
    for bad in [JSON.integer(-1), .number(0.5), "0", .null] { #expect(hover(bad, 0)["code"] == -32602) }
  }
}
