import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSema
import Testing

@Suite struct ScheduleTests {
  private let dynamic = """
    state: carry
    allow: [unbounded_truncation]
    weights fc1 {
      from epoch 0: factored(rank: 1/4 of outputs)
      from epoch 4: dense
      from step 4800: factored(rank: 16)
    }
    loss { from epoch 0: cross_entropy  from epoch 6: cross_entropy(smoothing: 0.1) }
    """

  private func timed(_ train: String) -> String {
    program(train: train).replacing("    loss: cross_entropy\n", with: "").replacing("  loss: cross_entropy\n", with: "")
  }

  @Test("phases are cut wherever a timeline changes, epochs and steps together") func phases() {
    let checked = Checked(timed(dynamic))
    #expect(checked.codes == [])
    let phases = checked.program?.phases ?? []
    #expect(checked.program?.stepsPerEpoch == 600)
    #expect(phases.map(\.start) == [.start, Moment(.epoch, 4), Moment(.epoch, 6), Moment(.step, 4800)])
    #expect(phases.map(\.end) == [Moment(.epoch, 4), Moment(.epoch, 6), Moment(.step, 4800), Moment(.epoch, 10)])
    #expect(phases.map(\.forms) == [[0, 0], [1, 0], [1, 0], [2, 0]])
    #expect(checked.program?.weights.first?.spans.map(\.rank) == [16, 0, 16])
  }

  @Test("what begins at the end is a last phase without a step, also where epochs and steps cannot be compared") func end() {
    let clause =
      "weights fc1 { from epoch 0: dense  from epoch 4: factored(rank: 16) by svd(error: 50%, state: carry)  from end: sparse(5%) by svd(error: 90%) }"
    let checked = Checked(program(train: clause))
    #expect(checked.codes == [])
    #expect(checked.program?.phases.map(\.start) == [.start, Moment(.epoch, 4), Moment(.epoch, 10)])
    #expect(checked.program?.phases.map(\.isAtEnd) == [false, false, true])
    #expect(checked.program?.phases.map(\.forms) == [[0, 0], [1, 0], [2, 0]])
    var options = CheckOptions()
    options.shorten = CheckOptions.Share("1/10")
    #expect(
      Checked(
        program(train: clause.replacing("from epoch 4: factored(rank: 16) by svd(error: 50%, state: carry)", with: "")), options: options
      ).program?.phases.last?.start == Moment(.epoch, 1))
    // The length in steps, a form in epochs, and no examples: the end comes last all the same.
    let unknown = Checked(
      program(train: clause).replacing("length: 10 epochs", with: "length: 900 steps").replacing("examples: 60000", with: ""))
    #expect(unknown.program?.phases.map(\.isAtEnd) == [false, false, true] && unknown.program?.stepsPerEpoch == nil)
  }

  @Test("cycles repeat their spans from the start or from where they say") func cycles() {
    let cycle = "state: carry\n weights fc1 { cycle(2) { 3 epochs: factored(rank: 16) by svd(error: 50%)\n 1 epoch: dense } }"
    let first = Checked(program(train: cycle))
    #expect(first.codes == [])
    #expect(first.program?.weights.first?.spans.map(\.start.value) == [0, 3, 4, 7])
    let later = cycle.replacing("{ cycle(2)", with: "{ from epoch 0: dense\n cycle(2, from: epoch 1)")
    #expect(Checked(program(train: later)).program?.weights.first?.spans.map(\.start.value) == [0, 1, 4, 5, 8])
  }

  @Test(
    "steps per epoch follow the split, the last batch and accumulation",
    arguments: [
      ("", "", 600), ("validation: 10%", "", 540), ("examples_: 0", "", 600), ("last_batch: keep", "accumulation: 7", 86),
      ("last_batch: drop", "accumulation: 7", 85),
    ])
  func steps(_ data: String, _ train: String, _ expected: Int) {
    let checked = Checked(program(train: train, data: data.hasPrefix("examples_") ? "" : data))
    #expect(checked.program?.stepsPerEpoch == expected)
  }

  @Test("shortening keeps every transition, scales rounding down and records old and new") func shorten() {
    var options = CheckOptions()
    options.shorten = CheckOptions.Share("1/5")
    let checked = Checked(timed(dynamic), options: options)
    #expect(checked.codes == [])
    #expect(checked.program?.training.length == Duration(.epoch, 2))
    #expect(checked.result.shortened.map(\.written) == ["10 epochs", "epoch 0", "epoch 4", "step 4800", "epoch 0", "epoch 6"])
    #expect(checked.result.shortened.map(\.new) == [2, 0, 1, 960, 0, 1])
  }

  @Test("overrides are typed, replace clauses too, and near names are offered") func overrides() {
    var options = CheckOptions()
    options.overrides = ["train.length=3epochs", "train.rate=cosine(0.2)", "train.loss=cross_entropy(smoothing: 0.2)"].compactMap {
      CheckOptions.Override($0)
    }
    let train = "loss { from epoch 0: cross_entropy }"
    let checked = Checked(timed(train), options: options)
    #expect(checked.codes == [])
    #expect(checked.program?.training.length == Duration(.epoch, 3))
    #expect(checked.program?.training.rate.text(moment: \.text).hasPrefix("cosine(rate: 0.2") == true)
    options.overrides = [CheckOptions.Override(key: "train.batch", value: "0")]
    #expect(Checked(program(), options: options).codes == ["DRN0208"])
    options.overrides = [CheckOptions.Override(key: "train.batch", value: "1 } data x { y: 2")]
    #expect(Checked(program(), options: options).codes.contains("DRN0004"))
  }

  @Test("the break-even rank, the nearest name and both numbers are in the messages") func messages() {
    let saves = Checked(program(train: "weights fc1 { from epoch 0: factored(rank: 60) }"))
    // 784 x 64: 50176 values; 59 * 848 = 50032 is the last below.
    #expect(saves.text(.rankSavesNothing).contains("up to rank 59"))
    #expect(saves.text(.rankSavesNothing).contains("50880 values against 50176"))
    #expect(Checked(program(train: "wieghts fc1 { }")).text(.unknownEntry).contains("`weights`"))
    let group = Checked(program(network: "return image |> flatten |> s: { linear(10) }", train: "weights s { from epoch 0: dense }"))
    #expect(group.text(.unmatchedSelector).contains("`s.**` selects every layer in it"))
  }

  @Test("trainable sets name parameters, and selectors can except") func trainable() {
    let train = "trainable { from epoch 0: **  from epoch 5: [fc2] }"
    let phases = Checked(program(train: train)).program?.phases ?? []
    #expect(phases.map { $0.trainable.sorted() } == [["fc1.bias", "fc1.weight", "fc2.bias", "fc2.weight"], ["fc2.bias", "fc2.weight"]])
    let weights = "weights ** except fc2 { from epoch 0: factored(rank: 16) }"
    #expect(Checked(program(train: weights)).program?.weights.map { $0.spans.first?.rank } == [16, 0])
  }

  @Test("rank events widen the ranks a span may have") func events() {
    let train = "weights fc1 {\n from epoch 0: factored(rank: 48)\n every 2 epochs: trim(below: 0.1, at_least: 0.25, state: carry)\n }"
    let checked = Checked(program(train: train))
    #expect(checked.codes == [])
    #expect(checked.program?.weights.first?.spans.first?.rankBounds == 16...48)
    #expect(checked.program?.events.first?.weights == [0])
  }

  @Test("descriptions name every phase, and equal programs have equal configurations") func descriptions() throws {
    let program = try #require(Checked(timed(dynamic)).program)
    let table = describeSchedule(program)
    #expect(table.contains("factored 16") && table.contains("step 4800") && table.split(separator: "\n").count == 5 + 5)
    #expect(table.contains("6 .. 7  2      0.1"))
    let commented = timed(dynamic).replacing("batch: 100", with: "// a remark\n batch: 50 + 50")
    #expect(resolvedConfiguration(try #require(Checked(commented).program)) == resolvedConfiguration(program))
    let other = timed(dynamic).replacing("smoothing: 0.1", with: "smoothing: 0.2")
    #expect(resolvedConfiguration(try #require(Checked(other).program)) != resolvedConfiguration(program))
    let layers = ["0.1", "0.2"].map {
      DrnSemaTests.program(network: "return image |> flatten |> fc1: linear(64) |> dropout(\($0)) |> fc2: linear(10)", train: "")
    }
    #expect(try resolvedConfiguration(#require(Checked(layers[0]).program)) != resolvedConfiguration(#require(Checked(layers[1]).program)))
  }

  @Test("a trim of `train` widens the ranks of every clause") func trimOfTrain() {
    let text = program(train: "every 1 epochs: trim(below: 0.5, state: carry)\n weights fc1 { from epoch 0: factored(rank: 16) }")
    #expect(Checked(text).program?.weights.first?.spans.first?.rankBounds == 1...16)
  }

  @Test("statements behind a `return` are reported") func unreached() {
    let text = program(network: "let a = image |> flatten |> fc1: linear(10)\n return a\n return nonsense(a)")
    #expect(Checked(text).codes == ["DRN0228"])
  }

  @Test("class weights that are all 0, and a parameter mapped twice, are reported") func pointlessSettings() {
    #expect(Checked(program(train: "class_weights: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]")).codes == ["DRN0208"])
    let map = "weights_from: file(\"w.safetensors\", map: [[\"fc1.bias\", \"a\"], [\"fc1.bias\", \"b\"]])"
    #expect(Checked(program(train: map)).codes == ["DRN0226"])
  }

  @Test(
    "what `except` of `weights_from` cannot mean is reported",
    arguments: [
      ("except: fc1", []), ("except: nothing", ["DRN0223"]), ("except: \"fc1\"", ["DRN0207"]), ("except: **", ["DRN0228"]),
      ("except: fc1, map: [[\"fc1.bias\", \"a\"]]", ["DRN0228"]),
    ])
  func excepted(options: String, codes: [String]) {
    #expect(Checked(program(train: "weights_from: file(\"w.safetensors\", \(options))")).codes == codes)
  }

  @Test("the cost of a check grows linearly") func growth() {
    func time(_ count: Int) -> Swift.Duration {
      let layers = (0..<count).map { "|> l\($0): linear(10)" }.joined(separator: "\n")
      let clauses = (0..<count).map { "weights l\($0) {\n from epoch 0: factored(rank: 4)\n }" }.joined(separator: "\n")
      let text = program(network: "return image |> flatten \(layers)", train: "allow: [rank_unaligned]\n\(clauses)")
      return ContinuousClock().measure { #expect(Checked(text).program?.weights.count == count) }
    }
    _ = time(50)
    let (small, large) = (time(250), time(1000))
    // Four times the size: 4 when linear, 16 when quadratic; 9 leaves room for noise.
    #expect(large < small * 9)
  }
}
