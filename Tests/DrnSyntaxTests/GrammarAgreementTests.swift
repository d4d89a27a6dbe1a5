import DrnDiagnostics
import DrnSource
import DrnSyntax
import DrnTestSupport
import Testing

@Suite("Grammar and parser") struct GrammarAgreementTests {
  /// Short programs that together use every form.
  private static let programs = [
    "import \"a\" data d { a: [1, b c 2%] b: (x: 1/2, y: -3) c: t[1, 2].z }",
    "block f(x: t, n: int = 1,) { let y = x |> a: c(n, at: 2) |> relu return if n < 1 and not b { y } else { x } }",
    "network f(x: t[3]) -> t { return x |> s: { g |> repeat(2) { h } } |> if a { g } else if b { g } else { h } }",
    "train f on d { a: 3 epochs by s(1) w(2) a.b[0], c* except ** { from epoch n: ** every 5 steps: r 2 epochs: d } }",
    "train f on d { at end: p(k: 5%) on: (n) step l { } c: step(1) == 2 d: 1 of 2 or not not 3 }",
  ]

  /// The terminals of the grammar that a token can stand for.
  private static func terminals(_ tree: SyntaxTree, _ bytes: [UInt8]) -> [Set<String>] {
    tree.tokens.dropLast().map { token in
      let text = String(decoding: bytes[token.span.start..<token.span.end], as: UTF8.self)
      switch token.kind {
      case .identifier: return ["NAME", "CALLEE"]
      case .integer: return ["INTEGER"]
      case .decimal: return ["DECIMAL"]
      case .percent: return ["PERCENT"]
      case .string: return ["STRING"]
      case .pattern: return [isProduct(text) ? "PRODUCT" : "PATTERN"]
      case .punctuation: return ["'\(text)'"]
      case .keyword(let word): return roles(word)
      case .unknown, .endOfFile: return []
      }
    }
  }

  /// Enough for the selectors of these programs: `stem*.x` and the like have a `.`, `c*` and `**` a star at an end.
  private static func isProduct(_ text: String) -> Bool {
    !text.hasPrefix("*") && !text.hasSuffix("*") && !text.contains("**") && !text.contains(".")
  }

  private static func roles(_ word: Keyword) -> Set<String> {
    let settings: [Keyword] = [.data, .block, .network, .train, .import, .let, .repeat, .return, .except, .on]
    var roles: Set = ["'\(word.rawValue)'", "KEYWORD"]
    if settings.contains(word) { roles.insert("SETTING_WORD") }
    if word == .epoch || word == .step { roles.insert("CALLEE") }
    return roles
  }

  @Test("agree about programs with a token dropped, doubled, exchanged or replaced by a token of another", arguments: programs.indices)
  func agree(index: Int) throws {
    let grammar = Grammar(try Repository.text("grammar/drn.ebnf"))
    let recognizer = Recognizer(grammar, start: "file")
    let words = Self.words(Self.programs[index])
    let replacements = Array(Set(Self.programs.flatMap(Self.words))).sorted()
    var dice = SplitMix64(seed: UInt64(index))
    var accepted = 0
    for round in 0..<120 {
      var mutant = words
      let place = Int.random(in: 0..<words.count - 1, using: &dice)
      switch round % 4 {
      case 0: mutant.remove(at: place)
      case 1: mutant.insert(mutant[place], at: place)
      case 2: mutant.swapAt(place, place + 1)
      default: mutant[place] = replacements.randomElement(using: &dice) ?? ""
      }
      let text = mutant.joined(separator: " ")
      let bytes = Array(text.utf8)
      let tree = parse(file: FileID(0), bytes: bytes)
      let inGrammar = recognizer.accepts(Self.terminals(tree, bytes))
      if inGrammar { accepted += 1 }
      if tree.diagnostics.isEmpty == inGrammar { continue }
      Issue.record("the grammar \(inGrammar ? "accepts" : "refuses") \(text)\n\(tree.diagnostics.map(\.message))")
    }
    // Both answers must occur, or the comparison would show nothing.
    #expect(accepted > 0 && accepted < 120)
  }

  private static func words(_ program: String) -> [String] {
    let bytes = Array(program.utf8)
    return parse(file: FileID(0), bytes: bytes).tokens.dropLast().map {
      String(decoding: bytes[$0.span.start..<$0.span.end], as: UTF8.self)
    }
  }
}
