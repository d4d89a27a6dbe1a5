import DrnJSON
import DrnLanguageServer
import Testing

@Suite struct DiagnosticTests {
  private func first(_ client: Client, _ uri: String = Client.uri) -> JSON? { client.diagnostics[uri]?["diagnostics"]?.items?.first }

  @Test("a sound program has an empty list, with the version it is about")
  func clean() {
    let client = Client(sound)
    #expect(client.codes() == [])
    #expect(client.diagnostics[Client.uri]?["version"] == 1)
  }

  @Test("a fault is reported where it is, with code, page, severity and source")
  func fault() {
    let client = Client(sound.replacing("cross_entropy", with: "cross_entrpy"))
    let diagnostic = first(client)
    #expect(client.codes().count == 1)
    #expect(client.covered(diagnostic?["range"]) == "cross_entrpy")
    #expect(diagnostic?["severity"] == 1)
    #expect(diagnostic?["source"] == "drnc")
    #expect(diagnostic?[["codeDescription", "href"]]?.text == "file:///pages/\(client.codes().first ?? "")")
    #expect(diagnostic?["message"]?.text?.contains("cross_entropy") == true)
  }

  @Test("two places that disagree are related; a client that cannot show that has them in the message")
  func related() {
    let text = sound.replacing("head: linear(10)", with: "head: linear(9)")
    let related = first(Client(text))?["relatedInformation"]?.items ?? []
    #expect(!related.isEmpty)
    #expect(related.allSatisfy { $0[["location", "uri"]] == .string(Client.uri) && $0["message"]?.text?.isEmpty == false })
    let plain = first(Client(text, capabilities: [:]))
    #expect(plain?["relatedInformation"] == nil)
    #expect(plain?["message"]?.text?.contains("line ") == true)
  }

  @Test("columns count UTF-16 units, or bytes where that was agreed")
  func units() {
    let shifted = "import \"é😀.drn\"  // not there\n" + sound
    #expect(first(Client(shifted))?[["range", "end", "character"]] == 16)
    let bytes = Client(shifted, capabilities: ["general": ["positionEncodings": ["utf-8"]]])
    #expect(first(bytes)?[["range", "end", "character"]] == 19)
  }

  @Test("a requirement that shapes decide is held; one that is met is silent")
  func requirement() {
    func codes(_ limit: String) -> [String] {
      Client(sound.replacing("state: carry", with: "state: carry\n  require: average(trainable_parameters) <= \(limit) * dense_cost"))
        .codes()
    }
    #expect(codes("0.1").count == 1)
    #expect(codes("1") == [])
  }

  @Test("a correction takes the diagnostics back")
  func corrected() {
    var client = Client(sound.replacing("linear(10)", with: "linear()"))
    #expect(!client.codes().isEmpty)
    client.change(["range": ["start": client.place("head: linear()", 13), "end": client.place("head: linear()", 13)], "text": "10"])
    #expect(client.text() == sound)
    #expect(client.codes() == [])
    #expect(client.diagnostics[Client.uri]?["version"] == 2)
  }

  @Test("nothing is published twice, and closing clears")
  func quiet() {
    var client = Client(sound)
    #expect(client.settle().isEmpty)
    client.change(["text": "network"])
    #expect(!client.codes().isEmpty)
    client.notify("textDocument/didClose", client.document())
    #expect(client.settle().count == 1)
    #expect(client.codes() == [])
  }

  // MARK: Imports

  private let common = "block wide(x: tensor) { return x |> fc: linear(64, bias: false) |> relu }\n"
  private var importer: String {
    "import \"common.drn\"\n" + sound.replacing("stem: linear(64)", with: "stem: wide").replacing("weights stem, ", with: "weights ")
  }

  @Test("a fault of an imported file is published for it")
  func imported() {
    let uri = "file:///models/common.drn"
    let client = Client(importer, files: ["/models/common.drn": common.replacing("linear(64", with: "linear(0")])
    #expect(client.codes(uri).count == 1)
    #expect(Client(importer, files: ["/models/common.drn": common]).codes(uri) == [])
  }

  @Test("an edit of an open import rechecks who imports it; closing it goes back to the disk")
  func openImport() {
    let uri = "file:///models/common.drn"
    var client = Client(importer, files: ["/models/common.drn": common])
    #expect(client.codes() == [])
    client.open(common.replacing("wide", with: "narrow"), as: uri)
    #expect(!client.codes().isEmpty)
    client.notify("textDocument/didClose", client.document(uri))
    client.settle()
    #expect(client.codes() == [])
  }

  @Test("an import that is missing is found once it is opened")
  func lateImport() {
    var client = Client(importer)
    #expect(!client.codes().isEmpty)
    client.open(common, as: "file:///models/common.drn")
    #expect(client.codes() == [])
  }
}
