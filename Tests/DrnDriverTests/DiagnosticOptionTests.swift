import DrnDiagnostics
import DrnDriver
import DrnSource
import DrnTestSupport
import Foundation
import Testing

@Suite("Options of diagnostics") struct DiagnosticOptionTests {
  private func errors(_ environment: [String: String], color: Console.ColorChoice = .auto, ascii: Bool = false) -> String {
    let transcript = Transcript()
    var sources = SourceMap()
    let file = sources.add(name: "a.drn", text: "x y\n")
    let console = Console(format: .terminal, color: color, ascii: ascii, environment: environment) { transcript.append($0, to: $1) }
    let text = "a message that is long enough to be wrapped on a narrow screen of forty columns"
    console.report([Diagnostic(.strayToken, text, at: Span(file: file, start: 2, end: 3))], sources: sources)
    return transcript.error
  }

  @Test("box characters by the first locale that is set, unless refused")
  func characters() {
    #expect(errors(["LANG": "de_DE.UTF-8"]).contains("╭─"))
    #expect(errors(["LANG": "de_DE.UTF-8", "LC_ALL": ""]).contains("╭─"))
    #expect(!errors(["LANG": "de_DE.UTF-8", "LC_ALL": "C"]).contains("╭─"))
    #expect(!errors(["LANG": "de_DE.UTF-8"], ascii: true).contains("╭─"))
    #expect(!errors([:]).contains("╭─"))
    #expect(errors([:]).utf8.allSatisfy { $0 < 0x80 })
  }

  @Test("colour where it is wanted")
  func color() {
    let escape = "\u{1B}["
    #expect(errors([:], color: .always).contains(escape))
    #expect(!errors([:]).contains(escape))
    #expect(errors(["CLICOLOR_FORCE": "1"]).contains(escape))
    #expect(!errors(["CLICOLOR_FORCE": "0"]).contains(escape))
    #expect(!errors(["NO_COLOR": "1"], color: .never).contains(escape))
    #expect(errors(["NO_COLOR": "1", "TERM": "dumb"], color: .always).contains(escape))
  }

  @Test("a terminal has colour, but a dumb one, or with NO_COLOR, has none")
  func terminal() throws {
    let command = "$DRNC check /dev/null --set x"
    guard try Tool.shell("command -v script").status == 0 else { return print("skipped: there is no `script` to make a terminal with") }
    func run(_ variables: String) throws -> String {
      try Tool.shell("export \(variables); script -qec '\(command)' /dev/null").output
    }
    #expect(try run("TERM=xterm").contains("\u{1B}["))
    #expect(try !run("TERM=dumb").contains("\u{1B}["))
    #expect(try !run("TERM=xterm NO_COLOR=1").contains("\u{1B}["))
    #expect(try run("TERM=dumb NO_COLOR=1 CLICOLOR_FORCE=1").contains("\u{1B}["))
  }

  @Test("messages wrap at the width of the screen")
  func width() {
    #expect(errors(["COLUMNS": "40"]).split(separator: "\n").allSatisfy { $0.count <= 40 })
    #expect(errors(["COLUMNS": "200"]).split(separator: "\n").first?.count ?? 0 > 80)
    // A message has 20 columns at least beside `error[DRN0052]`, however narrow the screen.
    for columns in ["25", "3"] { #expect(errors(["COLUMNS": columns]).split(separator: "\n").allSatisfy { $0.count <= 36 }, "\(columns)") }
    for columns in ["0", "-5", "wide"] { #expect(errors(["COLUMNS": columns]) == errors([:]), "\(columns)") }
  }

  @Test("on a narrow terminal what a run says of itself is broken at words")
  func narrowProgress() throws {
    guard try Tool.shell("command -v script").status == 0 else { return print("skipped: there is no `script` to make a terminal with") }
    let folder = try TemporaryFolder()
    let command = "$DRNC train \(Models.path("tiny")) --threads 1 --stop-after 1epochs -o \(folder("run"))"
    let output = try Tool.shell("export COLUMNS=44; script -qec '\(command)' /dev/null").output
    let lines = output.split(whereSeparator: \.isNewline).map { $0.replacing("\u{1B}[K", with: "") }
    #expect(lines.contains { $0.hasPrefix("training tiny: ") } && lines.contains { $0.hasPrefix("ended after 28 steps") }, "\(output)")
    for line in lines where !line.contains(folder.path) { #expect(line.count <= 44, "\(line)") }
    let words = try Tool.run(["train", Models.path("tiny"), "--threads", "1", "--stop-after", "1epochs", "-o", folder("run2")]).error
    let whole = try #require(words.split(separator: "\n").first { $0.hasPrefix("training tiny: ") }).split(separator: " ")
    #expect(whole.count > 20 && lines.joined(separator: " ").contains(whole.prefix(12).joined(separator: " ")))
  }

  @Test("levels of lints come from the command line, and an unknown one finds its neighbour")
  func levels() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.drn", coldProgram)
    func status(_ options: String...) throws -> Int32 { try Tool.run(["check", folder.path + "/a.drn"] + options).status }
    #expect(try status() == 0)
    #expect(try status("--deny", "warnings") == 1)
    #expect(try status("--deny", "warnings", "--allow", "cold_optimizer") == 0)
    #expect(try status("--deny", "cold-optimizer") == 1)
    #expect(try status("--deny", "DRN0504") == 1)
    let unknown = try Tool.run(["check", folder.path + "/a.drn", "--warn", "cold_optimiser"])
    #expect(unknown.status == 64 && unknown.error.contains("did you mean `cold_optimizer`?"), "\(unknown.error)")
    let fatal = try Tool.run(["check", folder.path + "/a.drn", "--allow", "rank_too_large"])
    #expect(fatal.status == 64 && fatal.error.contains("names an error"), "\(fatal.error)")
  }

  @Test("a SARIF log is one document, with and without problems, and alone on its stream")
  func sarif() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.drn", coldProgram)
    try folder.write("b.drn", "data {")
    for (file, results) in [("a.drn", 1), ("b.drn", 1), ("none.drn", 1)] {
      let outcome = try Tool.run(["check", folder.path + "/" + file, "--diagnostics", "sarif"])
      let log = try JSONSerialization.jsonObject(with: Data(outcome.error.utf8)) as? [String: Any]
      let run = (log?["runs"] as? [[String: Any]])?.first
      #expect((run?["results"] as? [Any])?.count ?? 0 >= results, "\(file): \(outcome.error)")
    }
    let clean = try Tool.run(["explain", "DRN0301", "--diagnostics", "sarif"])
    #expect(clean.error.contains("\"results\":[]") && clean.status == 0)
  }

  @Test("pages as text and as Markdown, by code and by name")
  func pages() throws {
    let transcript = Transcript()
    #expect(transcript.driver().explain("rank-too-small", format: .markdown) == .success)
    #expect(transcript.output.hasPrefix("<a id=\"drn0301\"></a>\n\n## DRN0301 `rank_too_small`"))
    let text = Transcript()
    #expect(text.driver().explain("DRN0301", format: .text) == .success && text.driver().explain("301", format: .text) == .success)
    #expect(text.output.contains("This is reported:") && !text.output.contains("source: fashion_mnist"), "\(text.output)")
    let list = Transcript()
    #expect(list.driver().listCodes(format: .markdown) == .success && list.output == errorIndex())
  }
}
