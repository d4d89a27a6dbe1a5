import DrnDiagnostics
import DrnSema
import DrnSource
import DrnSyntax
import Foundation
import Testing

/// One fault gets one message, and a fix does not make it worse.
@Suite("One fault, one message") struct OneMessageTests {
  private func errors(_ text: String) -> [String] { Checked(text).result.diagnostics.filter { $0.severity == .error }.map(\.code.id) }

  private func fixed(_ text: String, _ code: Code) -> [String] {
    let checked = Checked(text)
    let fixes = checked.result.diagnostics.first { $0.code == code }?.fixIts ?? []
    let source = SourceFile(id: FileID(0), name: "main.drn", bytes: Array(text.utf8))
    return fixes.map { String(decoding: apply([$0], to: source), as: UTF8.self) }
  }

  @Test("an unnamed argument that has lost its name is not missing too, and its fix names it") func unnamed() {
    let text = program(network: "return image |> c: conv2d(4, groups: 1, 3) |> flatten |> fc: linear(10)")
    #expect(errors(text) == ["DRN0209"])
    #expect(fixed(text, .surplusArgument).first.map { errors($0) } == [])
    #expect(fixed(text, .surplusArgument).first?.contains("kernel: 3") == true)
  }

  @Test("of two different values of one setting the fix keeps either, of two equal ones the first") func doubled() {
    let different = program(train: "clip: 1\nclip: 2")
    #expect(errors(different) == ["DRN0226"])
    let kept = fixed(different, .duplicateEntry)
    #expect(kept.count == 2 && kept[0].contains("clip: 2") && !kept[0].contains("clip: 1") && kept[1].contains("clip: 1"))
    #expect(kept.allSatisfy { errors($0).isEmpty })
    #expect(fixed(program(train: "clip: 1\nclip: 1"), .duplicateEntry).count == 1)
  }

  @Test("no fix writes a number that only bounds what can be represented") func bounds() {
    let text = program(train: "clip: 0")
    #expect(errors(text) == ["DRN0208"] && fixed(text, .optionRange).isEmpty)
  }

  @Test("a clause written as a setting is shown as a clause") func clause() {
    let checked = Checked(program(train: "weights: \"fc1\""))
    #expect(checked.codes == ["DRN0225"] && checked.text(.unknownEntry).contains("weights ... {"))
  }

  @Test(
    "text in UTF-16, of either order and with or without its mark, is one error that names it", arguments: [true, false], [true, false])
  func wide(isBig: Bool, isMarked: Bool) {
    var bytes: [UInt8] = isMarked ? (isBig ? [0xFE, 0xFF] : [0xFF, 0xFE]) : []
    for unit in program().utf16 { bytes += isBig ? [UInt8(unit >> 8), UInt8(unit & 255)] : [UInt8(unit & 255), UInt8(unit >> 8)] }
    let tree = parse(file: FileID(0), bytes: bytes)
    #expect(tree.diagnostics.count == 1 && tree.diagnostics[0].message.contains("UTF-16"), "\(tree.diagnostics.map(\.message))")
    #expect(tree.tokens.map { $0.span.length + $0.trivia.length }.reduce(0, +) == bytes.count)
  }

  @Test("a file that is no text is one error; a single zero byte is one too") func noText() {
    let binary = parse(file: FileID(0), bytes: (0..<5000).map { UInt8($0 % 3 == 0 ? 0 : 65 + $0 % 26) })
    #expect(binary.diagnostics.count == 1 && binary.diagnostics[0].message.contains("no text"))
    #expect(Checked(program() + "\u{0}").codes == ["DRN0105"])
  }

  @Test("a message quotes of a very long name the beginning and the end") func longName() {
    let name = String(repeating: "long", count: 100_000)
    let found = Checked(program(train: "\(name): 1")).result.diagnostics
    #expect(found.count == 1 && found[0].message.utf8.count < 2000 && found[0].message.contains("longlong"))
    #expect(found[0].message.hasPrefix("`train` has no setting") && found[0].message.hasSuffix("`"))
  }

  @Test("of very many faults a bounded number is kept") func many() {
    let junk = parse(file: FileID(0), bytes: Array(String(repeating: "@ ", count: 50_000).utf8))
    #expect((1000...2000).contains(junk.diagnostics.count))
    let unknown = Checked(program(train: (0..<5000).map { "x\($0): 1" }.joined(separator: "\n")))
    #expect((1000...2100).contains(unknown.codes.count))
  }

  @Test("an error behind thousands of warnings is there") func hidden() {
    let layers = (0..<2500).map { _ in "|> linear(4)" }.joined(separator: " ")
    let checked = Checked(program(network: "return image |> flatten \(layers) |> head: linear(10)", train: "clip: 0"))
    #expect(checked.result.diagnostics.count { $0.severity < .error } >= 900)
    #expect(checked.result.diagnostics.contains { $0.severity == .error && $0.code == .optionRange })
  }

  @Test("of a long line a screen shows what is around the label, with marks that it goes on") func longLine() {
    let line = "train a on b { " + (0..<20_000).map { "x\($0): 1" }.joined(separator: " ") + " }"
    var sources = SourceMap()
    let file = sources.add(name: "main.drn", text: line)
    for name in ["x0", "x9000", "x19999"] {
      let start = line.utf8.count - line[line.range(of: name + ":")!.lowerBound...].utf8.count
      let label = Diagnostic(.unknownEntry, "here", at: Span(file: file, start: start, end: start + name.utf8.count), label: "this")
      let shown = renderTerminal([label], sources: sources, options: RenderOptions(color: false, unicode: false, width: 100))
      let rows = shown.split(separator: "\n").map(String.init)
      let text = rows.first { $0.contains("\(name): 1") }, mark = rows.first { $0.contains("^") }
      #expect(text != nil && mark != nil && rows.allSatisfy { $0.count <= 110 }, "\(shown)")
      if let text, let mark, let place = text.range(of: name + ":"), let caret = mark.range(of: "^") {
        #expect(text.distance(from: text.startIndex, to: place.lowerBound) == mark.distance(from: mark.startIndex, to: caret.lowerBound))
      }
      #expect(text?.contains("...") == true)
    }
  }

  @Test("a chain of 1,000 imports is read, and a circle is one error that names its files") func imports() {
    let chain = Dictionary(uniqueKeysWithValues: (1...1000).map { ("f\($0).drn", $0 < 1000 ? "import \"f\($0 + 1).drn\"\n" : "") })
    #expect(Checked("import \"f1.drn\"\n" + program(), files: chain).codes == [])
    let circle = Checked("import \"a.drn\"\n" + program(), files: ["a.drn": "import \"b.drn\"\n", "b.drn": "import \"a.drn\"\n"])
    #expect(circle.codes == ["DRN0002"] && circle.text(.importCycle).contains("a.drn imports b.drn imports a.drn"))
  }

  @Test("a misspelt setting of a clause of weights is one error, though nothing else stands there") func clauseSetting() {
    #expect(Checked(program(train: "weights fc1 { updat: lion() }")).codes == ["DRN0225"])
    #expect(Checked(program(train: "weights fc1 { update: lion() }")).codes == [])
  }

  @Test("weights that no machine holds are an error at the largest layer, unless their form is small") func memory() {
    let network = "return image |> flatten |> fc1: linear(1000000) |> relu |> fc2: linear(1000000) |> relu |> head: linear(10)"
    let dense = Checked(program(network: network).replacing("batch: 100", with: "batch: 4"))
    #expect(dense.codes == ["DRN0602"] && dense.text(.planTooLarge).contains("1000000 x 1000000"))
    let clause = "weights fc1, fc2 { from epoch 0: factored(rank: 16) }"
    #expect(Checked(program(network: network, train: clause).replacing("batch: 100", with: "batch: 4")).codes == [])
    let later = clause.replacing("}", with: " from epoch 5: dense } state: carry allow: [misses_high_noise]")
    #expect(Checked(program(network: network, train: later).replacing("batch: 100", with: "batch: 4")).codes.contains("DRN0602"))
  }
}
