import DrnDiagnostics
import DrnSource
import DrnSyntax
import Testing

private func diagnose(_ text: String) -> [Diagnostic] { parse(file: FileID(0), bytes: Array(text.utf8)).diagnostics }

@Suite("Syntax codes") struct SyntaxCodeTests {
  private static let codes = Code.all.filter { $0.traits.contains(.syntax) }

  @Test("each has a page whose failing example raises it once and whose corrected example raises nothing", arguments: codes)
  func pagesHold(code: Code) {
    let page = code.page
    let failing = diagnose(page.failingExample)
    #expect(failing.map(\.code) == [code], "\(failing.map { $0.code.id + " " + $0.message })")
    #expect(diagnose(page.correctedExample).map(\.message) == [])
  }

  @Test("the hundreds of a number say what a code is about, and so do its traits: 1 syntax, 5 and 6 lints, 4 files")
  func traitsFitNumbers() {
    for code in Code.all {
      let (traits, area) = (code.traits, code.number / 100)
      #expect(traits.contains(.syntax) == (area == 1), "\(code.id)")
      #expect(traits.contains(.lint) == ((5...6).contains(area) && code.severity < .error), "\(code.id)")
      #expect(traits.contains(.needsPrices) == (area == 6 && code.severity < .error), "\(code.id)")
      #expect(!traits.contains(.ofFiles) || area == 4, "\(code.id)")
    }
  }

  @Test("the fixes of the failing examples leave nothing to report", arguments: codes)
  func fixesHold(code: Code) {
    let source = SourceFile(id: FileID(0), name: "a.drn", bytes: Array(code.page.failingExample.utf8))
    let fixIts = parse(source).diagnostics.flatMap(\.fixIts)
    guard !fixIts.isEmpty else { return }
    #expect(parse(file: FileID(0), bytes: apply(fixIts, to: source)).diagnostics.map(\.message) == [])
  }

  /// What must stay quiet although it is close to a fault.
  private static let nearMisses = [
    "train f on d { every: 1 }".replacing("every: 1", with: "data: 1 on: true let: 2"),
    "train f on d { rate: step(0.1, every: 10 steps, at: [epoch 3], by: x) }",
    "train f on d { a: [conv*, **, stage*.**.x*, [1 2], 3 epochs] }",
    "train f on d { weights a*b { } }",
    "train f on d { a: 2 * -n b: n * 2 c: (1) epochs }",
    "train f on d { a: \"x // no comment \\\" *\" }  // \u{FF} é",
    "train f on d { length: 3epochs a: not not b c: 1 < 2 and 2 < 3 }",
    "block f(x: tensor) { return x |> if a { relu } |> if b { relu } else { gelu } }",
    "data d { a: x.y.z[0].w[1, 2,] }",
    "train f on d { at\nend\n:\nx from\nepoch\nn\n: y }",
    "train f on d { n epochs: a 20 epochs: b }",
  ]

  @Test("near misses raise nothing", arguments: nearMisses.indices)
  func nearMiss(index: Int) { #expect(diagnose(Self.nearMisses[index]).map(\.message) == []) }

  @Test("a fault close behind one that is repaired is reported too")
  func neighbours() { #expect(diagnose("data d { a: f(.5\n b: 1 }").map(\.code) == [.bareDecimalPoint, .unclosedBracket]) }

  @Test("an unclosed brace is found by the indentation of the others")
  func unclosedBrace() {
    let text = "train f on d {\n  weights a {\n    from epoch 0: x\n  weights b {\n    from epoch 0: y\n  }\n}\n"
    let diagnostics = diagnose(text)
    #expect(diagnostics.map(\.code) == [.unclosedBracket])
    let file = SourceFile(id: FileID(0), name: "a.drn", bytes: Array(text.utf8))
    #expect(diagnostics.first?.secondary.map { file.lineColumn(at: $0.span.start).line } == [1, 2])
    #expect(diagnose("data d {\n  a {\n    b: 1\n  }\n").first?.secondary.count == 1)
  }

  /// What the author wrote, and the message that must come out.
  private static let messages: [(String, String)] = [
    ("block f() { return x |> conv1 conv2d(3) |> relu }", "expected `:` or `|>` after `conv1`, found `conv2d`"),
    ("data 3 { }", "expected a name for the data, found the number `3`"),
    ("netwrok f() { }", "expected `data`, `block`, `network`, `train` or `import`, found `netwrok`"),
    ("train f d { }", "expected `on` and the name of the data, found `d`"),
    ("block f(x tensor) { return x }", "expected `:` after `x`, found `tensor`"),
    ("block f(x: tensor) { let y x return y }", "expected `=` after `let y`, found `x`"),
    ("block f(x: tensor) { x }", "expected `let`, `return` or `}`, found `x`"),
    ("data d { a: [1, 2 }", "`[` is not closed: expected `]`, found `}`"),
    ("data d { a: @ 3 }", "no token starts with `@`"),
    ("data d { a: 10 % }", "no token starts with `%`"),
    ("train f on d { from: a }", "expected a time after `from`, found `:`"),
    ("train f on d { from epoch 3 a }", "expected `:` after `from epoch 3`, found `a`"),
    ("train f on d { a: 3 ) }", "expected the next entry or `}`, found `)`"),
    ("train f on d { a: x |> }", "expected a stage of the pipeline, found `}`"),
    ("train f on d { a: rate*2 }", "expected a value, found the selector `rate*2`"),
    ("train f on d { a: 2 *b }", "expected a value, found the selector `*b`"),
    ("train f on d { weights * { } }", "expected a selector, found a lone `*`"),
    ("train f on d { a: (b: 1, 2) }", "expected a name and `:`, found the number `2`"),
    ("data d { a: 1 # one, (two }\n b: 2 }", "no token starts with `#`"),
    ("data d { \u{A0}a: 1 }", "no token starts with U+00A0"),
    ("}", "expected `data`, `block`, `network`, `train` or `import`, found `}`"),
    ("data d {", "`{` is not closed: expected `}`, found the end of the file"),
  ]

  @Test("messages say what was found and what was expected", arguments: messages.indices)
  func message(index: Int) {
    let (text, expected) = Self.messages[index]
    #expect(diagnose(text).map(\.message) == [expected])
  }
}
