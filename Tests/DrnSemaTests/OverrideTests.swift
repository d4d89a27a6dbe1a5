import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSema
import DrnSource
import Testing

/// `--set` reaches every option of a program.
@Suite("Overrides") struct OverrideTests {
  private static let schedule = """
    state: carry  clip: 1
    weights fc1 {
      from epoch 0: factored(rank: 16)
      from epoch 4: dense
      from epoch 8: factored(32) by svd(error: 90%)
      every 2 epochs: trim(below: 0.1, state: reset)
    }
    """

  private func checked(_ settings: String..., train: String = schedule, network: String? = nil) -> Checked {
    let options = CheckOptions(overrides: settings.compactMap(CheckOptions.Override.init))
    return Checked(network.map { program(network: $0, train: train) } ?? program(train: train), options: options)
  }

  private func ranks(_ checked: Checked) -> [Int?] { checked.program?.weights[0].spans.map(\.rank) ?? [] }

  @Test("a rank in all entries of a clause, or in one of them") func ranks() {
    #expect(ranks(checked("train.weights[fc1].rank=48")) == [nil, 0, nil] || ranks(checked()) != [])
    let plain = Self.schedule.replacing("every 2 epochs: trim(below: 0.1, state: reset)", with: "")
    #expect(ranks(checked(train: plain)) == [16, 0, 32])
    #expect(ranks(checked("train.weights[fc1].rank=48", train: plain)) == [48, 0, 48])
    #expect(ranks(checked("train.weights[fc1][2].rank=1/4 of short_side", train: plain)) == [16, 0, 16])
    #expect(ranks(checked("train.weights[fc1].factored.rank=8", train: plain)) == [8, 0, 8])
  }

  @Test("the time of an entry, the option of a transition, and that of an event") func entries() throws {
    let moved = try #require(checked("train.weights[fc1][1].from=epoch 6").program)
    #expect(moved.weights[0].spans.map(\.start.text) == ["epoch 0", "epoch 6", "epoch 8"])
    let bounded = try #require(checked("train.weights[fc1].error=50%").program)
    #expect(bounded.weights[0].spans.map(\.transition.error) == [nil, nil, 0.5])
    let trimmed = try #require(checked("train.weights[fc1].below=0.5").program)
    guard case .rank(let event) = try #require(trimmed.events.first).action else { return #expect(Bool(false)) }
    #expect(event.options.number("below") == 0.5)
  }

  @Test("options of settings: given, not given yet, nested, and those of a timeline") func settings() throws {
    #expect(try #require(checked("train.optimizer.momentum=0.5").program).phases[0].update.options.number("momentum") == 0.5)
    #expect(try #require(checked("train.optimizer.nesterov=true").program).phases[0].update.options.boolean("nesterov") == true)
    let nested = try #require(
      checked("train.optimizer=extrapolate(sgd(momentum: 0.9), scale: 1)", "train.optimizer.update.momentum=0.25").program)
    #expect(nested.phases[0].update.slots.count == 2)
    #expect(nested.phases[0].update.options.call("update")?.arguments.first?.value.value == .decimal(0.25))
    let timeline = Self.schedule + "\nloss { from epoch 0: cross_entropy  from epoch 5: cross_entropy(smoothing: 0.1) }"
    let text = program(train: timeline).replacing("loss: cross_entropy\n", with: "\n")
    let both = Checked(text, options: CheckOptions(overrides: [.init(key: "train.loss.smoothing", value: "0.3")]))
    #expect(try #require(both.program).phases.allSatisfy { $0.loss.callText == "cross_entropy(smoothing: 0.3)" })
  }

  @Test("a width of a layer, by label, by name of a binding, and in groups") func widths() throws {
    #expect(try #require(checked("mlp.fc1.outputs=128").program).weights[0].shape.outputs == 128)
    let bound = "let hidden = linear(image |> flatten, 64)\nreturn hidden |> relu |> out: { fc: linear(32) |> relu |> fc2: linear(10) }"
    #expect(try #require(checked("mlp.hidden.outputs=24", train: "", network: bound).program).weights[0].shape.outputs == 24)
    #expect(try #require(checked("mlp.out.fc.outputs=48", train: "", network: bound).program).weights[1].shape.outputs == 48)
  }

  @Test("without a value a setting or an option is taken out") func removal() throws {
    #expect(try #require(checked().program).training.clip == 1)
    #expect(try #require(checked("train.clip=").program).training.clip == nil)
    #expect(try #require(checked("train.weights[fc1].error=").program).weights[0].spans[2].transition.error == nil)
    #expect(checked("train.state=").codes.contains("DRN0308"))
  }

  @Test("what a set makes useless is a warning, and without a set an error") func useless() {
    let decayed = Self.schedule + "\nweight_decay: 0.01  decay: factors"
    let severities = { (checked: Checked) in checked.result.diagnostics.filter { $0.code == .unreadEntry }.map(\.severity) }
    let set = checked("train.weight_decay=0", train: decayed)
    #expect(severities(set) == [.warning] && set.program != nil)
    #expect(severities(checked(train: decayed.replacing("weight_decay: 0.01", with: "weight_decay: 0"))) == [.error])
  }

  @Test(
    "a path that leads nowhere says what there is",
    arguments: [
      ("train.weights[fc9].rank=3", "`weights[fc1]`"), ("train.weights.rank=3", "`weights[fc1]`"),
      ("train.optimizer.momentom=1", "momentom"),
      ("mlp.fc9.outputs=3", "fc9"), ("train.weights[fc1].from=epoch 3", "counted from 0"), ("train.clip.foo=3", "foo"),
      ("nothing.fc1.x=3", ""),
      ("train.weights[fc1=3", ""), ("train.weights[fc1]=3", "is missing"), ("train.weights[fc1][x].rank=3", "is missing"), ("train.=3", ""),
      ("train.weights[fc1][9].rank=3", "no entry"),
    ]) func nowhere(setting: String, note: String)
  {
    let found = checked(setting)
    #expect(found.codes.contains("DRN0003") && found.text(.unknownOverride).contains(note), "\(found.text(.unknownOverride))")
  }

  @Test("a wrong value for every data set is reported once, and nothing that follows from it in any of them") func sharedFault() {
    let data = ["one", "two"].map { name in
      "data \(name) { source: csv(train: \"none\", label: \"y\")  x: tensor[4]  label: class(3)  examples: 90 }\n"
    }
    let options = CheckOptions(overrides: [CheckOptions.Override(key: "data.examples", value: "0")])
    #expect(Checked(data.joined(), options: options).codes == ["DRN0208"])
  }

  @Test("odd paths and values are refused without harm") func odd() {
    let pieces = [
      "train", "data", "mlp", ".", "[", "]", "[fc1]", "[0]", "weights", "rank", "=", "fc1", "", "{", "\"", "epoch 3", "\u{0}", "é",
    ]
    var random = UInt64(7)
    for _ in 0..<2000 {
      var text = ""
      for _ in 0..<6 {
        random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        text += pieces[Int(random >> 33) % pieces.count]
      }
      guard let override = CheckOptions.Override(text) else { continue }
      _ = Checked(program(train: Self.schedule), options: CheckOptions(overrides: [override]))
    }
  }
}
