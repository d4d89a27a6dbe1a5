import DrnData
import DrnTestSupport
import Testing

@Suite("CSV tables")
struct CSVTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test("names are recognised in the first row, and rows end with or without CR and LF")
  func headerRow() throws {
    for text in ["a,b,y\n1,2,0\n3,4.5,1\n", "\u{FEFF}a,b,y\r\n1,2,0\r\n\r\n3,4.5,1", "1,2,0\n3,4.5,1"] {
      let reader = try folder.reader(text)
      #expect(try reader.header() == DataHeader(examples: 2, shape: [2]))
      let data = try reader.load()
      #expect(data.features == [1, 2, 3, 4.5] && data.labels == [0, 1])
    }
    #expect(try folder.reader("1,2,0\n3,4.5,1", CSVOptions(headerRow: .present)).header().examples == 1)
  }

  @Test("bytes that are no UTF-8 are an error with line and byte: replaced, they would make one level of several")
  func notUnicode() throws {
    let start = Array("colour,y\nred,0\ngr".utf8)
    for (bytes, place) in [([0xFC, 0x6E], "byte 3"), ([0xC3, 0xBC, 0xFC], "byte 5"), ([0xEF, 0xBF, 0xBD, 0xC3], "byte 6")]
      as [([UInt8], String)]
    {
      let path = try folder.write("t.csv", start + bytes + Array(",1\n".utf8))
      let error = #expect(throws: DataError.self) { try CSVReader(path: path, options: CSVOptions(categories: [.name("colour")])).header() }
      #expect(
        error?.line == 3 && error?.message.contains(place) == true && error?.help?.contains("iconv") == true, "\(String(describing: error))"
      )
    }
    let read = try folder.reader("gr\u{FC}n,gr\u{F6}n,y\n1,2,0\n3,4,1\n").header()
    #expect(read.examples == 2)
  }

  @Test("the target column goes by number or by name")
  func targetColumn() throws {
    let text = "y,\"a \"\"x\"\"\",b\n 1 , 2,\t3\n"
    #expect(try folder.reader(text, CSVOptions(targets: [.name("y")])).load().features == [2, 3])
    #expect(try folder.reader(text, CSVOptions(targets: [.name("a \"x\"")])).load().labels == [2])
    #expect(try folder.reader(text, CSVOptions(targets: [.index(2)])).load().labels == [3])
    let absent = try folder.failure(text, CSVOptions(targets: [.name("z")]))
    #expect(absent?.kind == .options && absent?.help?.contains("y, a \"x\", b") == true)
    #expect(try folder.failure(text, CSVOptions(targets: [.index(3)]))?.kind == .options)
    #expect(try folder.reader("5,2,1\n", CSVOptions(targets: [.name("0")])).load().labels == [5])
    #expect(try folder.failure("5,2,1\n", CSVOptions(targets: [.name("3")]))?.kind == .options)
    #expect(try folder.failure("1,2", CSVOptions(targets: [.name("y")]))?.kind == .options)
  }

  @Test("a column named twice is refused as the target")
  func ambiguousTarget() throws {
    #expect(try folder.failure("a,y,y\n1,2,3\n", CSVOptions(targets: [.name("y")]))?.message == "has more than one column \"y\"")
  }

  @Test("tables whose columns differ in name or order do not go together; one without names goes with any")
  func columnsOfTwoTables() throws {
    let first = CSVReader(path: try folder.write("first.csv", "a,b,y\n1,2,0\n"))
    func second(_ text: String) throws -> CSVReader { CSVReader(path: try folder.write("second.csv", text)) }
    try first.checkColumns(of: second("a,b,y\n3,4,1\n"))
    try first.checkColumns(of: second("3,4,1\n"))
    let error = try #require(throws: DataError.self) { try first.checkColumns(of: second("a,c,y\n3,4,1\n")) }
    #expect(error.kind == .options && error.message.hasPrefix("column 1 is \"c\", but \"b\""))
    #expect(throws: DataError.self) { try first.checkColumns(of: second("a,b,z,y\n3,4,1,0\n")) }
  }

  @Test("compressed tables, other separators, regression and image shapes are read")
  func variants() throws {
    let packed = CSVReader(path: try folder.write("t.bin", gzip(Array("1,2,0\n3,4,1\n".utf8))))
    #expect(try packed.load().labels == [0, 1])
    let tabs = try folder.reader("1\t2\t0.5\n3\t4\t-1e-3\n", CSVOptions(task: .regression, separator: 9)).load()
    #expect(tabs.targets == [0.5, -1e-3] && tabs.labels == [] && tabs.classes == nil)
    let image = CSVOptions(shape: [1, 2, 2])
    #expect(try folder.reader("1,2,3,4,0\n", image).load().shape == [1, 2, 2])
    #expect(try folder.failure("1,2,3,0\n", image)?.kind == .sizeMismatch)
  }

  @Test(
    "errors are located by line and column",
    arguments: [
      ("1,2,0\n3,x,1\n", DataError.Kind.corrupt, 2, 3), ("a,b,y\n1,2,0\n3,,1\n", .corrupt, 3, 3),
      ("1,2,0\n3, nan,1\n", .corrupt, 2, 4), ("1,2,0\n3,0x10,1\n", .corrupt, 2, 3), ("1,2,0\n3,1e999,1\n", .corrupt, 2, 3),
      ("1,2,0\n3,1e39,1\n", .corrupt, 2, 3), ("1,2,0\n\n3,4\n", .sizeMismatch, 3, 4), ("1,2,0\n3,4,1,9\n", .sizeMismatch, 2, 7),
      ("1,2,0\n3,4,1.5\n", .labelOutOfRange, 2, 5), ("1,2,0\n3,4,-1\n", .labelOutOfRange, 2, 5),
      ("1,2,0\n3,\"4,1\n", .corrupt, 2, 3), ("1,2,0\n3,\"4\"5,1\n", .corrupt, 2, 3), ("1,2,0\n3,4,3\n", .labelOutOfRange, 2, 5),
    ])
  func positions(text: String, kind: DataError.Kind, line: Int, column: Int) throws {
    let error = try #require(try folder.failure(text, CSVOptions(classes: 3)))
    #expect(error.kind == kind && error.line == line && error.column == column, "\(error)")
  }

  @Test("empty tables and single columns are refused")
  func empty() throws {
    #expect(try folder.failure("")?.kind == .empty)
    #expect(try folder.failure("\n \n")?.kind == .empty)
    #expect(try folder.failure("a,b\n")?.kind == .empty)
    #expect(try folder.failure("1\n2\n")?.kind == .sizeMismatch)
    #expect(throws: DataError.self) { try CSVReader(path: folder.path + "/absent").header() }
  }

  @Test("numbers equal the standard library's reading in single precision, whatever their spelling")
  func numbers() throws {
    let spellings = [
      "0", "-0", "+1", ".5", "5.", "1e3", "1E-3", "123456789012345678901234567890", "0.1", "3.14159265358979", "1e-50", "2.5e38",
      "0.000000000000000000000000000000000001", "00012", "16777217", "1.7976e20",
    ]
    for spelling in spellings {
      let value = try folder.reader("\(spelling),0\n").load().features[0]
      let expected = try #require(Double(spelling.hasPrefix(".") ? "0" + spelling : spelling))
      #expect(value == Float(expected), "\(spelling)")
    }
    for text in ["e5", "1e", ".", "-", "+-1", "1.2.3", "inf", "1 2"] {
      #expect(try folder.failure("1,0\n\(text),0\n")?.kind == .corrupt, "\(text)")
    }
  }

  @Test("a table longer than one chunk keeps its rows")
  func longTable() throws {
    let rows = 100_000
    let text = (0..<rows).map { "\($0),0.25,\($0 % 7)\n" }.joined()
    let reader = try folder.reader(text)
    #expect(try reader.header().examples == rows)
    let data = try reader.load()
    #expect(data.count == rows && data.features[2 * 99_999] == 99_999 && data.labels[99_999] == 99_999 % 7)
    #expect((0..<rows).allSatisfy { data.features[2 * $0] == Float($0) })
  }
}
