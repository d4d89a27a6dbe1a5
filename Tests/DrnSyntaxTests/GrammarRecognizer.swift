/// An Earley recognizer (Earley, "An efficient context-free parsing algorithm", 1970) over the token-level rules of a grammar. It decides
/// membership from the grammar text alone, so it can contradict the parser.
struct Recognizer {
  private enum Symbol: Hashable {
    case rule(Int)
    case terminal(String)
  }

  private struct State: Hashable {
    let production: Int
    let dot: Int
    let origin: Int
  }

  private var productions: [(rule: Int, symbols: [Symbol])] = []
  private var ofRule: [[Int]] = []
  private var numbers: [String: Int] = [:]
  private var nullable: Set<Int> = []

  init(_ grammar: Grammar, start: String) {
    for name in [start] + grammar.rules.keys.sorted() where numbers[name] == nil {
      numbers[name] = ofRule.count
      ofRule.append([])
    }
    for name in grammar.rules.keys.sorted() where !Self.isToken(name) {
      if let pattern = grammar.rules[name], let number = numbers[name] {
        for symbols in flatten(pattern) { add(number, symbols) }
      }
    }
    var count = -1
    while count != nullable.count {
      count = nullable.count
      for (rule, symbols) in productions where symbols.allSatisfy({ isNullable($0) }) { nullable.insert(rule) }
    }
  }

  private static func isToken(_ name: String) -> Bool { name.first?.isUppercase ?? false }

  private mutating func add(_ rule: Int, _ symbols: [Symbol]) {
    ofRule[rule].append(productions.count)
    productions.append((rule, symbols))
  }

  private mutating func fresh() -> Int {
    ofRule.append([])
    return ofRule.count - 1
  }

  /// The alternatives of a pattern; repetitions become rules of their own.
  private mutating func flatten(_ pattern: Pattern) -> [[Symbol]] {
    switch pattern {
    case .rule(let name): return [[Self.isToken(name) ? .terminal(name) : .rule(numbers[name] ?? 0)]]
    case .literal(let text): return [[.terminal("'\(text)'")]]
    case .characters, .difference: return []
    case .sequence(let parts):
      return parts.reduce([[]]) { whole, part in
        let tails = flatten(part)
        return whole.flatMap { head in tails.map { head + $0 } }
      }
    case .choice(let alternatives): return alternatives.flatMap { flatten($0) }
    case .repeated(let part, let least, let most):
      let inner = flatten(part)
      if most == 1 { return [[]] + inner }
      let many = fresh()
      if least == 0 { add(many, []) } else { inner.forEach { add(many, $0) } }
      for symbols in inner { add(many, [.rule(many)] + symbols) }
      return [[.rule(many)]]
    }
  }

  private func isNullable(_ symbol: Symbol) -> Bool {
    if case .rule(let rule) = symbol { nullable.contains(rule) } else { false }
  }

  /// Whether the grammar has a sentence of these tokens; each token is the set of terminals it can stand for.
  func accepts(_ tokens: [Set<String>]) -> Bool {
    var sets = Array(repeating: Set<State>(), count: tokens.count + 1)
    var waiting: [[Int: [State]]] = Array(repeating: [:], count: tokens.count + 1)
    var next = ofRule[0].map { State(production: $0, dot: 0, origin: 0) }
    for place in 0...tokens.count {
      var work = next
      next = []
      while let state = work.popLast() {
        guard sets[place].insert(state).inserted else { continue }
        let (rule, symbols) = productions[state.production]
        let moved = State(production: state.production, dot: state.dot + 1, origin: state.origin)
        guard state.dot < symbols.count else {
          work += (waiting[state.origin][rule] ?? []).map { State(production: $0.production, dot: $0.dot + 1, origin: $0.origin) }
          continue
        }
        switch symbols[state.dot] {
        case .terminal(let terminal):
          if place < tokens.count, tokens[place].contains(terminal) { next.append(moved) }
        case .rule(let wanted):
          waiting[place][wanted, default: []].append(state)
          work += ofRule[wanted].map { State(production: $0, dot: 0, origin: place) }
          if nullable.contains(wanted) { work.append(moved) }
        }
      }
    }
    return sets[tokens.count].contains {
      $0.origin == 0 && productions[$0.production].rule == 0 && $0.dot == productions[$0.production].symbols.count
    }
  }
}
