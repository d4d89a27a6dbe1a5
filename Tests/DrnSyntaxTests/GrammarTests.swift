import DrnDiagnostics
import DrnSource
import DrnSyntax
import DrnTestSupport
import Testing

@Suite("grammar/drn.ebnf") struct GrammarTests {
  private static func load() throws -> Grammar {
    Grammar(try Repository.text("grammar/drn.ebnf"))
  }

  @Test("names only rules it has, and has no rule that `file` or the space between tokens does not reach")
  func isClosed() throws {
    let grammar = try Self.load()
    var reached: Set<String> = []
    var pending = ["file", "SPACE"]
    while let name = pending.popLast() {
      guard reached.insert(name).inserted else { continue }
      #expect(grammar.rules[name] != nil, "no rule \(name)")
      if let pattern = grammar.rules[name] { pending += references(pattern) }
    }
    #expect(Set(grammar.rules.keys).subtracting(reached) == [])
  }

  private func references(_ pattern: Pattern) -> [String] {
    switch pattern {
    case .rule(let name): [name]
    case .literal, .characters: []
    case .sequence(let parts), .choice(let parts): parts.flatMap(references)
    case .repeated(let part, _, _): references(part)
    case .difference(let whole, let excluded): references(whole) + references(excluded)
    }
  }

  @Test("the parser accepts random sentences without a word")
  func acceptsSentences() throws {
    var writer = SentenceWriter(try Self.load(), seed: 20)
    for round in 0..<800 {
      let sentence = writer.write("file", budget: 8 + round % 20)
      let tree = parse(file: FileID(0), bytes: Array(sentence.utf8))
      #expect(tree.diagnostics.map(\.message) == [], "\(sentence.prefix(1500))")
      if !tree.diagnostics.isEmpty { return }
    }
  }

  @Test("has the keywords and operators of the lexer and no others")
  func sameTerminals() throws {
    let grammar = try Self.load()
    let words = Set(Keyword.allCases.map(\.rawValue))
    let marks = Set(Punctuation.allCases.map(\.rawValue))
    // Literals of the lexical rules that are parts of tokens and no tokens themselves.
    let parts: Set = ["%", "\"", "\\", ".*", "[*]", "//"]
    #expect(Set(grammar.literals).subtracting(parts) == words.union(marks))
    for word in words { #expect(grammar.matches(.rule("KEYWORD"), word)) }
  }

  @Test("tells tokens apart as the lexer does")
  func sameTokens() throws {
    let grammar = try Self.load()
    var dice = SplitMix64(seed: 3)
    let alphabet = Array("ab*.[]0_%1e-".utf8)
    for _ in 0..<6000 {
      let text = (0..<Int.random(in: 1...6, using: &dice)).map { _ in alphabet.randomElement(using: &dice) ?? 0 }
      let tokens = parse(file: FileID(0), bytes: text).tokens.map(\.kind)
      let word = String(decoding: text, as: UTF8.self)
      let single = tokens.count == 2 ? tokens.first : nil
      #expect(grammar.matches(.rule("WORD"), word) == (single == .identifier), "\(word)")
      #expect(grammar.matches(.difference(.rule("STARRED"), .literal("*")), word) == (single == .pattern), "\(word)")
      #expect(grammar.matches(.rule("INTEGER"), word) == (single == .integer), "\(word)")
      #expect(grammar.matches(.rule("DECIMAL"), word) == (single == .decimal), "\(word)")
      #expect(grammar.matches(.rule("PERCENT"), word) == (single == .percent), "\(word)")
    }
  }
}
