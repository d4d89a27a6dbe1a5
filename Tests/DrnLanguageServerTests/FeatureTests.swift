import DrnJSON
import DrnLanguageServer
import DrnSyntax
import Testing

@Suite struct FeatureTests {
  private func hover(_ mark: String, _ offset: Int = 0, in text: String = sound) -> String? {
    var client = Client(text)
    return client.request("textDocument/hover", client.at(mark, offset))[["contents", "value"]]?.text
  }

  @Test("hovering a layer tells its shape, parameters, cost, and rank over time")
  func layer() throws {
    let text = try #require(hover("stem: "))
    #expect(text.contains("[64] -> [64]"))
    #expect(text.contains("from epoch 0: dense, 4,160 parameters, 4,096 multiply-adds an example"))
    // 16 (64 + 64) + 64 numbers, 2 * 16 * 64 multiply-adds.
    #expect(text.contains("from epoch 14: factored 16, 2,112 parameters, 2,048 multiply-adds an example"))
  }

  @Test("a layer in a block tells of every place it stands in")
  func unfolded() throws {
    let text = try #require(hover("expand: "))
    #expect(text.contains("**stage[0].expand**") && text.contains("`stage[1].expand` [128]"))
  }

  @Test("names, methods, options, settings, keywords and words are explained")
  func words() {
    #expect(hover("mlp(image")?.contains("37,962 parameters while dense") == true)
    #expect(hover("digits")?.contains("10 classes, 1,000 examples") == true)
    #expect(hover("residual(64)")?.contains("block residual(x: tensor, width: int, rate: float = 0.1)") == true)
    #expect(hover("cross_entropy")?.contains("loss") == true)
    #expect(hover("momentum")?.contains("`sgd`") == true)
    #expect(hover("batch: 100")?.contains("examples of one gradient") == true)
    #expect(hover("carry")?.contains("change of coordinates") == true)
    #expect(hover("train mlp")?.contains("**train**") == true)
    #expect(hover("late_truncation")?.contains("DRN") == true)
    #expect(hover("stage.**", 7)?.contains("2 layers") == true)
  }

  @Test("texts have the marks of Markdown only where the client reads it")
  func formats() {
    func contents(_ capabilities: JSON) -> JSON? {
      var client = Client(sound, capabilities: capabilities)
      return client.request("textDocument/hover", client.at("stage.**", 7))["contents"]
    }
    let text = "stage.**.expand: 2 layers: stage[0].expand, stage[1].expand"
    #expect(contents([:])?.text == text)
    #expect(contents(["textDocument": ["hover": ["contentFormat": ["plaintext"]]]]) == ["kind": "plaintext", "value": .string(text)])
    #expect(contents(Client.capable)?["kind"] == "markdown")
  }

  @Test("numbers and space have nothing to say, and a faulty program still has shapes")
  func silent() {
    #expect(hover("100") == nil)
    #expect(hover("\n\nblock") == nil)
    #expect(hover("stem: ", in: sound.replacing("head: linear(10)", with: "head: lnear(10)"))?.contains("[64] -> [64]") == true)
  }

  @Test("the outline has declarations with labels and clauses, nested or flat")
  func outline() {
    var client = Client(sound)
    let nested = client.request("textDocument/documentSymbol", client.document()).items ?? []
    #expect(nested.map { $0["name"]?.text } == ["digits", "residual", "mlp", "train mlp"])
    #expect(nested[2]["children"]?.items?.map { $0["name"]?.text } == ["stem", "stage", "head"])
    var flat = Client(sound, capabilities: [:])
    let listed = flat.request("textDocument/documentSymbol", flat.document()).items ?? []
    #expect(listed.contains { $0["name"] == "stem" && $0["containerName"] == "mlp" })
    var empty = Client("")
    #expect(empty.request("textDocument/documentSymbol", empty.document()) == [])
  }

  @Test("the workspace is searched by letters in order")
  func workspace() {
    var client = Client(sound, files: ["/models/a.drn": "block resnet_part(x: tensor) { return x }"], folders: ["/models"])
    func names(_ query: String) -> [String] {
      (client.request("workspace/symbol", ["query": .string(query)]).items ?? []).compactMap { $0["name"]?.text }
    }
    #expect(names("res") == ["residual", "resnet_part"])
    #expect(names("rsdl") == ["residual"])
    #expect(names("zzz") == [])
  }

  @Test("formatting is what `drnc fmt` does; a formatted or faulty text has no edit")
  func formatting() throws {
    let ugly = sound.replacing("batch: 100", with: "batch  :100")
    var client = Client(ugly)
    let edits = try #require(client.request("textDocument/formatting", client.document()).items)
    #expect(client.applying(edits) == sound)
    #expect(edits.count == 1 && edits[0]["newText"]?.text?.contains("data") == false)
    var formatted = Client(sound)
    #expect(formatted.request("textDocument/formatting", formatted.document()) == [])
    var faulty = Client("network {")
    #expect(faulty.request("textDocument/formatting", faulty.document()) == .null)
  }

  @Test("bodies, comments and imports fold")
  func folding() {
    var client = Client("import \"a.drn\"\nimport \"b.drn\"\n// one\n// two\n" + sound + "// alone\n")
    let folds = client.request("textDocument/foldingRange", client.document()).items ?? []
    #expect(folds.contains { $0["kind"] == "imports" && $0["startLine"] == 0 && $0["endLine"] == 1 })
    #expect(folds.count { $0["kind"] == "comment" } == 1)
    #expect(folds.contains { $0["startLine"] == 4 && $0["endLine"] == 8 })
    var flat = Client("network n(x: tensor[1]) -> tensor[1] { return x }")
    #expect(flat.request("textDocument/foldingRange", flat.document()) == [])
  }

  @Test("semantic tokens cover every word once, in order")
  func tokens() throws {
    var client = Client(sound + "// é😀 comment\n")
    let data = try #require(client.request("textDocument/semanticTokens/full", client.document())["data"]?.items).compactMap(\.whole)
    #expect(data.count % 5 == 0)
    var (line, character, kinds): (Int, Int, [String: Int]) = (0, 0, [:])
    for index in stride(from: 0, to: data.count, by: 5) {
      character = data[index] == 0 ? character + data[index + 1] : data[index + 1]
      line += data[index]
      let start: JSON = ["line": .integer(line), "character": .integer(character)]
      let end: JSON = ["line": .integer(line), "character": .integer(character + data[index + 2])]
      kinds[client.covered(["start": start, "end": end])] = data[index + 3]
    }
    #expect(kinds["network"] == 1 && kinds["mlp"] == 7 && kinds["linear"] == 9 && kinds["momentum"] == 10 && kinds["100"] == 3)
    #expect(kinds["// é😀 comment"] == 0)
  }

  @Test("a fix-it of the checker is an action, and its edit corrects the text")
  func actions() throws {
    var client = Client(sound.replacing("cross_entropy", with: "cross_entrpy"))
    let place = client.place("cross_entrpy", 3)
    func actions(_ only: JSON?, _ place: JSON) -> [JSON] {
      let context: JSON = only.map { ["diagnostics": [], "only": $0] } ?? ["diagnostics": []]
      let range: JSON = ["start": place, "end": place]
      return client.request(
        "textDocument/codeAction", ["textDocument": ["uri": .string(Client.uri)], "range": range, "context": context]
      ).items ?? []
    }
    let action = try #require(actions(nil, place).first)
    #expect(action["kind"] == "quickfix" && action["isPreferred"] == false)
    #expect(client.applying(action[["edit", "changes", Client.uri]]?.items ?? []) == sound)
    #expect(actions(["refactor"], place).isEmpty)
    #expect(actions(nil, client.place("batch")).isEmpty)
  }

  @Test("every safe fix together is an action of its own kind")
  func fixAll() throws {
    var client = Client(sound.replacing("weights stem, stage.**.expand", with: "weights stem, stage"))
    let start = client.place("data")
    let parameters: JSON = [
      "textDocument": ["uri": .string(Client.uri)], "range": ["start": start, "end": start],
      "context": ["diagnostics": [], "only": ["source.fixAll"]],
    ]
    let action = try #require(client.request("textDocument/codeAction", parameters).items?.first)
    #expect(action["kind"] == "source.fixAll.drnc")
    let fixed = client.applying(action[["edit", "changes", Client.uri]]?.items ?? [])
    #expect(fixed.contains("weights stem, stage.** {"))
    client.change(["text": .string(sound)])
    #expect(client.request("textDocument/codeAction", parameters) == [])
  }

  @Test("hints show shapes, and parameters before and after a change of form")
  func hints() {
    var client = Client(sound)
    func hints(_ start: JSON, _ end: JSON) -> [String] {
      let parameters: JSON = ["textDocument": ["uri": .string(Client.uri)], "range": ["start": start, "end": end]]
      return (client.request("textDocument/inlayHint", parameters).items ?? []).compactMap { $0["label"]?.text }
    }
    let all = hints(["line": 0, "character": 0], ["line": 999, "character": 0])
    #expect(all.contains("[128]") && all.contains("[10]"))
    // Dense: 4,160 + 2 (8,320 + 8,256) + 650; at rank 16 the stem and both expands lose 2,048 and 2 * 5,120.
    #expect(all.contains("37,962 parameters"))
    #expect(all.contains("37,962 -> 25,674 parameters"))
    #expect(hints(["line": 0, "character": 0], ["line": 3, "character": 0]).isEmpty)
  }

  @Test("a lens tells what a schedule costs, and its command shows the phases; a faulty training has none")
  func lenses() throws {
    var client = Client(sound)
    let lens = try #require(client.request("textDocument/codeLens", client.document()).items?.first)
    #expect(lens[["command", "title"]]?.text == "2 phases; trains 90.3 % of 37,962 parameters on average; deploys 25,674 (67.6 %)")
    let command = try #require(lens["command"])
    let answer = client.request("workspace/executeCommand", ["command": command["command"] ?? "", "arguments": command["arguments"] ?? []])
    #expect(answer.text?.contains("factored 16") == true)
    #expect(client.notifications.contains { $0["method"] == "window/showMessage" })
    client.change(["text": .string(sound.replacing("batch: 100", with: ""))])
    #expect(client.request("textDocument/codeLens", client.document()) == [])
  }
}
