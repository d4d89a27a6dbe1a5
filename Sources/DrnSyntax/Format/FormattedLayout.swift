import DrnSource

/// Where the parts of a tree begin that the formatter puts on lines of their own.
struct FormattedLayout {
  /// Offsets at which a declaration begins.
  private(set) var items: Set<Int> = []
  /// Offsets at which an import begins; imports may follow each other without a blank line.
  private(set) var imports: Set<Int> = []
  /// Offsets at which an entry or a `let` or `return` begins.
  private(set) var lines: Set<Int> = []
  /// Offsets of `/` between two whole numbers, written without spaces.
  private(set) var fractions: Set<Int> = []

  init(_ tree: SyntaxTree, tokens: [Token]) {
    for item in tree.items {
      items.insert(item.span.start)
      switch item {
      case .importFile(let item): imports.insert(item.span.start)
      case .data(let item): add(item.entries)
      case .train(let item): add(item.entries)
      case .block, .network: break
      }
    }
    for index in tokens.indices { addToken(tokens, index) }
  }

  private mutating func add(_ entries: [Entry]) {
    for entry in entries {
      lines.insert(entry.span.start)
      if case .clause(let clause) = entry { add(clause.entries) }
    }
  }

  /// Whether a `/` divides two whole numbers and the left one is no operand of a product before it.
  private func isFraction(_ tokens: [Token], _ index: Int) -> Bool {
    guard index > 1, index + 1 < tokens.count, tokens[index - 1].kind == .integer, tokens[index + 1].kind == .integer else { return false }
    switch tokens[index - 2].kind {
    case .punctuation(let punctuation): return punctuation != .star && punctuation != .slash
    case .keyword(let word): return word != .div && word != .mod
    case .identifier, .integer, .decimal, .percent, .string, .pattern, .unknown, .endOfFile: return true
    }
  }

  private mutating func addToken(_ tokens: [Token], _ index: Int) {
    let isNamed = index + 1 < tokens.count && tokens[index + 1].kind == .punctuation(.colon)
    switch tokens[index].kind {
    case .keyword(.let), .keyword(.return):
      if !isNamed { lines.insert(tokens[index].span.start) }
    case .punctuation(.slash):
      if isFraction(tokens, index) { fractions.insert(tokens[index].span.start) }
    case .identifier, .keyword, .integer, .decimal, .percent, .string, .pattern, .punctuation, .unknown, .endOfFile: break
    }
  }
}
