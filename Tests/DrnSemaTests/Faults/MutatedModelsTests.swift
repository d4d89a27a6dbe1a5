import DrnDiagnostics
import DrnSema
import DrnSource
import DrnTestSupport
import Foundation
import Testing

/// Models with several things wrong. `DRNC_MUTATIONS=100000` takes that many instead of a few hundred, `DRNC_MUTATION_SEED` others.
@Suite("Mutated models") struct MutatedModelsTests {
  private static func number(_ name: String) -> Int? { ProcessInfo.processInfo.environment[name].flatMap { Int($0) } }

  /// Texts to put in the place of any token: the edges of number types, and words that mean something elsewhere.
  private static let texts = [
    "0", "-1", "1", "9223372036854775807", "9223372036854775808", "99999999999999999999", "4294967296", "1e308", "1e-308", "1e400", "0.0",
    "0%", "100%", "101%", "1/0", "0/1", "1/1000000007", "\"x\"", "[]", "[1, 2]", "()", "(a: 1)", "**", "*", "a*b", "true", "epoch 0", "end",
    "9223372036854775807 epochs", "step 9223372036854775807", "if a { b } else { c }", "x |> relu", "{", "}", "(", ")", "[", "]", ",", ":",
    "not", "-", "of", "div 0", "mod 0", "dense", "factored(rank: 1)", "repeat(9223372036854775807)", "cycle(0)", "$", "\"",
  ]

  @Test("end in diagnostics or in a program, never in a trap")
  func mutants() throws {
    var dice = SplitMix64(seed: UInt64(Self.number("DRNC_MUTATION_SEED") ?? 1))
    let sources = try Models.texts().map(FaultySource.init)
    let words = sources.flatMap { $0.pieces.map(\.text) } + Self.texts
    var accepted = 0
    let count = Self.number("DRNC_MUTATIONS") ?? 400
    for index in 0..<count {
      let text = mutant(of: sources[index % sources.count], words, &dice)
      // A trap ends the process; what was being checked is then the last text of this file.
      if count > 10_000 { try text.write(toFile: NSTemporaryDirectory() + "drnc-last-mutant.drn", atomically: false, encoding: .utf8) }
      let checked = Checked(text, files: Models.shared)
      if checked.errors.isEmpty { accepted += 1 }
      // A layer may stand in a file that is imported.
      let spans = checked.result.diagnostics.compactMap(\.primary?.span)
      #expect(spans.allSatisfy { span in checked.sources[span.file].map { span.end <= $0.bytes.count } ?? false })
    }
    print("\(count) mutated models: \(accepted) are accepted")
    // Both answers must occur.
    #expect(accepted > count / 50 && accepted < count)
  }

  private func mutant(of source: FaultySource, _ words: [String], _ dice: inout SplitMix64) -> String {
    var source = source
    for _ in 0..<Int.random(in: 1...2, using: &dice) {
      let index = Int.random(in: 0..<source.pieces.count - 1, using: &dice)
      switch Int.random(in: 0..<10, using: &dice) {
      case 0..<7: source.replace(index, by: word(like: source.pieces[index].text, words, &dice))
      case 7: source.replace(index, by: words.randomElement(using: &dice) ?? "")
      case _: source = Fault.allCases.randomElement(using: &dice).map { source.with($0, at: index) } ?? source
      }
    }
    return source.text
  }

  /// A number for a number, a name for a name: most such programs parse, so that the checker has something to do.
  private func word(like text: String, _ words: [String], _ dice: inout SplitMix64) -> String {
    guard let first = text.first, first.isLetter || first.isNumber else { return text }
    for _ in 0..<20 {
      guard let word = words.randomElement(using: &dice), let other = word.first else { continue }
      if first.isLetter ? other.isLetter : other.isNumber || other == "-" { return word }
    }
    return text
  }
}
