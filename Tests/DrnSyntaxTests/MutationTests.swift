import DrnDiagnostics
import DrnSource
import DrnSyntax
import Testing

private enum Mutation: CaseIterable {
  case drop, double, swap

  /// The bytes of a program with its token at `index` changed.
  func apply(to bytes: [UInt8], _ tokens: [Token], at index: Int) -> [UInt8] {
    let (span, next) = (tokens[index].span, tokens[index + 1].span)
    let before = bytes[..<span.start]
    switch self {
    case .drop: return Array(before + bytes[span.end...])
    case .double: return Array(before) + bytes[span.start..<span.end] + [0x20] + bytes[span.start...]
    case .swap:
      return Array(before) + bytes[next.start..<next.end] + bytes[span.end..<next.start] + bytes[span.start..<span.end] + bytes[next.end...]
    }
  }
}

@Suite("Single faults") struct MutationTests {
  @Test("raise few diagnostics, never trap, and keep every byte", arguments: Mutation.allCases.indices)
  fileprivate func singleFaults(kind: Int) {
    let mutation = Mutation.allCases[kind]
    var faulty = 0
    var reported = 0
    for program in Programs.all {
      let bytes = Array(program.utf8)
      let tokens = parse(file: FileID(0), bytes: bytes).tokens
      for index in 0..<tokens.count - 2 {
        let mutant = mutation.apply(to: bytes, tokens, at: index)
        let tree = parse(file: FileID(0), bytes: mutant)
        if !coversAll(tree, mutant.count) { Issue.record("bytes are lost at token \(index) of \(program)") }
        faulty += tree.diagnostics.isEmpty ? 0 : 1
        reported += tree.diagnostics.count
      }
    }
    let mean = Double(reported) / Double(max(1, faulty))
    print("\(mutation): \(faulty) programs with one fault, \(mean) diagnostics each")
    #expect(faulty > 500)
    #expect(mean < 1.15)
  }
}

/// Whether the tokens of a tree and the trivia before them cover a file of `count` bytes without gap or overlap.
func coversAll(_ tree: SyntaxTree, _ count: Int) -> Bool {
  var end = 0
  for token in tree.tokens {
    guard token.trivia.start == end, token.span.start == token.trivia.end else { return false }
    end = token.span.end
  }
  return end == count
}
