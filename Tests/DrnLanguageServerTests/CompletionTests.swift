import DrnDiagnostics
import DrnJSON
import DrnLanguageServer
import DrnMethods
import DrnProgram
import DrnSema
import Testing

@Suite struct CompletionTests {
  /// What is offered at `|`, which is taken out of the text first.
  private func offers(_ text: String, capabilities: JSON = Client.capable) throws -> [String: JSON] {
    let offset = try #require(text.firstRange(of: "|@|")?.lowerBound)
    let before = text[..<offset]
    var client = Client(text.replacing("|@|", with: ""), capabilities: capabilities)
    let lines = before.split(separator: "\n", omittingEmptySubsequences: false)
    let position: JSON = ["line": .integer(lines.count - 1), "character": .integer(lines.last?.utf16.count ?? 0)]
    let answer = client.request("textDocument/completion", ["textDocument": ["uri": .string(Client.uri)], "position": position])
    let items = answer.items ?? []
    return Dictionary(items.compactMap { item in item["label"]?.text.map { ($0, item) } }) { first, _ in first }
  }

  private func train(_ line: String) -> String { sound.replacing("    state: carry", with: "XX").replacing("state: carry", with: line) }

  @Test("between declarations the keywords are offered")
  func topLevel() throws {
    let found = try offers("|@|\n" + sound)
    #expect(found["network"] != nil && found["import"] != nil)
    #expect(found["linear"] == nil && found["batch"] == nil)
  }

  @Test("in `train` the settings are offered with what they mean, in `data` its own")
  func settings() throws {
    let found = try offers(train("we|@|"))
    #expect(found["weight_decay"]?[["documentation", "value"]]?.text?.contains("coefficient") == true)
    #expect(found["weights"] != nil && found["every"] != nil)
    #expect(found["source"] == nil && found["linear"] == nil)
    let data = try offers(sound.replacing("last_batch: drop", with: "|@|"))
    #expect(data["validation"] != nil && data["optimizer"] == nil)
  }

  @Test("every setting and clause the checker knows is offered with a meaning and an example")
  func glossary() throws {
    func expectDocumented(_ settings: [SettingSpec], _ found: [String: JSON]) {
      for name in settings.map(\.name) {
        let text = found[name]?[["documentation", "value"]]?.text ?? ""
        #expect(text.contains("`\(name): ") && text.count > name.count + 12, "\(name): \(text)")
      }
    }
    expectDocumented(EditorVocabulary.dataSettings, try offers(sound.replacing("last_batch: drop", with: "|@|")))
    expectDocumented(EditorVocabulary.trainSettings, try offers(train("|@|")))
    let clauses = EditorVocabulary.trainClauses.filter { clause in !EditorVocabulary.trainSettings.contains { $0.name == clause } }
    for name in clauses { #expect(try offers(train("|@|"))[name]?[["documentation", "value"]]?.text?.count ?? 0 > 12, "\(name)") }
  }

  @Test("preparations, augmentations and lints are offered where they may stand")
  func dataMethods() throws {
    let data = { (line: String) in sound.replacing("last_batch: drop", with: line) }
    #expect(try offers(data("augment: [|@|]"))["pad_crop"]?["documentation"] != nil)
    #expect(try offers(data("augment: |@|"))["cutout"] != nil)
    #expect(try offers(data("prepare: |@|"))["standardize"] != nil)
    #expect(try offers(train("deny: [|@|]"))["cold_optimizer"] != nil && offers(train("warn: [|@|]"))["cold_optimizer"] != nil)
  }

  @Test("after a setting its methods are offered, and the word being typed is replaced")
  func values() throws {
    let found = try offers(train("state: carry").replacing("loss: cross_entropy(smoothing: 0.1)", with: "loss: cro|@|"))
    #expect(found["cross_entropy"] != nil && found["sgd"] == nil)
    #expect(found["cross_entropy"]?[["textEdit", "range", "start", "character"]] == 8)
    #expect(Set(try offers(train("state: |@|")).keys) == ["reset", "restart", "carry", "prune"])
    #expect(Set(try offers(train("select: |@|")).keys) == ["accuracy", "balanced_accuracy", "loss", "last"])
    #expect(try offers(train("allow: [co|@|]"))["cold_optimizer"]?["detail"]?.text?.hasPrefix("DRN") == true)
    #expect(try offers(train("every 2 epochs: |@|"))["report"] != nil)
    #expect(try offers(train("at end: |@|"))["trim"] != nil)
    #expect(try offers(train("every 2 epochs: report(|@|)"))["stable_rank"] != nil)
  }

  @Test("a setting is offered what it takes, and nothing else") func settingValues() throws {
    for (owner, settings) in [("train", EditorVocabulary.trainSettings), ("data", EditorVocabulary.dataSettings)] {
      for setting in settings {
        let line = "\(setting.name): |@|"
        let found = Set(try offers(owner == "train" ? train(line) : sound.replacing("last_batch: drop", with: line)).keys)
        switch setting.kind {
        case .method(let family, _), .methods(let family): #expect(found == Set(family.specs.map(\.name)), "\(setting.name)")
        case .option(.word(let words)): #expect(found == Set(words), "\(setting.name)")
        case .lints: #expect(found == Set(EditorVocabulary.lints.map(\.name)), "\(setting.name)")
        case .option, .list, .label, .selectors, .requirement: break
        }
      }
    }
    #expect(Set(try offers(train("weights ** { update: |@| }")).keys) == Set(EditorVocabulary.updates.map(\.name)))
    #expect(try offers(train("weights ** { |@| }"))["update"] != nil)
    let report = Set(try offers(train("at end: report(|@|)")).keys)
    #expect(report == Set(EditorVocabulary.measurements.map(\.name)))
    let event = Set(try offers(train("at end: |@|")).keys)
    #expect(event == Set(EditorVocabulary.events.map(\.name)))
  }

  @Test("in a call the options not given yet are offered, with their documentation")
  func options() throws {
    let found = try offers(sound.replacing("sgd(momentum: 0.9)", with: "sgd(momentum: 0.9, |@|)"))
    #expect(found["nesterov"] != nil && found["momentum"] == nil)
    let rank = try offers(sound.replacing("factored(rank: 16)", with: "factored(rank: |@|)"))
    #expect(rank["full"] != nil && rank["current"] != nil && rank["sgd"] == nil)
  }

  @Test("in a weights clause the forms and times are offered, after `by` the transitions")
  func forms() throws {
    #expect(try offers(sound.replacing("from epoch 0: dense", with: "from epoch 0: |@|"))["factored"] != nil)
    #expect(try offers(sound.replacing("from epoch 0: dense", with: "from |@|"))["epoch"] != nil)
    #expect(try offers(sound.replacing("from epoch 0: dense", with: "|@|"))["from"] != nil)
    #expect(try offers(sound.replacing("by svd(error: 60%)", with: "by |@|"))["svd"] != nil)
    #expect(try offers(sound.replacing("from epoch 0: dense", with: "cycle(2) { 5 epochs: |@| }"))["factored"] != nil)
  }

  @Test("selectors are offered with what they match; in a body they are not")
  func selectors() throws {
    let found = try offers(sound.replacing("weights stem, stage.**.expand {", with: "weights stem, |@| {"))
    #expect(found["stage[0].expand"] != nil && found["head"] != nil)
    #expect(found["stage.**"]?["detail"] == "4 layers with a matrix")
    #expect(found["relu"] == nil && found["linear"] == nil)
  }

  @Test("in a pipeline layers and blocks are offered, where a tensor stands names too")
  func stages() throws {
    let piped = try offers(sound.replacing("|> stem: linear(64)", with: "|> stem: |@|"))
    #expect(piped["linear"] != nil && piped["residual"] != nil && piped["image"] == nil)
    let tensor = try offers(sound.replacing("return x +", with: "return |@| +"))
    #expect(tensor["x"] != nil && tensor["y"] != nil)
    #expect(try offers(sound.replacing("residual(64, rate: 0.2)", with: "residual(64, |@|)"))["rate"] != nil)
  }

  @Test("names of declarations follow `train` and `on`, imported ones too")
  func names() throws {
    #expect(Set(try offers(sound.replacing("train mlp on", with: "train |@| on")).keys) == ["mlp"])
    #expect(Set(try offers(sound.replacing("on digits {", with: "on |@| {")).keys) == ["digits"])
  }

  @Test("in comments and strings nothing is offered")
  func silent() throws {
    #expect(try offers("// |@|\n" + sound).isEmpty)
    #expect(try offers("import \"|@|\"\n" + sound).isEmpty)
  }

  @Test("snippets go only to clients that take them")
  func snippets() throws {
    #expect(try offers(train("re|@|"))["rewarm"]?["insertTextFormat"] == 2)
    let plain = try offers(train("re|@|"), capabilities: [:])
    #expect(plain["rewarm"]?["insertTextFormat"] == 1)
    #expect(plain["rewarm"]?[["textEdit", "newText"]] == "rewarm")
  }

  @Test("a call shows its options, with the one at the cursor marked")
  func signatures() {
    var client = Client(sound)
    func help(_ mark: String, _ offset: Int) -> JSON { client.request("textDocument/signatureHelp", client.at(mark, offset)) }
    func active(_ help: JSON) -> String? {
      guard let index = help["activeParameter"]?.whole, let all = help["signatures"]?.items?.first?["parameters"]?.items else { return nil }
      return all.indices.contains(index) ? all[index]["label"]?.text : nil
    }
    #expect(active(help("sgd(", 5))?.hasPrefix("momentum") == true)
    #expect(active(help("step(0.1", 6)) == "rate")
    #expect(active(help("linear(10)", 8)) == "outputs")
    #expect(active(help("residual(64, rate: 0.2)", 21)) == "rate: float = 0.1")
    #expect(active(help("residual(64)", 10)) == "width: int")
    #expect(help("batch: 100", 8) == .null)
  }
}
