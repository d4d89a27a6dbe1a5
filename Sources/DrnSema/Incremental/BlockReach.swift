import DrnSource
import DrnSyntax

/// Finds the blocks a declaration may use: every one whose name occurs in it, and theirs.
struct BlockReach {
  private let trees: [SyntaxTree]
  private let blocks: [String: BlockItem]
  private let sources: SourceMap
  private var known: [Span: [String]] = [:]

  init(_ trees: [SyntaxTree], _ blocks: [String: BlockItem], _ sources: SourceMap) {
    self.trees = trees
    self.blocks = blocks
    self.sources = sources
  }

  /// The places of the blocks, each once, in a fixed order.
  mutating func spans(from start: Span) -> [Span] {
    var found: [Span] = []
    var names: Set<String> = []
    var open = [start]
    while let span = open.popLast() {
      for name in blockNames(in: span) where names.insert(name).inserted {
        guard let block = blocks[name] else { continue }
        found.append(block.span)
        open.append(block.span)
      }
    }
    return found
  }

  private mutating func blockNames(in span: Span) -> [String] {
    if let names = known[span] { return names }
    var names: [String] = []
    if let tree = trees.first(where: { $0.file == span.file }), let source = sources[span.file] {
      var (low, high) = (0, tree.tokens.count)
      while low < high {
        let middle = (low + high) / 2
        if tree.tokens[middle].span.start < span.start { low = middle + 1 } else { high = middle }
      }
      for token in tree.tokens[low...].prefix(while: { $0.span.start < span.end }) where token.kind == .identifier {
        let name = source.text(token.span.start..<token.span.end)
        if blocks[name] != nil { names.append(name) }
      }
    }
    known[span] = names
    return names
  }
}
