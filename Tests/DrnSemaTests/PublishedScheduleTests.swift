import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSema
import DrnSource
import DrnTestSupport
import Foundation
import Testing

/// The schedules of arXiv 2508.08625 as its code configures and runs them, and its mistakes.
@Suite struct PublishedScheduleTests {
  /// A model of the repository with what it imports.
  private func model(_ name: String) throws -> Checked {
    let folder = Repository.url("models")
    func text(_ path: String) throws -> String { try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8) }
    var files: [String: String] = [:]
    for path in ["shared/cifar.drn", "shared/residual.drn"] { files[path] = try text(path) }
    return Checked(try text(name + ".drn"), files: files)
  }

  /// Phase and rate of every epoch by the loop of the reference: the rate falls before the switch, and each switch happens once.
  private func reference(epochs: Int, decays: [Int], inflate: Int, deflate: Int) -> [String] {
    var (phase, rate) = (0, 0.1)
    return (0..<epochs).map { epoch in
      if decays.contains(epoch) { rate *= 0.1 }
      if epoch == inflate { phase = 1 } else if epoch == deflate { phase = 2 }
      return "\(epoch) \(phase) \(String(format: "%.4g", rate))"
    }
  }

  /// The same from the printed table, whose lines stand for runs of epochs.
  private func printed(_ program: CheckedProgram) -> [String] {
    let lines = describeSchedule(program).split(separator: "\n").map(String.init)
    guard let start = lines.firstIndex(where: { $0.hasPrefix("epochs ") }) else { return [] }
    return lines[(start + 1)...].flatMap { line -> [String] in
      let words = line.split(separator: " ").map(String.init)
      guard let first = words.first.flatMap(Int.init), words.count >= 3 else { return ["cannot read \(line)"] }
      let last = words.count == 5 ? Int(words[2]) ?? -1 : first
      return (first...max(first, last)).map { "\($0) \(words[words.count - 2]) \(words[words.count - 1])" }
    }
  }

  @Test(
    "the printed phase and rate of every epoch are those of the reference",
    arguments: [
      ("resnet20_published", 150, [100, 130], 55, 120), ("wrn28_10_published_as_configured", 200, [150, 180], 80, 170),
      ("wrn28_10_published_as_executed", 200, [150, 180], 55, 120),
    ])
  func everyEpoch(name: String, epochs: Int, decays: [Int], inflate: Int, deflate: Int) throws {
    let checked = try model(name)
    let program = try #require(checked.program, "\(renderPlain(checked.result.diagnostics, sources: checked.sources))")
    let expected = reference(epochs: epochs, decays: decays, inflate: inflate, deflate: deflate)
    #expect(printed(program) == expected)
    #expect(expected.count == epochs && Set(expected.map { $0.split(separator: " ").last }).count == 3)
  }

  @Test("the targets are those of the reference: 19 of 23 weights, and 24 of 29") func targets() throws {
    for (name, total, kept) in [
      ("resnet20_published", 23, ["stage1.0.projection", "stage2.0.projection", "stage3.0.projection", "head"]),
      (
        "wrn28_10_published_as_executed", 29,
        ["stage1.0.conv1", "stage1.0.projection", "stage2.0.projection", "stage3.0.projection", "head"]
      ),
    ] {
      let program = try #require(try model(name).program)
      #expect(program.weights.count == total)
      #expect(program.weights.filter { $0.spans.count == 1 }.map(\.name) == kept.map { $0 + ".weight" })
      for weight in program.weights where weight.spans.count == 3 {
        #expect(weight.spans.map(\.rank) == [weight.shape.outputs / 2, 0, weight.shape.outputs / 2])
        #expect(weight.spans[0].form.options.word("initial") == "glorot_each")
        #expect(weight.spans[2].form.options.number("alpha") == 16)
      }
    }
  }

  @Test("what the published schedule deploys is said where nobody allows it") func deployed() throws {
    let folder = Repository.url("models")
    var files: [String: String] = [:]
    for path in ["shared/cifar.drn", "shared/residual.drn"] {
      files[path] = try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
    }
    let text = try String(contentsOf: folder.appendingPathComponent("resnet20_published.drn"), encoding: .utf8)
    let checked = Checked(text.replacing("deployed_form, ", with: ""), files: files)
    #expect(checked.codes == ["DRN0511"])
    #expect(checked.text(.deployedForm).contains("the dense weight of 27 x 16"))
  }

  // MARK: The mistakes of the reference

  private func convolutional(_ train: String, options: String = "") -> String {
    program(
      network: "return image |> conv1: conv2d(16, kernel: 3) |> relu |> conv2: conv2d(32, kernel: 3\(options)) |> relu "
        + "|> global_average_pool |> fc: linear(10)", train: train)
  }

  @Test("a schedule that nothing reads is an error") func unreadSchedule() {
    #expect(Checked(convolutional("rank_adjustment: [80, 170]")).codes == ["DRN0225"])
  }

  @Test("moments out of order are an error, in the rate and in the forms") func unordered() {
    let rate = convolutional("").replacing("rate: 0.1", with: "rate: step(0.1, factor: 0.1, at: [epoch 8, epoch 5])")
    #expect(Checked(rate).codes == ["DRN0304"])
    let forms =
      "state: carry\nweights conv2 {\n from epoch 0: factored(rank: 16)\n from epoch 8: dense\n from epoch 5: factored(rank: 16)\n}"
    #expect(Checked(convolutional(forms)).codes.contains("DRN0304"))
  }

  @Test("weight decay beside a factored weight has to say what it acts on") func silentDecay() {
    let clause = "weights conv2 { from epoch 0: factored(rank: 16) }"
    #expect(Checked(convolutional("weight_decay: 0.0005\n" + clause)).codes == ["DRN0316"])
    #expect(Checked(convolutional("weight_decay: 0.0005\ndecay: none\n" + clause)).codes == [])
  }

  @Test("cp at stride 2 says where its stride lies, and nothing can put it elsewhere") func strideOfCP() {
    let clause = "weights conv2 { from epoch 0: cp(rank: 16) }"
    let checked = Checked(convolutional(clause, options: ", stride: 2"))
    #expect(checked.codes == ["DRN0516"] && checked.program != nil)
    #expect(checked.text(.departsFromSource).contains("1 x k and k x 1"))
    #expect(Checked(convolutional(clause)).codes == [])
    #expect(
      Checked(convolutional("weights conv2 { from epoch 0: cp(rank: 16, stride: last) }", options: ", stride: 2")).codes == ["DRN0204"])
  }
}
