import DrnDiagnostics
import DrnSema
import DrnSource
import Foundation
import Testing

@Suite("Lint levels") struct LintLevelTests {
  private static let cold = """
    state: reset
    weights fc1 {
      from epoch 0: factored(rank: 16)
      from epoch 5: dense
    }
    """

  private func levels(_ pairs: (LintLevel, Code)..., deniesWarnings: Bool = false) -> CheckOptions {
    var options = CheckOptions()
    for (level, code) in pairs { options.levels.set(level, for: code) }
    options.levels.deniesWarnings = deniesWarnings
    return options
  }

  private func check(_ train: String, _ options: CheckOptions = CheckOptions()) -> Checked {
    Checked(program(train: train), options: options)
  }

  private func severities(_ checked: Checked, _ code: Code) -> [Severity] {
    checked.result.diagnostics.filter { $0.code == code }.map(\.severity)
  }

  @Test("the source chooses a level")
  func source() {
    #expect(severities(check(Self.cold), .coldOptimizer) == [.warning])
    #expect(severities(check("allow: [cold_optimizer]\n" + Self.cold), .coldOptimizer) == [])
    #expect(severities(check("deny: [cold_optimizer]\n" + Self.cold), .coldOptimizer) == [.error])
    #expect(severities(check("warn: [cold_optimizer]\n" + Self.cold), .coldOptimizer) == [.warning])
  }

  @Test("the command line holds over the source")
  func commandLine() {
    let denied = check("allow: [cold_optimizer]\n" + Self.cold, levels((.deny, .coldOptimizer)))
    #expect(severities(denied, .coldOptimizer) == [.error] && denied.program == nil)
    let allowed = check("deny: [cold_optimizer]\n" + Self.cold, levels((.allow, .coldOptimizer)))
    #expect(severities(allowed, .coldOptimizer) == [] && allowed.program != nil)
  }

  @Test("denied warnings leave hints and what is allowed as they are")
  func warnings() {
    let hint = "weights fc1 { from epoch 0: factored(rank: 20) }"
    #expect(severities(check(hint, levels(deniesWarnings: true)), .rankUnaligned) == [.hint])
    #expect(severities(check(Self.cold, levels(deniesWarnings: true)), .coldOptimizer) == [.error])
    #expect(severities(check("allow: [cold_optimizer]\n" + Self.cold, levels(deniesWarnings: true)), .coldOptimizer) == [])
    #expect(severities(check(Self.cold, levels((.allow, .coldOptimizer), deniesWarnings: true)), .coldOptimizer) == [])
    #expect(severities(check("warn: [rank_unaligned]\n" + hint, levels(deniesWarnings: true)), .rankUnaligned) == [.error])
  }

  @Test("of several levels of one lint the strictest holds")
  func strictest() {
    #expect(severities(check(Self.cold, levels((.deny, .coldOptimizer), (.allow, .coldOptimizer))), .coldOptimizer) == [.error])
  }

  @Test("a denied lint is an error only where it occurs")
  func absent() {
    let checked = check("deny: [cold_optimizer, rank_unaligned]")
    #expect(checked.codes == [] && checked.program != nil)
  }

  @Test("what is allowed in vain is reported, also beside what is not, and its fix takes it out")
  func unused() {
    let text = program(train: "allow: [cold_optimizer, rank_unaligned]\nweights fc1 { from epoch 0: factored(rank: 20) }")
    let checked = Checked(text)
    #expect(checked.codes == ["DRN0521"])
    let source = SourceFile(id: FileID(0), name: "main.drn", bytes: Array(text.utf8))
    let fixed = String(decoding: apply(checked.result.diagnostics.flatMap(\.fixIts), to: source), as: UTF8.self)
    #expect(fixed.contains("allow: [rank_unaligned]") && Checked(fixed).codes == [])
  }

  @Test("an error cannot be allowed, and a price is not known to the checker")
  func others() {
    #expect(check("allow: [rank_too_large]").codes == ["DRN0520"])
    #expect(check("allow: [slower_than_dense]").codes == [])
  }

  @Test("a code is found by number, identifier and name")
  func lookup() {
    for text in ["DRN0504", "drn0504", "504", "cold_optimizer", "cold-optimizer", "Cold-Optimizer"] {
      #expect(Code.named(text) == .coldOptimizer)
    }
    #expect(Code.named("cold") == nil && Code.nearest(to: "cold-optimiser") == "cold_optimizer" && Code.nearest(to: "drn504") == "DRN0504")
  }

  @Test("names of codes are words of the language") func names() {
    for code in Code.all { #expect(code.name.wholeMatch(of: /[a-z]+(_[a-z]+)*/) != nil, "\(code.name)") }
  }
}

/// Two trainings of one file.
@Suite("Lint levels of several trainings") struct LintLevelsOfTrainingsTests {
  private func check(_ first: String, _ second: String, others: String = "", on secondNetwork: String = "n2") -> [(Code, Severity)] {
    func train(_ name: String, _ settings: String) -> String {
      """
      train \(name) on d {
        length: 4 epochs  batch: 64  loss: cross_entropy  optimizer: sgd  rate: 0.1  \(settings)
        weights fc1 { from epoch 0: factored(rank: 6) }
      }
      """
    }
    let text = """
      data d { source: synthetic(640)  point: tensor[32]  label: class(4) }
      \(network("n1", others))
      \(secondNetwork == "n1" ? "" : network(secondNetwork, others))
      \(train("n1", first))
      \(train(secondNetwork, second))
      """
    return Checked(text).result.diagnostics.map { ($0.code, $0.severity) }
  }

  private func network(_ name: String, _ body: String) -> String {
    "network \(name)(x: tensor[32]) -> tensor[4] { \(body)  return x |> fc1: linear(64) |> relu |> head: linear(4) }"
  }

  private func expect(_ found: [(Code, Severity)], _ wanted: [(Code, Severity)], _ place: SourceLocation = #_sourceLocation) {
    #expect(found.map(\.0) == wanted.map(\.0) && found.map(\.1) == wanted.map(\.1), "\(found)", sourceLocation: place)
  }

  @Test("a level acts on the training that states it") func own() {
    expect(check("", ""), [(.rankUnaligned, .hint), (.rankUnaligned, .hint)])
    expect(check("allow: [rank_unaligned]", ""), [(.rankUnaligned, .hint)])
    expect(check("allow: [rank_unaligned]", "deny: [rank_unaligned]"), [(.rankUnaligned, .error)])
    expect(check("allow: [rank_unaligned]", "warn: [rank_unaligned]"), [(.rankUnaligned, .warning)])
    expect(check("allow: [rank_unaligned]", "allow: [rank_unaligned]"), [])
  }

  @Test("what is allowed in vain in one training is reported, whatever occurs in another") func unused() {
    let found = check("allow: [rank_unaligned, cold_optimizer]", "allow: [rank_unaligned]")
    expect(found, [(.unusedAllow, .warning)])
  }

  @Test("for what two trainings share the stricter level holds") func shared() {
    let unused = "let spare = x |> relu"
    let allowed = "allow: [rank_unaligned, unused_binding]"
    func bindings(_ first: String, _ second: String) -> [Severity] {
      check(first, second, others: unused, on: "n1").filter { $0.0 == .unusedBinding }.map(\.1)
    }
    #expect(bindings("", "") == [.warning])
    #expect(bindings(allowed, "") == [.warning])
    #expect(bindings(allowed, allowed) == [])
    #expect(bindings(allowed, "deny: [unused_binding]") == [.error])
  }

  @Test("what is allowed of a schedule is not called unused where its times are shortened") func shortened() {
    let text = program(
      train:
        "allow: [late_truncation]\nstate: carry\nweights fc1 { from epoch 0: dense  from epoch 8: factored(rank: 16) by svd(error: 90%) }"
    ).replacingOccurrences(of: "rate: 0.1", with: "rate: step(0.1, at: [epoch 6])")
    var options = CheckOptions()
    options.shorten = CheckOptions.Share("1/2")
    #expect(Checked(text).codes == [] && Checked(text, options: options).codes == [])
  }
}
