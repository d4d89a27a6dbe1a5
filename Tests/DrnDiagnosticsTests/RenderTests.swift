import DrnDiagnostics
import DrnSource
import Testing

@Suite("Renderers") struct RenderTests {
  private static let text = "train f on d {\n  é: \"🎉\"\tbatch 128\n\n\n  rate: step(0.1\n}\n"
  private let sources: SourceMap
  private let file: FileID
  private let other: FileID

  init() {
    var sources = SourceMap()
    file = sources.add(name: "a.drn", text: Self.text)
    other = sources.add(name: "lib/b.drn", text: "block f() {}\n")
    self.sources = sources
  }

  private func span(_ word: String, in id: FileID) -> Span {
    let source = sources[id]?.bytes ?? []
    let start = (0..<source.count).first { source[$0...].starts(with: word.utf8) } ?? 0
    return Span(file: id, start: start, end: start + word.utf8.count)
  }

  private var missingColon: Diagnostic {
    let place = Span(file: file, start: span("batch", in: file).end, end: span("batch", in: file).end)
    return Diagnostic(
      .missingColon, "expected `:` after `batch`, found the number `128`", at: span("128", in: file), label: "expected `:` before this",
      secondary: [Label(span("rate", in: file), "as here"), Label(span("f()", in: other), "declared here")],
      notes: ["a setting is `name: value`"], help: "write `:`",
      fixIts: [FixIt("insert `:`", edits: [.init(place, ":")], confidence: .safe)])
  }

  @Test("terminal, with box characters")
  func terminal() {
    let expected = """
      error[DRN0107]: expected `:` after `batch`, found the number `128`
        ╭─ a.drn:2:16
        │
      2 │   é: "🎉"  batch 128
        │                  ^^^ expected `:` before this
        ┆
      5 │   rate: step(0.1
        │   ---- as here
        ├─ lib/b.drn:1:7
        │
      1 │ block f() {}
        │       --- declared here
        = note: a setting is `name: value`
        = help: write `:`
        = fix: insert `:`
      2 +   é: "🎉"  batch: 128

      """
    #expect(renderTerminal([missingColon], sources: sources, options: RenderOptions()) == expected)
  }

  @Test("terminal, ASCII and wrapped")
  func terminalASCII() {
    let diagnostic = Diagnostic(
      .missingValue, "expected a value, found `}`", at: span("}", in: file),
      notes: ["a note that is longer than forty columns, so it wraps"],
      severity: .warning)
    let expected = """
      warning[DRN0106]: expected a value,
        found `}`
       --> a.drn:6:1
        |
      6 | }
        | ^
        = note: a note that is longer than
                forty columns, so it wraps

      """
    #expect(renderTerminal([diagnostic], sources: sources, options: RenderOptions(unicode: false, width: 40)) == expected)
  }

  @Test("terminal, a long line cut around the label")
  func longLine() {
    var sources = SourceMap()
    let file = sources.add(name: "l.drn", text: String(repeating: "a", count: 300) + "X" + String(repeating: "b", count: 300))
    let diagnostic = Diagnostic(.strayToken, "m", at: Span(file: file, start: 300, end: 301), label: "here")
    let rows = renderTerminal([diagnostic], sources: sources, options: RenderOptions(width: 40)).split(separator: "\n")
    #expect(rows[3] == "1 │ …aaaaaaaaaaaXbbbbbbbbbbbbbbbbbbbbbb…")
    #expect(rows[4] == "  │             ^ here")
  }

  @Test("terminal, colours and nothing but them")
  func colors() {
    let colored = renderTerminal([missingColon], sources: sources, options: RenderOptions(color: true))
    let plain = renderTerminal([missingColon], sources: sources, options: RenderOptions())
    #expect(colored.hasPrefix("\u{1B}[1;31merror[DRN0107]\u{1B}[0m"))
    #expect(colored.replacing(#/\u{1B}\[[0-9;]*m/#, with: "") == plain)
    #expect(!plain.contains("\u{1B}"))
  }

  @Test("terminal, malformed and control bytes never reach the screen")
  func hostileBytes() {
    var sources = SourceMap()
    let file = sources.add(name: "h.drn", bytes: [0x1B, 0x5B, 0x33, 0x31, 0x6D, 0xFF, 0xE2, 0x82])
    let diagnostic = Diagnostic(.unknownCharacter, "m", at: Span(file: file, start: 5, end: 6))
    let text = renderTerminal([diagnostic], sources: sources, options: RenderOptions())
    #expect(text.contains("1 │ \u{FFFD}[31m\u{FFFD}\u{FFFD}\u{FFFD}\n  │      ^\n"))
  }

  @Test("plain lines")
  func plain() {
    let unplaced = Diagnostic(.missingValue, "no file", at: nil, severity: .hint)
    #expect(
      renderPlain([missingColon, unplaced], sources: sources)
        == "a.drn:2:16: error: expected `:` after `batch`, found the number `128` [DRN0107]\nhint: no file [DRN0106]\n")
  }

  @Test("JSON lines")
  func json() {
    let diagnostic = Diagnostic(
      .missingColon, "quote \" and\ttab", at: span("128", in: file), label: "l", notes: ["n"], help: "h",
      fixIts: [FixIt("f", edits: [.init(span("128", in: file), "\u{1}")], confidence: .unsafe)])
    let range = #""file":"a.drn","line":2,"column":16,"endLine":2,"endColumn":19,"start":34,"end":37"#
    let expected =
      #"{"schema":1,"code":"DRN0107","name":"missing_colon","severity":"error","message":"quote \" and\ttab","primary":{"#
      + range + #","message":"l"},"secondary":[],"notes":["n"],"help":"h","fixes":[{"message":"f","confidence":"unsafe","edits":[{"#
      + range + #","replacement":"\u0001"}]}]}"# + "\n"
    #expect(renderJSON([diagnostic], sources: sources) == expected)
  }

  @Test("GitHub annotations")
  func gitHub() {
    let diagnostic = Diagnostic(.missingColon, "50% of\nit", at: span("f()", in: other), help: "h", severity: .hint)
    #expect(
      renderGitHub([diagnostic], sources: sources)
        == "::notice file=lib/b.drn,line=1,endLine=1,col=7,endColumn=10,title=DRN0107 missing_colon::50%25 of%0Ait%0Ahelp: h\n")
  }

  @Test("spans of unknown files are passed over")
  func unknownFile() {
    let diagnostic = Diagnostic(.missingColon, "m", at: Span(file: FileID(9), start: 3, end: 900))
    #expect(renderTerminal([diagnostic], sources: sources, options: RenderOptions()) == "error[DRN0107]: m\n")
    #expect(renderPlain([diagnostic], sources: sources) == "error: m [DRN0107]\n")
  }
}
