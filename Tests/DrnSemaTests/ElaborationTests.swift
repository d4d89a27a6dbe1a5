import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSema
import Foundation
import Testing

@Suite struct ElaborationTests {
  @Test("groups and repeats number their children, labels name them") func names() {
    let blocks = "block unit(x: tensor, width: int) {\n return x |> fc: linear(width) |> relu\n}\n"
    let body =
      "return image |> flatten |> stage: { unit(64) |> repeat(2) { unit(64) } } |> pairs: repeat(2) { a: linear(64) |> relu } |> head: linear(10)"
    let checked = Checked(blocks + program(network: body))
    #expect(checked.codes == [])
    let paths = checked.program?.network.nodes.map(\.path) ?? []
    #expect(
      paths == [
        "flatten", "stage[0].fc", "stage[0].relu", "stage[1].fc", "stage[1].relu", "stage[2].fc", "stage[2].relu", "pairs[0].a",
        "pairs[0][0]",
        "pairs[1].a", "pairs[1][0]", "head",
      ])
    #expect(checked.program?.weights.map(\.name).prefix(2) == ["stage.0.fc.weight", "stage.1.fc.weight"])
    #expect(Set(paths).count == paths.count)
  }

  @Test("a let names its layer, and + adds tensors") func bindings() {
    let body =
      "let flat = image |> flatten\n let hidden = flat |> linear(10)\n let other = linear(flat, 10)\n return hidden + other + hidden"
    let checked = Checked(program(network: body))
    #expect(checked.codes == [])
    #expect(checked.program?.network.nodes.map(\.path) == ["flat", "hidden", "other", "add", "add_1"])
    #expect(checked.program?.network.nodes.last?.inputs == [.node(3), .node(1)])
  }

  @Test("constants are exact, and a condition chooses a branch") func constants() {
    let body =
      "let width = if 7 div 2 == 3 and not (1/3 + 1/6 != 1/2) { 2 * 32 } else { 1 }\n return image |> flatten |> fc: linear(width mod 50) |> if width > 60 { relu } |> head: linear(10)"
    let checked = Checked(program(network: body))
    #expect(checked.codes == [])
    #expect(checked.program?.network.nodes.map(\.path) == ["flatten", "fc", "relu", "head"])
    #expect(checked.program?.network.nodes[1].shape == [14])
  }

  @Test("a block's errors are reported once, however often it is unfolded, and nothing follows from them") func once() {
    let blocks = "block unit(x: tensor) {\n return x |> fc: linear(0) |> relu\n}\n"
    let checked = Checked(
      blocks
        + program(
          network: "return image |> flatten |> a: repeat(9) { unit } |> head: linear(10)",
          train: "weights a.** { from epoch 0: factored(rank: 4) }"))
    #expect(checked.codes == ["DRN0208"])
  }

  @Test("deep nesting is a diagnostic, not a crash") func depth() {
    let deep = String(repeating: "relu(", count: 150) + "image" + String(repeating: ")", count: 150)
    #expect(Checked(program(network: "return \(deep)")).codes == ["DRN0222"])
    let sum = Array(repeating: "1", count: 300).joined(separator: " + ")
    #expect(Checked(program(network: "return image |> flatten |> fc: linear(\(sum) - 290)")).codes == [])
    let blocks = (0..<100).map { "block b\($0)(x: tensor) {\n return x |> a: b\($0 + 1) |> c: b\($0 + 1)\n}\n" }.joined()
    let chain = Checked(
      blocks + "block b100(x: tensor) {\n return x |> relu\n}\n" + program(network: "return image |> flatten |> top: b0 |> fc: linear(10)"))
    #expect(chain.codes.contains("DRN0222"))
  }

  @Test("both shapes of a mismatch are named, with the place each comes from") func shapes() throws {
    let checked = Checked(
      program(network: "let flat = image |> flatten\n let a = linear(flat, 20)\n let b = flat |> linear(30)\n return a + b"))
    let diagnostic = try #require(checked.result.diagnostics.first)
    #expect(diagnostic.code == .shapeMismatch)
    #expect(diagnostic.secondary.map(\.message) == ["`a` has the shape [20]", "`b` has the shape [30]"])
  }

  @Test("an imported file gives blocks, relative to the importing file") func imports() {
    let text = "import \"parts/common.drn\"\n" + program(network: "return image |> flatten |> u: unit |> fc: linear(10)")
    let files = [
      "parts/common.drn": "import \"deep/../other.drn\"\nblock unit(x: tensor) {\n return x |> inner: twice\n}\n",
      "parts/other.drn": "block twice(x: tensor) {\n return x |> relu |> relu\n}\n",
    ]
    #expect(Checked(text, files: files).codes == [])
    #expect(Checked(text, files: ["parts/common.drn": files["parts/common.drn"] ?? ""]).codes.contains("DRN0001"))
  }

  @Test("any bytes give diagnostics, never a trap", arguments: [0, 3, 7, 11, 19])
  func mutations(_ seed: Int) {
    let text = Array(
      program(
        train:
          "state: carry\n weights fc* { from epoch 0: factored(rank: 1/2 of outputs)\n from epoch 5: dense }\n cycle(2) { 1 epoch: dense }"
      ).utf8)
    for start in stride(from: seed, to: text.count, by: 23) {
      var cut = text
      cut.removeSubrange(start..<min(start + 1 + seed % 5, cut.count))
      _ = Checked(String(decoding: cut, as: UTF8.self)).codes
    }
  }

  @Test("a layer's own `initial` holds against that of `train`, which is for all others") func ownInitializer() throws {
    let network = "return image |> flatten |> fc1: linear(64, initial: he) |> relu |> fc2: linear(10)"
    let found = try #require(Checked(program(network: network, train: "initial: zeros")).program)
    #expect(found.weights.map(\.initializer) == [.heNormal, .zeros])
    let unread = Checked(program(network: "return image |> flatten |> fc1: linear(10, initial: fan_in)", train: "initial: zeros"))
    #expect(unread.codes == ["DRN0228"])
  }

  /// A program whose loss is the call, and the block it names.
  private func lossProgram(_ call: String, _ block: String) -> Checked {
    Checked("block own(\(block) }\n" + program().replacingOccurrences(of: "loss: cross_entropy", with: "loss: \(call)"))
  }

  @Test("a block of two tensors is a loss, with constants by name, by place and by default") func writtenLoss() {
    let block =
      "outputs: tensor, wanted: tensor, factor: float = 2, more: int = 1) { return square(outputs - wanted) |> scale(factor) |> shift(more)"
    for (call, text) in [
      ("own", "own(factor: 2, more: 1)"), ("own(3)", "own(factor: 3, more: 1)"), ("own(more: 4, factor: 0.5)", "own(factor: 0.5, more: 4)"),
    ] {
      let checked = lossProgram(call, block)
      #expect(checked.codes == [], "\(call)")
      #expect(checked.program?.phases.first?.loss.callText == text)
      #expect(checked.program?.phases.first?.loss.takesClasses == true)
    }
  }

  @Test(
    "what is no loss, or is called wrongly, is said at its place",
    arguments: [
      ("own", "outputs: tensor) { return outputs", Code.lossBlock),
      ("own", "factor: float, outputs: tensor, wanted: tensor) { return outputs - wanted", .lossBlock),
      ("own", "outputs: tensor, wanted: tensor, third: tensor) { return outputs - wanted", .lossBlock),
      ("own", "outputs: tensor, wanted: tensor) { return (outputs |> fc: linear(10)) - wanted", .lossBlock),
      ("own", "outputs: tensor, wanted: tensor) { return (outputs |> dropout(0.5)) - wanted", .lossBlock),
      ("own", "outputs: tensor, wanted: tensor) { return square(wanted)", .lossBlock),
      ("own", "outputs: tensor, wanted: tensor) { return 3", .missingReturn),
      ("own", "outputs: tensor[3], wanted: tensor) { return outputs - wanted", .resultShape),
      ("own", "outputs: tensor, wanted: tensor) { return own(outputs, wanted)", .recursiveBlock),
      ("own(1)", "outputs: tensor, wanted: tensor) { return outputs - wanted", .surplusArgument),
      ("own(factor: 1)", "outputs: tensor, wanted: tensor) { return outputs - wanted", .unknownOption),
      ("own", "outputs: tensor, wanted: tensor, factor: float) { return (outputs - wanted) |> scale(factor)", .missingOption),
      (
        "own(1, factor: 2)", "outputs: tensor, wanted: tensor, factor: float) { return (outputs - wanted) |> scale(factor)",
        .duplicateOption
      ),
    ])
  func wrongLosses(call: String, block: String, code: Code) { #expect(lossProgram(call, block).codes == [code.id]) }

  @Test("a mistyped loss of one's own is offered its block, and one of a file that is missing is left alone") func mistypedLoss() {
    let checked = lossProgram("onw", "outputs: tensor, wanted: tensor) { return outputs - wanted")
    #expect(checked.codes.contains(Code.unknownMethod.id))
    let fixes = checked.result.diagnostics.first { $0.code == .unknownMethod }?.fixIts ?? []
    #expect(fixes.flatMap(\.edits).map(\.replacement) == ["own"])
    let lacking = Checked("import \"absent.drn\"\n" + program().replacingOccurrences(of: "loss: cross_entropy", with: "loss: own"))
    #expect(!lacking.codes.contains(Code.unknownMethod.id) && !lacking.codes.isEmpty)
  }
}
