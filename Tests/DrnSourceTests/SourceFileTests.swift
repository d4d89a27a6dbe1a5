import DrnSource
import Testing

@Suite("Source files") struct SourceFileTests {
  private let file = SourceFile(id: FileID(0), name: "a.drn", bytes: Array("é: 1\r\n🎉🎉 x\n".utf8))

  @Test("columns count scalars, not bytes")
  func columns() {
    #expect(file.lineColumn(at: 0) == LineColumn(line: 1, column: 1))
    #expect(file.lineColumn(at: 2) == LineColumn(line: 1, column: 2))
    #expect(file.lineColumn(at: 7) == LineColumn(line: 2, column: 1))
    #expect(file.lineColumn(at: 16) == LineColumn(line: 2, column: 4))
    #expect(file.lineColumn(at: 18) == LineColumn(line: 3, column: 1))
  }

  @Test("positions outside the file are clamped")
  func clamping() {
    #expect(file.lineColumn(at: -5) == LineColumn(line: 1, column: 1))
    #expect(file.lineColumn(at: 900) == LineColumn(line: 3, column: 1))
    #expect(file.text(15..<900) == " x\n")
  }

  @Test("a line ends before its break, of either kind")
  func lineRanges() {
    #expect(file.text(file.lineRange(0)) == "é: 1")
    #expect(file.text(file.lineRange(1)) == "🎉🎉 x")
    #expect(file.lineRange(2).isEmpty)
  }

  @Test("a map finds its files and no others")
  func sourceMap() {
    var map = SourceMap()
    let id = map.add(name: "b.drn", text: "data")
    #expect(map.text(Span(file: id, start: 1, end: 3)) == "at")
    #expect(map[FileID(7)] == nil)
    #expect(map.text(Span(file: FileID(7), start: 0, end: 1)) == "")
  }

  @Test("spans join within a file only")
  func unions() {
    let left = Span(file: FileID(0), start: 4, end: 6)
    #expect(left.union(Span(file: FileID(0), start: 1, end: 5)) == Span(file: FileID(0), start: 1, end: 6))
    #expect(left.union(Span(file: FileID(1), start: 1, end: 5)) == left)
    #expect(Span(file: FileID(0), start: 4, end: 2).length == 0)
  }
}
