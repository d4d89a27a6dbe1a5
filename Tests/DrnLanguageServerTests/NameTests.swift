import DrnJSON
import DrnLanguageServer
import Testing

@Suite struct NameTests {
  private func definition(_ client: inout Client, _ mark: String, _ offset: Int = 0, occurrence: Int = 0) -> String? {
    let result = client.request("textDocument/definition", client.at(mark, offset, occurrence: occurrence)).items?.first
    return result.map {
      "\(($0["uri"]?.text ?? "").split(separator: "/").last ?? "") \(client.covered($0["range"])) \($0[["range", "start", "line"]]?.whole ?? -1)"
    }
  }

  @Test("a name leads to its declaration")
  func definitions() {
    var client = Client(sound)
    #expect(definition(&client, "mlp on") == "main.drn mlp 12")
    #expect(definition(&client, "digits {", occurrence: 1) == "main.drn digits 0")
    #expect(definition(&client, "residual(64)") == "main.drn residual 7")
    #expect(definition(&client, "rate: 0.2") == "main.drn rate 7")
    #expect(definition(&client, "y |> reduce") == "main.drn y 8")
    #expect(definition(&client, "width)") == "main.drn width 7")
    #expect(definition(&client, "stem, stage") == "main.drn stem 14")
    #expect(definition(&client, "expand {") == "main.drn expand 8")
  }

  @Test("a word of the vocabulary has none, nor has space")
  func noDefinition() {
    var client = Client(sound)
    #expect(client.request("textDocument/definition", client.at("cross_entropy")) == .null)
    #expect(client.request("textDocument/definition", client.at("  batch")) == .null)
    #expect(client.request("textDocument/definition", client.at("momentum")) == .null)
  }

  @Test("references are all places and no other")
  func references() {
    var client = Client(sound)
    func count(_ mark: String, declared: Bool) -> Int? {
      guard case .object(let members) = client.at(mark) else { return nil }
      let parameters = JSON.object(members + [.init("context", ["includeDeclaration": .boolean(declared)])])
      return client.request("textDocument/references", parameters).items?.count
    }
    #expect(count("residual(x", declared: true) == 3)
    #expect(count("residual(x", declared: false) == 2)
    #expect(count("expand:", declared: true) == 2)
    #expect(count("rate: float", declared: true) == 3)
    #expect(count("cross_entropy", declared: true) == 0)
    #expect(client.request("textDocument/documentHighlight", client.at("residual(x")).items?.count == 3)
  }

  // MARK: Rename

  private func rename(_ client: inout Client, _ mark: String, to name: String) -> JSON {
    guard case .object(let members) = client.at(mark) else { return .null }
    return client.request("textDocument/rename", .object(members + [.init("newName", .string(name))]))
  }

  private func renamed(_ client: inout Client, _ mark: String, to name: String) -> String {
    let edit = rename(&client, mark, to: name)
    return client.applying(edit[["changes", Client.uri]]?.items ?? [])
  }

  @Test("a block, a label with its selectors, a parameter and a binding are renamed everywhere")
  func renames() {
    var client = Client(sound)
    #expect(renamed(&client, "residual(x", to: "skip") == sound.replacing("residual", with: "skip"))
    #expect(renamed(&client, "stage.**", to: "body") == sound.replacing("stage", with: "body"))
    #expect(renamed(&client, "expand {", to: "up") == sound.replacing("expand", with: "up"))
    #expect(renamed(&client, "width: int", to: "size") == sound.replacing("width", with: "size"))
    #expect(renamed(&client, "y |> reduce", to: "wide") == sound.replacing("let y", with: "let wide").replacing("(y |>", with: "(wide |>"))
  }

  @Test("prepare gives the name and its place, and nothing on a keyword")
  func prepare() {
    var client = Client(sound)
    let answer = client.request("textDocument/prepareRename", client.at("stem, stage", 2))
    #expect(answer["placeholder"] == "stem")
    #expect(client.covered(answer["range"]) == "stem")
    #expect(client.request("textDocument/prepareRename", client.at("block residual")) == .null)
    #expect(client.request("textDocument/prepareRename", client.at("cross_entropy")) == .null)
  }

  @Test(
    "a name that would not mean the same is refused",
    arguments: [
      ("residual(x", "2x"), ("residual(x", "train"), ("residual(x", ""), ("residual(x", "linear"), ("stem: ", "head"), ("y |> reduce", "x"),
      ("width: int", "rate"), ("cross_entropy", "other"), ("batch", "size"),
    ])
  func refused(_ mark: String, _ name: String) {
    var client = Client(sound)
    #expect(rename(&client, mark, to: name)["code"] == -32803)
    #expect(client.text() == sound)
  }

  @Test("a rename reaches the files that import, open or not")
  func acrossImports() {
    let common = "block wide(x: tensor) { return x |> fc: linear(64) |> relu }\n"
    let text =
      "import \"common.drn\"\n" + sound.replacing("stem: linear(64)", with: "stem: wide").replacing("weights stem, ", with: "weights ")
    var client = Client(text, files: ["/models/common.drn": common, "/models/other.drn": text], folders: ["/models"])
    let changes = rename(&client, "wide |>", to: "broad")["changes"]
    #expect(changes?[Client.uri]?.items?.count == 1)
    #expect(changes?["file:///models/common.drn"]?.items?.count == 1)
    #expect(changes?["file:///models/other.drn"]?.items?.count == 1)
    #expect(definition(&client, "wide |>")?.hasPrefix("common.drn") == true)
    let file = client.request("textDocument/definition", client.at("\"common.drn\"", 2)).items?.first
    #expect(file?["uri"] == "file:///models/common.drn")
  }

  @Test("document changes carry versions where the client takes them")
  func versions() {
    var client = Client(sound, capabilities: ["workspace": ["workspaceEdit": ["documentChanges": true]]])
    let change = rename(&client, "residual(x", to: "skip")["documentChanges"]?.items?.first
    #expect(change?[["textDocument", "version"]] == 1)
    #expect(change?["edits"]?.items?.count == 3)
  }
}
