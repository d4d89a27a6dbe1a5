import DrnDiagnostics
import DrnSource
import DrnSyntax
import Testing

/// The texts of a program's tokens with the white space before each, for putting together again.
private struct Pieces {
  var trivia: [String]
  var text: [String]

  init(_ program: String) {
    let bytes = Array(program.utf8)
    let tokens = parse(file: FileID(0), bytes: bytes).tokens
    trivia = tokens.map { String(decoding: bytes[$0.trivia.start..<$0.trivia.end], as: UTF8.self) }
    text = tokens.map { String(decoding: bytes[$0.span.start..<$0.span.end], as: UTF8.self) }
  }

  var joined: String { zip(trivia, text).map { $0 + $1 }.joined() }
}

private enum Mutation: CaseIterable {
  case drop, double, swap

  func apply(to pieces: Pieces, at index: Int) -> String {
    var mutant = pieces
    switch self {
    case .drop: mutant.text[index] = ""
    case .double: mutant.text[index] += " " + mutant.text[index]
    case .swap: mutant.text.swapAt(index, index + 1)
    }
    return mutant.joined
  }
}

@Suite("Single faults") struct MutationTests {
  @Test("raise few diagnostics, never trap, and keep every byte", arguments: Mutation.allCases.indices)
  fileprivate func singleFaults(kind: Int) {
    let mutation = Mutation.allCases[kind]
    var faulty = 0
    var reported = 0
    for program in Programs.all {
      let pieces = Pieces(program)
      for index in 0..<pieces.text.count - 2 {
        let mutant = mutation.apply(to: pieces, at: index)
        let tree = parse(file: FileID(0), bytes: Array(mutant.utf8))
        if reassemble(tree, Array(mutant.utf8)) != Array(mutant.utf8) { Issue.record("bytes are lost of \(mutant)") }
        guard !tree.diagnostics.isEmpty else { continue }
        faulty += 1
        reported += tree.diagnostics.count
      }
    }
    let mean = Double(reported) / Double(max(1, faulty))
    print("\(mutation): \(faulty) programs with one fault, \(mean) diagnostics each")
    #expect(mean < 1.6)
  }
}

/// The bytes that the tokens of a tree cover, in order.
func reassemble(_ tree: SyntaxTree, _ bytes: [UInt8]) -> [UInt8] {
  tree.tokens.flatMap { bytes[$0.trivia.start..<$0.trivia.end] + bytes[$0.span.start..<$0.span.end] }
}
