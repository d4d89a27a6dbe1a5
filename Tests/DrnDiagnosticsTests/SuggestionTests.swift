import DrnDiagnostics
import DrnSource
import Testing

@Suite("Suggestions") struct SuggestionTests {
  @Test(
    "finds the nearest name",
    arguments: [
      ("netwrok", "network"), ("Linear", "linear"), ("batch_nrom", "batch_norm"), ("relus", "relu"), ("lineer", "linear"),
    ])
  func finds(word: String, expected: String) {
    #expect(Suggestion.nearest(to: word, in: ["relu", "linear", "batch_norm", "network"]) == expected)
  }

  @Test("names nothing that is far away", arguments: ["x", "gelu_tanh", "conv", "", "rle"])
  func rejects(word: String) {
    #expect(Suggestion.nearest(to: word, in: ["relu", "linear", "batch_norm", "network"]) == nil)
  }

  @Test("takes the first of equally near names")
  func ties() { #expect(Suggestion.nearest(to: "stage", in: ["stags", "stagx"]) == "stags") }
}

@Suite("Applying fix-its") struct FixItTests {
  private let source = SourceFile(id: FileID(0), name: "a.drn", bytes: Array("abcdef".utf8))

  private func fixIt(_ edits: (Int, Int, String)..., file: Int = 0) -> FixIt {
    FixIt("", edits: edits.map { .init(Span(file: FileID(file), start: $0.0, end: $0.1), $0.2) }, confidence: .safe)
  }

  private func fixed(_ fixIts: FixIt...) -> String { String(decoding: apply(fixIts, to: source), as: UTF8.self) }

  @Test("replaces, inserts and deletes in the order of the text")
  func applies() {
    #expect(fixed(fixIt((4, 5, "")), fixIt((0, 1, "AA")), fixIt((2, 2, "-"))) == "AAb-cdf")
    #expect(fixed(fixIt((2, 2, "1")), fixIt((2, 2, "2")), fixIt((6, 6, "!"))) == "ab12cdef!")
  }

  @Test("leaves out a fix-it that overlaps an earlier one, whole")
  func overlaps() {
    #expect(fixed(fixIt((1, 3, "X")), fixIt((2, 4, "Y"), (5, 6, "Z"))) == "aXdef")
    #expect(fixed(fixIt((1, 3, "X")), fixIt((3, 4, "Y"))) == "aXYef")
  }

  @Test("leaves out what lies outside the file, and counts one fix-it once")
  func outside() {
    #expect(fixed(fixIt((5, 9, "X")), fixIt((0, 1, "Y"), file: 3)) == "abcdef")
    #expect(fixed(fixIt((0, 0, "1")), fixIt((0, 0, "1"))) == "1abcdef")
  }
}
