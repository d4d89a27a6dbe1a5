import DrnTestSupport

/// Writes random sentences of a grammar.
struct SentenceWriter {
  let grammar: Grammar
  var dice: SplitMix64
  /// The least depth at which each rule ends.
  private let depths: [String: Int]

  init(_ grammar: Grammar, seed: UInt64) {
    self.grammar = grammar
    dice = SplitMix64(seed: seed)
    depths = Self.measure(grammar)
  }

  /// A sentence; deeper than `budget` rules it takes the shortest way out.
  mutating func write(_ rule: String, budget: Int) -> String {
    guard let pattern = grammar.rules[rule] else { return "?\(rule)?" }
    let isToken = rule.utf8.allSatisfy { $0 == UInt8(ascii: "_") || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    return write(pattern, budget - 1, isToken ? "" : " ")
  }

  private mutating func write(_ pattern: Pattern, _ budget: Int, _ separator: String) -> String {
    switch pattern {
    case .rule(let name): return write(name, budget: budget)
    case .literal(let text): return text
    case .characters(let set):
      return set.sorted().randomElement(using: &dice).map { String(UnicodeScalar($0)) } ?? ""
    case .sequence(let parts):
      return parts.map { write($0, budget, separator) }.filter { !$0.isEmpty }.joined(separator: separator)
    case .choice(let alternatives):
      let chosen = budget > 0 ? alternatives.randomElement(using: &dice) : alternatives.min { depth($0) < depth($1) }
      return chosen.map { write($0, budget, separator) } ?? ""
    case .repeated(let part, let least, let most):
      // The least of three draws: long chains at every level of an expression would multiply.
      let count = budget > 0 ? (0..<3).map { _ in Int.random(in: least...most, using: &dice) }.min() ?? least : least
      return (0..<count).map { _ in write(part, budget, separator) }.filter { !$0.isEmpty }.joined(separator: separator)
    case .difference(let whole, let excluded):
      for _ in 0..<100 {
        let text = write(whole, max(budget, 0) + 4, separator)
        if !grammar.matches(excluded, text) { return text }
      }
      return "?"
    }
  }

  private func depth(_ pattern: Pattern) -> Int { Self.depth(pattern, depths) }

  private static func depth(_ pattern: Pattern, _ depths: [String: Int]) -> Int {
    switch pattern {
    case .rule(let name): depths[name] ?? 1000
    case .literal, .characters: 0
    case .sequence(let parts): parts.map { depth($0, depths) }.max() ?? 0
    case .choice(let alternatives): alternatives.map { depth($0, depths) }.min() ?? 0
    case .repeated(let part, let least, _): least == 0 ? 0 : depth(part, depths)
    case .difference(let whole, _): depth(whole, depths)
    }
  }

  private static func measure(_ grammar: Grammar) -> [String: Int] {
    var depths: [String: Int] = [:]
    for _ in 0..<grammar.rules.count {
      for (name, pattern) in grammar.rules { depths[name] = min(depths[name] ?? 1000, depth(pattern, depths) + 1) }
    }
    return depths
  }
}

extension Grammar {
  /// Whether a pattern of characters matches a whole text.
  func matches(_ pattern: Pattern, _ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return ends(pattern, bytes, from: [0]).contains(bytes.count)
  }

  /// The places at which a match that begins at one of `starts` can end.
  private func ends(_ pattern: Pattern, _ bytes: [UInt8], from starts: Set<Int>) -> Set<Int> {
    switch pattern {
    case .rule(let name): return rules[name].map { ends($0, bytes, from: starts) } ?? []
    case .literal(let text): return Set(starts.filter { bytes[$0...].starts(with: text.utf8) }.map { $0 + text.utf8.count })
    case .characters(let set): return Set(starts.filter { $0 < bytes.count && set.contains(bytes[$0]) }.map { $0 + 1 })
    case .sequence(let parts): return parts.reduce(starts) { ends($1, bytes, from: $0) }
    case .choice(let alternatives): return alternatives.reduce(into: []) { $0.formUnion(ends($1, bytes, from: starts)) }
    case .repeated(let part, let least, let most):
      var reached: Set<Int> = least == 0 ? starts : []
      var last = starts
      // More than one repetition means any number; three is only how many the writer makes.
      for _ in 0..<(most > 1 ? bytes.count : 1) where !last.isEmpty {
        last = ends(part, bytes, from: last).subtracting(reached)
        reached.formUnion(last)
      }
      return reached
    case .difference(let whole, let excluded):
      return starts.reduce(into: []) { result, start in
        result.formUnion(ends(whole, bytes, from: [start]).subtracting(ends(excluded, bytes, from: [start])))
      }
    }
  }
}
