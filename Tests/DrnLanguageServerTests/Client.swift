import DrnJSON
import DrnDiagnostics
import DrnLanguageServer
import DrnSema
import Foundation
import Synchronization
import Testing

/// Drives a server in process as an editor would.
struct Client {
  var server: LanguageServer
  private var lastID = 0
  /// The diagnostics last published, by document.
  private(set) var diagnostics: [String: JSON] = [:]
  /// Every message of the server that is no answer.
  private(set) var notifications: [JSON] = []

  static let uri = "file:///models/main.drn"
  static let capable: JSON = [
    "general": ["positionEncodings": ["utf-16"]],
    "workspace": ["workspaceEdit": ["documentChanges": false]],
    "textDocument": [
      "hover": ["contentFormat": ["markdown"]],
      "completion": ["completionItem": ["snippetSupport": true, "documentationFormat": ["markdown"]]],
      "publishDiagnostics": ["relatedInformation": true, "codeDescriptionSupport": true],
      "documentSymbol": ["hierarchicalDocumentSymbolSupport": true],
    ],
  ]

  /// A server that was initialized, with files on its disk and, if given, a text opened as `main.drn`.
  init(_ text: String? = nil, files: [String: String] = [:], capabilities: JSON = Client.capable, folders: [String] = []) {
    server = LanguageServer(
      Surroundings(
        read: { files[$0].map { Array($0.utf8) } },
        programs: { folder in files.keys.sorted().filter { $0.hasPrefix(folder) } }, page: { "file:///pages/\($0.id)" }))
    let listed = folders.map { JSON.object([.init("uri", .string("file://" + $0)), .init("name", "folder")]) }
    _ = request("initialize", ["capabilities": capabilities, "workspaceFolders": .array(listed)])
    notify("initialized", [:])
    if let text { open(text) }
  }

  /// The answer to a request: its result or its error.
  mutating func request(_ method: String, _ parameters: JSON) -> JSON {
    lastID += 1
    let id = JSON.integer(lastID)
    let replies = send(["jsonrpc": "2.0", "id": id, "method": .string(method), "params": parameters])
    guard let reply = replies.first(where: { $0["id"] == id }) else { return .null }
    return reply["result"] ?? reply["error"] ?? .null
  }

  mutating func notify(_ method: String, _ parameters: JSON) {
    _ = send(["jsonrpc": "2.0", "method": .string(method), "params": parameters])
  }

  mutating func send(_ message: JSON) -> [JSON] {
    let replies = server.receive(message.bytes)
    keep(replies)
    return replies
  }

  private mutating func keep(_ messages: [JSON]) {
    for message in messages where message["id"] == nil {
      notifications.append(message)
      if message["method"] == "textDocument/publishDiagnostics", let uri = message[["params", "uri"]]?.text {
        diagnostics[uri] = message["params"]
      }
    }
  }

  /// Lets the server check what changed; gives what it published.
  @discardableResult
  mutating func settle() -> [JSON] {
    let messages = server.settle()
    keep(messages)
    return messages
  }

  // MARK: Documents

  mutating func open(_ text: String, as uri: String = Client.uri) {
    notify("textDocument/didOpen", ["textDocument": ["uri": .string(uri), "languageId": "drn", "version": 1, "text": .string(text)]])
    settle()
  }

  mutating func change(_ changes: JSON..., uri: String = Client.uri, version: Int = 2) {
    notify(
      "textDocument/didChange",
      ["textDocument": ["uri": .string(uri), "version": .integer(version)], "contentChanges": .array(changes)])
    settle()
  }

  func text(_ uri: String = Client.uri) -> String { String(decoding: server.text(of: uri) ?? [], as: UTF8.self) }

  /// The codes published for a document.
  func codes(_ uri: String = Client.uri) -> [String] { (diagnostics[uri]?["diagnostics"]?.items ?? []).compactMap { $0["code"]?.text } }

  // MARK: Places

  /// Parameters for the place where `mark` begins in the text, `offset` characters further on.
  func at(_ mark: String, _ offset: Int = 0, uri: String = Client.uri, occurrence: Int = 0) -> JSON {
    ["textDocument": ["uri": .string(uri)], "position": place(mark, offset, uri: uri, occurrence: occurrence)]
  }

  func place(_ mark: String, _ offset: Int = 0, uri: String = Client.uri, occurrence: Int = 0) -> JSON {
    let text = text(uri)
    var start = text.startIndex
    for index in 0...occurrence {
      guard let range = text[start...].range(of: mark) else { return .null }
      if index == occurrence { start = range.lowerBound } else { start = range.upperBound }
    }
    let before = text[..<start]
    let line = before.count { $0 == "\n" }
    let column = before.split(separator: "\n", omittingEmptySubsequences: false).last?.utf16.count ?? 0
    return ["line": .integer(line), "character": .integer(column + offset)]
  }

  func document(_ uri: String = Client.uri) -> JSON { ["textDocument": ["uri": .string(uri)]] }

  /// The text a range covers.
  func covered(_ range: JSON?, _ uri: String = Client.uri) -> String {
    let units = Array(text(uri).utf16)
    func offset(_ position: JSON?) -> Int {
      var line = position?["line"]?.whole ?? 0
      var index = 0
      while line > 0, index < units.count {
        if units[index] == 10 { line -= 1 }
        index += 1
      }
      return min(units.count, index + (position?["character"]?.whole ?? 0))
    }
    let (start, end) = (offset(range?["start"]), offset(range?["end"]))
    return start <= end ? String(decoding: units[start..<end], as: UTF16.self) : "?"
  }

  /// The text with the edits of an answer made, one file.
  func applying(_ edits: [JSON], _ uri: String = Client.uri) -> String {
    var document = Client(text(uri))
    let ordered = edits.sorted { left, right in
      func key(_ edit: JSON) -> (Int, Int) {
        (edit[["range", "start", "line"]]?.whole ?? 0, edit[["range", "start", "character"]]?.whole ?? 0)
      }
      return key(left) > key(right)
    }
    for edit in ordered { document.change(["range": edit["range"] ?? .null, "text": edit["newText"] ?? ""]) }
    return document.text()
  }
}

/// A sound program with a block, groups, and a schedule.
let sound = """
  data digits {
    source: synthetic(examples: 1000, test_examples: 100)
    image: tensor[64]
    label: class(10)
    last_batch: drop
  }

  block residual(x: tensor, width: int, rate: float = 0.1) {
    let y = x |> expand: linear(width * 2) |> relu |> dropout(rate)
    return x + (y |> reduce: linear(width))
  }

  network mlp(image: tensor[64]) -> tensor[10] {
    return image
      |> stem: linear(64) |> relu
      |> stage: { residual(64) |> residual(64, rate: 0.2) }
      |> head: linear(10)
  }

  train mlp on digits {
    length: 20 epochs
    batch: 100
    loss: cross_entropy(smoothing: 0.1)
    optimizer: sgd(momentum: 0.9)
    rate: step(0.1, factor: 0.1, at: [epoch 12, epoch 17])
    state: carry
    allow: [late_truncation]
    weights stem, stage.**.expand {
      from epoch 0: dense
      from epoch 14: factored(rank: 16) by svd(error: 60%)
    }
  }

  """
