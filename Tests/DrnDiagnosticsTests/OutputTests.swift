import DrnDiagnostics
import DrnSema
import DrnSource
import DrnTestSupport
import Foundation
import Testing

/// The same programs through every output.
@Suite("Outputs") struct OutputTests {
  static let fixtures = ["labels", "several", "wide"]

  struct Output: Sendable, CustomTestStringConvertible {
    let name: String
    let render: @Sendable ([Diagnostic], SourceMap) -> String
    var testDescription: String { name }
  }

  static let outputs = [
    Output(name: "unicode.txt") { renderTerminal($0, sources: $1, options: RenderOptions(width: 80)) },
    Output(name: "ascii.txt") { renderTerminal($0, sources: $1, options: RenderOptions(unicode: false, width: 80)) },
    Output(name: "color.txt") { renderTerminal($0, sources: $1, options: RenderOptions(color: true, width: 80)) },
    Output(name: "plain.txt") { renderPlain($0, sources: $1) },
    Output(name: "jsonl") { renderJSON($0, sources: $1) },
    Output(name: "sarif") { renderSARIF($0, sources: $1, version: "0.0.0") },
    Output(name: "github.txt") { renderGitHub($0, sources: $1) },
  ]

  static func check(_ fixture: String) throws -> (diagnostics: [Diagnostic], sources: SourceMap) {
    let path = "Tests/Golden/render/\(fixture).drn"
    let text = try String(contentsOf: Repository.url(path), encoding: .utf8)
    var sources = SourceMap()
    let file = sources.add(name: path, text: text)
    return (DrnSema.check(file: file, sources: &sources, options: CheckOptions(), read: { _ in nil }).diagnostics, sources)
  }

  @Test("each output of each program is the recorded one", arguments: fixtures, outputs)
  func golden(_ fixture: String, _ output: Output) throws {
    let (diagnostics, sources) = try Self.check(fixture)
    #expect(!diagnostics.isEmpty)
    try Recorded(path: "Tests/Golden/render/\(fixture).\(output.name)", suite: "OutputTests").expect(output.render(diagnostics, sources))
  }

  @Test("JSON Lines fit their schema, and what is not in it is refused", arguments: fixtures)
  func schema(_ fixture: String) throws {
    let schema = try JSONSchema(contentsOf: Repository.url("docs/errors/diagnostics.schema.json"))
    let (diagnostics, sources) = try Self.check(fixture)
    let lines = renderJSON(diagnostics, sources: sources).split(separator: "\n").map(String.init)
    #expect(lines.count == diagnostics.count)
    for line in lines {
      #expect(try schema.faults(in: line) == [])
      #expect(try schema.faults(in: line.replacing("\"schema\":1", with: "\"schema\":2")) == ["/schema is not 1"])
      #expect(try schema.faults(in: line.replacing("\"notes\":[", with: "\"hints\":[")) != [])
      #expect(try schema.faults(in: line.replacing("\"line\":", with: "\"line\":-")) != [])
    }
  }

  @Test("SARIF is one JSON document with a rule for every code")
  func sarif() throws {
    let (diagnostics, sources) = try Self.check("several")
    let data = Data(renderSARIF(diagnostics, sources: sources, version: "1.2.3").utf8)
    let log = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let run = try #require((log["runs"] as? [[String: Any]])?.first)
    let driver = try #require((run["tool"] as? [String: Any])?["driver"] as? [String: Any])
    let rules = (driver["rules"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }
    let results = run["results"] as? [[String: Any]] ?? []
    #expect(driver["version"] as? String == "1.2.3" && Set(rules) == Set(diagnostics.map(\.code.id)) && rules.count == Set(rules).count)
    #expect(results.map { $0["ruleId"] as? String } == diagnostics.map(\.code.id))
    for result in results {
      let index = try #require(result["ruleIndex"] as? Int)
      #expect(rules[index] == result["ruleId"] as? String)
    }
  }

  @Test("names of files become relative references")
  func references() {
    var sources = SourceMap()
    let file = sources.add(name: "<a b>/é.drn", text: "x")
    let text = renderSARIF([Diagnostic(.strayToken, "m", at: Span(file: file, start: 0, end: 1))], sources: sources, version: "1")
    #expect(text.contains(#""uri":"%3Ca%20b%3E/%C3%A9.drn""#))
    #expect(SARIFLog(version: "1").text().contains(#""results":[]"#))
  }
}
