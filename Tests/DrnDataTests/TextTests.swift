import DrnData
import DrnNumbers
import DrnTestSupport
import Foundation
import Testing

@Suite("Texts and lines as tokens") struct TextTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func write(_ name: String, _ text: String) throws -> String {
    let path = folder.path + "/" + name
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  private func text(_ text: String, length: Int, testShare: Rational = 0, unit: TextReader.Unit = .character) throws -> TextReader {
    TextReader(path: try write("text", text), length: length, testShare: testShare, unit: unit)
  }

  private func error<Result>(_ read: () throws(DataError) -> Result) -> DataError? {
    do throws(DataError) {
      _ = try read()
      return nil
    } catch { return error }
  }

  private func tokens(_ data: DataSet, _ indices: [Int]) -> [Int32] { data.tokens(of: indices) }

  private func labels(_ data: DataSet, _ indices: [Int]) -> [Int32] { data.labels(of: indices) }

  @Test("characters are numbered by code point, an example is any stretch, its labels the tokens that follow")
  func characters() throws {
    let content = try text("cabéab\n", length: 3).load()
    #expect(content.vocabulary.names == ["\n", "a", "b", "c", "é"] && content.test == nil)
    let data = content.train
    #expect(data.count == 4 && data.shape == [3] && data.labelsPerExample == 3 && data.classes == 5)
    #expect(tokens(data, [0, 3]) == [3, 1, 2, 4, 1, 2] && labels(data, [0, 3]) == [1, 2, 4, 1, 2, 0])
    // An index outside.
    #expect(tokens(data, [4]) == [-1, -1, -1] && labels(data, [-1]) == [-1, -1, -1])
    #expect(data.wholeExamples == [0, 3])
    #expect(
      try text("cabéab\n", length: 3).header() == DataHeader(examples: 2, shape: [3], classes: 5, hasExactClasses: true, vocabulary: 5))
  }

  @Test("the test part is the end of the text and is numbered like the rest")
  func testPart() throws {
    let content = try text("abcdefghij", length: 2, testShare: 0.3).load()
    #expect(content.train.tokens == [0, 1, 2, 3, 4, 5, 6] && content.test?.tokens == [7, 8, 9])
    #expect(content.train.wholeExamples == [0, 2, 4] && content.test?.wholeExamples == [0])
  }

  @Test("bytes are their own numbers, and any file is bytes")
  func bytes() throws {
    let path = try write("bytes", "")
    try Data([255, 0, 7]).write(to: URL(fileURLWithPath: path))
    let content = try TextReader(path: path, length: 2, testShare: 0, unit: .byte).load()
    #expect(content.train.tokens == [255, 0, 7] && content.vocabulary.count == 256 && content.vocabulary.names[255] == "0xff")
    let refused = error { () throws(DataError) in try TextReader(path: path, length: 2, testShare: 0, unit: .character).load() }
    #expect(refused?.kind == .corrupt && refused?.help?.contains("by: byte") == true)
  }

  @Test("what is too short, empty or absent is said")
  func faults() throws {
    let short = try text("abc", length: 3)
    #expect(error { () throws(DataError) in try short.load() }?.message.contains("3 characters") == true)
    let empty = try text("", length: 3)
    #expect(error { () throws(DataError) in try empty.header() }?.kind == .empty)
    let absent = TextReader(path: folder.path + "/none", length: 3, testShare: 0, unit: .character)
    #expect(error { () throws(DataError) in try absent.load() }?.kind == .missingFile)
    let tested = try text("abcdefgh", length: 3, testShare: 0.1)
    #expect(error { () throws(DataError) in try tested.load() }?.message.contains("test part") == true)
  }

  @Test("lines are filled up with token 0, the classes are the files")
  func lines() throws {
    _ = try write("b.txt", "ab\r\n\nc\n")
    _ = try write("a.txt", "ba\nd")
    _ = try write("ignored.md", "x")
    let content = try LinesReader(path: folder.path, length: 3, testShare: 0, seed: 1).load()
    #expect(content.classes == ["a", "b"] && content.vocabulary.names == ["", "a", "b", "c", "d"] && content.test == nil)
    #expect(content.train.tokens == [2, 1, 0, 4, 0, 0, 1, 2, 0, 3, 0, 0] && content.train.labels == [0, 0, 1, 1])
    #expect(tokens(content.train, [3]) == [3, 0, 0] && labels(content.train, [0, 2]) == [0, 1])
    let long = error { () throws(DataError) in try LinesReader(path: folder.path, length: 1, testShare: 0, seed: 1).load() }
    #expect(long?.line == 1 && long?.message == "has 2 characters, and an example has 1")
  }

  @Test("a share of the lines of each class is held back, the same for the same seed")
  func linesHeldBack() throws {
    _ = try write("a.txt", (0..<20).map { "a\($0)" }.joined(separator: "\n"))
    _ = try write("b.txt", (0..<10).map { "b\($0)" }.joined(separator: "\n"))
    let reader = LinesReader(path: folder.path, length: 3, testShare: 0.2, seed: 4)
    let content = try reader.load()
    #expect(content.test?.labels == [0, 0, 0, 0, 1, 1] && content.train.count == 24)
    #expect(try reader.load() == content)
    #expect(try LinesReader(path: folder.path, length: 3, testShare: 0.2, seed: 5).load() != content)
  }

  @Test("an epoch passes once over the whole text, moved by a number of tokens of its own, in any order and never past the end")
  func slide() throws {
    let whole = Array(stride(from: 0, to: 40, by: 4))
    let sampler = BatchSampler(indices: whole, batchSize: 3, seed: 9, lastBatch: .keep, slide: 4)
    var moves: Set<Int> = []
    for epoch in 0..<40 {
      let order = sampler.batches(epoch: epoch).order.sorted()
      let moved = order[0]
      moves.insert(moved)
      #expect(order == whole.map { min($0 + moved, 36) })
      #expect(order == sampler.batches(epoch: epoch).order.sorted())
    }
    #expect(moves == [0, 1, 2, 3])
  }

  @Test("the validation part of a text is its end")
  func tail() {
    #expect(Split.tail(count: 10, validationFraction: 0.25) == ([0, 1, 2, 3, 4, 5, 6], [7, 8, 9]))
    #expect(Split.tail(count: 3, validationFraction: 0) == ([0, 1, 2], []))
  }
}
