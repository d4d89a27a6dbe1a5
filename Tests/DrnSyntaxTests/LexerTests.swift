import DrnDiagnostics
import DrnSource
import DrnSyntax
import DrnTestSupport
import Testing

private func kinds(_ text: String) -> [Token.Kind] { parse(file: FileID(0), bytes: Array(text.utf8)).tokens.map(\.kind) }

@Suite("Lexer") struct LexerTests {
  @Test("every byte of any input lies in exactly one token or its trivia")
  func losslessOverNoise() {
    var dice = SplitMix64(seed: 7)
    let alphabet = Array("ab_*.[]{}()\"\\%/|>-=!<,: \n\té€0129e#@".utf8) + [0xFF, 0xC0, 0x80, 0xF0, 0]
    for _ in 0..<2000 {
      let bytes = (0..<Int.random(in: 0...60, using: &dice)).map { _ in alphabet.randomElement(using: &dice) ?? 0 }
      let tree = parse(file: FileID(0), bytes: bytes)
      #expect(coversAll(tree, bytes.count))
    }
  }

  @Test("takes the longest word")
  func maximalMunch() {
    #expect(kinds("networkA network") == [.identifier, .keyword(.network), .endOfFile])
    #expect(
      kinds("<= < = == ->") == [
        .punctuation(.lessOrEqual), .punctuation(.less), .punctuation(.assign), .punctuation(.equal), .punctuation(.arrow), .endOfFile,
      ])
  }

  @Test(
    "tells numbers apart",
    arguments: [
      ("1_000", Token.Kind.integer), ("0.1", .decimal), ("1e-4", .decimal), ("1.5e3", .decimal), ("10%", .percent), ("0.5%", .percent),
    ])
  func numbers(text: String, kind: Token.Kind) { #expect(kinds(text) == [kind, .endOfFile]) }

  @Test(
    "reads a selector as one token", arguments: ["conv*", "**", "**.mlp.*", "stage*.**.conv*", "blocks[*].conv", "a[0].*", "*a", "a*b"])
  func patterns(text: String) { #expect(kinds(text) == [.pattern, .endOfFile]) }

  @Test("reads no selector where there is none")
  func notPatterns() {
    #expect(kinds("*") == [.punctuation(.star), .endOfFile])
    #expect(kinds("a * b") == [.identifier, .punctuation(.star), .identifier, .endOfFile])
    #expect(
      kinds("a.b[0]") == [
        .identifier, .punctuation(.dot), .identifier, .punctuation(.openBracket), .integer, .punctuation(.closeBracket), .endOfFile,
      ])
    #expect(kinds("[conv*]") == [.punctuation(.openBracket), .pattern, .punctuation(.closeBracket), .endOfFile])
  }

  @Test("reports a run of unknown bytes once")
  func unknownRuns() {
    let tree = parse(file: FileID(0), bytes: [0xFF, 0xFE, 0x20, 0x40, 0x40, 0x24])
    #expect(tree.tokens.map(\.kind) == [.unknown, .unknown, .endOfFile])
    #expect(tree.diagnostics.map(\.code) == [.unknownCharacter, .unknownCharacter])
  }

  @Test("skips a byte order mark")
  func byteOrderMark() {
    let tree = parse(file: FileID(0), bytes: [0xEF, 0xBB, 0xBF] + Array("import \"a\"".utf8))
    #expect(tree.diagnostics.isEmpty && tree.items.count == 1)
  }
}
