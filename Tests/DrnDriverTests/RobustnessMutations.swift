import DrnTestSupport

/// A program as tokens and the spaces between, for making others out of it.
struct Mutant {
  private(set) var pieces: [String]

  /// Words, numbers with their percent sign, strings, two-letter operators, single characters; runs of white space are pieces too.
  init(_ text: String) {
    pieces = text.matches(of: /\/\/[^\n]*|"[^"\n]*"|[0-9][0-9._]*(?:e-?[0-9]+)?%?|[A-Za-z_][A-Za-z0-9_]*|\|>|->|<=|>=|\s+|./).map {
      String($0.0)
    }
  }

  var text: String { pieces.joined() }

  private func indices(where condition: (String) -> Bool) -> [Int] { pieces.indices.filter { condition(pieces[$0]) } }

  private static let numbers = [
    "0", "-1", "1", "2", "3", "0.5", "1e-300", "1e300", "1e400", "9223372036854775807", "9223372036854775808", "99999999999999999999",
    "4294967296",
    "1_000_000_007", "0.0", "100%", "0%", "101%", "1/0", "0/1", "1/3", "1/1000000007", "nan", "inf", "true", "current", "full", "\"x\"",
    "[1, 2]",
    "65", "16",
  ]
  private static let words = [
    ["epoch", "step"], ["epochs", "steps"],
    ["dense", "factored(rank: 3)", "core(rank: full)", "adapter(rank: 2)", "three_factor(rank: 5)"],
    ["carry", "reset", "restart", "prune(keep: 0.1)"], ["sgd", "adam", "adamw"], ["step", "cosine", "linear", "constant"],
    ["cross_entropy", "mean_squared_error"],
    ["relu", "gelu", "tanh", "layer_norm", "batch_norm", "dropout(0.5)", "flatten"], ["short_side", "inputs", "outputs"],
    ["average", "final", "maximum", "total"], ["fc1", "fc2", "head", "*", "**"],
    ["trainable_parameters", "memory", "state_bytes", "training_operations"],
  ]

  /// One random change. Most leave a program that parses; the rest break it.
  mutating func mutate(_ generator: inout SplitMix64) {
    switch Int.random(in: 0..<10, using: &generator) {
    case 0..<5: replaceNumber(&generator)
    case 5..<8: replaceWord(&generator)
    case _: moveToken(&generator)
    }
  }

  private mutating func replaceNumber(_ generator: inout SplitMix64) {
    guard let index = indices(where: { $0.first?.isNumber == true }).randomElement(using: &generator) else { return }
    pieces[index] = Self.numbers.randomElement(using: &generator) ?? "0"
  }

  /// A unit, form, policy or method by another of its kind; so schedules change in order, unit and target.
  private mutating func replaceWord(_ generator: inout SplitMix64) {
    let kinds = Self.words.map { kind in (kind, indices { kind.contains($0) }) }.filter { !$0.1.isEmpty }
    guard let (kind, places) = kinds.randomElement(using: &generator), let index = places.randomElement(using: &generator) else { return }
    pieces[index] = kind.randomElement(using: &generator) ?? pieces[index]
  }

  private mutating func moveToken(_ generator: inout SplitMix64) {
    let tokens = indices { !$0.allSatisfy(\.isWhitespace) }
    guard tokens.count > 1 else { return }
    let place = Int.random(in: 0..<tokens.count - 1, using: &generator)
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: pieces[tokens[place]] = ""
    case 1: pieces[tokens[place]] += " " + pieces[tokens[place]]
    case 2: pieces.swapAt(tokens[place], tokens[place + 1])
    case _: swapLines(&generator)
    }
  }

  private mutating func swapLines(_ generator: inout SplitMix64) {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard lines.count > 2 else { return }
    let place = Int.random(in: 0..<lines.count - 1, using: &generator)
    lines.swapAt(place, place + 1)
    self = Mutant(lines.joined(separator: "\n"))
  }
}
