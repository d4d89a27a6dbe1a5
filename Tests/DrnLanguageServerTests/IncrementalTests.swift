import DrnDiagnostics
import DrnLanguageServer
import DrnProgram
import DrnSema
import DrnSource
import Testing

/// Checks with memory against checks without.
@Suite struct IncrementalTests {
  private struct Outcome: Equatable {
    let diagnostics: [Diagnostic]
    let selectors: [SelectorMatch]
    let schedules: [String]
    let nodes: [[Span]]
    let labels: [[String: Span]]
    let forms: [[Span]]

    init(_ result: CheckResult) {
      diagnostics = result.diagnostics
      selectors = result.selectors
      schedules = result.programs.map { describeSchedule($0) + resolvedConfiguration($0) }
      nodes = result.facts.networks.map { $0.nodes.map(\.span) } + result.programs.map { $0.network.nodes.map(\.span) }
      labels = result.facts.networks.map(\.labels)
      forms = result.programs.map { program in
        program.weights.flatMap { $0.spans.map(\.span) } + program.events.map(\.span) + program.requirements.map(\.span) + [
          program.training.span
        ]
      }
    }
  }

  private let common = "block wide(x: tensor) { return x |> fc: linear(64, bias: false) |> relu }\n"
  private var text: String {
    let second = sound.replacing("digits", with: "letters").replacing("residual", with: "other").replacing("mlp", with: "second")
    return "import \"common.drn\"\n" + sound.replacing("stem: linear(64)", with: "stem: wide").replacing("weights stem, ", with: "weights ")
      + second.replacing(
        "state: carry", with: "state: carry\n  every 5 epochs: report(stable_rank)\n  require: final(parameters) <= dense_cost")
  }

  private func fresh(_ text: String) -> Outcome {
    var sources = SourceMap()
    let file = sources.add(name: "main.drn", text: text)
    return Outcome(check(file: file, sources: &sources, options: CheckOptions()) { _ in Array(common.utf8) })
  }

  private func taken(_ text: String, _ memory: inout CheckMemory) -> (Outcome, [Int]) {
    var sources = SourceMap()
    let file = sources.add(name: "main.drn", text: text)
    let result = check(file: file, sources: &sources, headers: NoDataHeaders(), memory: &memory) { _ in Array(common.utf8) }
    return (Outcome(result), result.facts.programs)
  }

  @Test("a change rechecks what depends on it and nothing else")
  func programs() {
    var memory = CheckMemory()
    #expect(taken(text, &memory).1 == [0, 1])
    #expect(taken("// moved\n" + text, &memory).1 == [0, 1])
    #expect(taken(text.replacing("block other", with: "// inside\nblock other"), &memory).1 == [0, 1])
    #expect(taken(text.replacing("y |> reduce: linear(width)", with: "y |> reduce: linear( width)"), &memory).1 == [2, 3])
    #expect(taken(text, &memory).1 == [4, 5])
    let edited = text.replacing(
      "block other(x: tensor, width: int, rate: float = 0.1)", with: "block other(x: tensor, width: int, rate: float = 0.2)")
    #expect(taken(edited, &memory).1 == [4, 6])
  }

  @Test("whatever the edits, the result is that of a check without memory", arguments: 1...4)
  func randomEdits(_ seed: Int) {
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
    let snippets = [
      "", " ", "\n", "x", "4", "}", "{", "linear(3)", "// c\n", "stem", "residual", "block q(x: tensor) { return x }\n", "epoch 3", ", ",
    ]
    var memory = CheckMemory()
    var current = Array(text.utf8)
    for step in 0..<60 {
      if step % 6 == 0 { current = Array(text.utf8) }
      let start = random(current.count)
      let end = min(current.count, start + random(4))
      current.replaceSubrange(start..<end, with: snippets[random(snippets.count)].utf8)
      let text = String(decoding: current, as: UTF8.self)
      #expect(taken(text, &memory).0 == fresh(text), "step \(step): \(text)")
    }
  }
}
