import DrnData
import DrnTestSupport
import Foundation
import Testing

@Suite("What tables hold")
struct TableTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  // MARK: Faults

  @Test("the faults of each kind are counted, with line, column and field of the first and the lines of the next")
  func faults() throws {
    let text = "a,b,y\n1,2,0\n3,NA,1\n5,x,0\n6,7\n,7,1\n9,2,1,4\n8,y,3\n9,9,4\n"
    let error = try #require(try folder.failure(text, CSVOptions(classes: 2)))
    #expect(error.line == 3 && error.column == 3 && error.field == "b")
    let expected = [
      "line 3, column 3, field \"b\": \"NA\" stands for a missing value (2 of this kind, the next in line 6)",
      "line 4, column 3, field \"b\": \"x\" is not a number (2 of this kind, the next in line 8)",
      "line 5, column 4: has 2 fields; the first row has 3 (2 of this kind, the next in line 7)",
      "line 8, column 5, field \"y\": \"3\" is not a class from 0 to 1 (2 of this kind, the next in line 9)",
    ]
    #expect(error.sentence == "\(error.path): " + expected.joined(separator: "; "), "\(error.sentence)")
  }

  @Test("a message is one line, whatever stands in a field")
  func controlCharacters() throws {
    let error = try #require(try folder.failure("a\u{1B}[2J,b,y\n1,x\ry\u{7},0\nz,2,0\n", CSVOptions(classes: 2)))
    let line = error.sentence.unicodeScalars
    #expect(!line.contains { $0.properties.generalCategory == .control }, "\(error)")
  }

  @Test("a table without names calls a field by its number")
  func fieldNumbers() throws {
    #expect(try folder.failure("1,2,0\n3,x,1\n")?.field == "1")
  }

  @Test("many faults of one kind are counted and four lines named")
  func manyFaults() throws {
    let error = try #require(try folder.failure("a,y\n" + String(repeating: "x,0\n", count: 5000)))
    #expect(error.message == "\"x\" is not a number (5000 of this kind, the next in lines 3, 4, 5, 6)", "\(error)")
  }

  // MARK: Separators and the first row

  @Test("the separator of the first row is found; where two are possible it is asked for", arguments: [",", ";", "\t"])
  func separators(separator: String) throws {
    let text = "a,b,y\n1,2.5,0\n3,4,1\n".replacing(",", with: separator)
    #expect(try folder.reader(text).load().features == [1, 2.5, 3, 4])
    let given = CSVOptions(separator: separator.utf8.first)
    #expect(try folder.reader(text, given).load().features == [1, 2.5, 3, 4])
    #expect(try folder.reader(text.replacing("a", with: "\"a, b; c\td\""), given).header().shape == [2])
    #expect(try folder.reader(text.replacing("a", with: "\"a, b; c\td\"")).header().shape == [2])
    let mixed = try #require(try folder.failure(text.replacing("a", with: separator == ";" ? "a,x" : "a;x")))
    #expect(mixed.kind == .options && mixed.line == 1 && mixed.help?.contains("separator:") == true, "\(mixed)")
  }

  @Test("a decimal comma is an error that says so, with and without names and quotes")
  func decimalComma() throws {
    for text in ["a;b;y\n0,5;1;0\n", "\"0,5\";1;0\n", "a,b,y\n\"0,5\",1,0\n"] {
      let separator = text.contains(";") ? UInt8(ascii: ";") : UInt8(ascii: ",")
      let error = try #require(try folder.failure(text, CSVOptions(separator: separator)))
      #expect(error.message == "\"0,5\" has a comma where numbers have a point", "\(error)")
    }
  }

  @Test("commas between thousands are no decimal commas", arguments: ["1,000", "-12,345.5", "1,234,567"])
  func thousands(field: String) throws {
    let error = try #require(try folder.failure("a,b,y\n\"\(field)\",1,0\n"))
    #expect(error.message == "\"\(field)\" has commas between its thousands", "\(error)")
    #expect(error.line == 2 && error.column == 2 && error.field == "a")
  }

  @Test(
    "where semicolons stand between fields, and where no thousands are, one comma is a point",
    arguments: ["1,000;1;0", "0,125;1;0", "12,34;1;0"])
  func points(row: String) throws {
    let error = try #require(try folder.failure("a;b;y\n\(row)\n"))
    #expect(error.message.contains("has a comma where numbers have a point"), "\(error)")
  }

  @Test("the header already refuses a column of words that is no category, past missing values too")
  func wordsInHeader() throws {
    let text = "a,b,y\n1,,0\n2,red,1\n3,blue,0\n"
    let error = #expect(throws: DataError.self) { try folder.reader(text, CSVOptions(missing: .mean)).header() }
    #expect(error?.line == 3 && error?.column == 3 && error?.field == "b", "\(String(describing: error))")
    #expect(error?.help?.contains("one_hot(\"b\")") == true)
    let told = try folder.reader(text, CSVOptions(categories: [.name("b")], missing: .mean)).header()
    #expect(told.shape == [3] && told.examples == 3)
    #expect(try folder.reader(text, CSVOptions(leftOut: [.name("b")])).header().examples == 3)
  }

  @Test("UTF-16, zero bytes and lines that end in CR alone are named as such")
  func otherTexts() throws {
    let path = folder("wide.csv")
    func failure(_ bytes: [UInt8]) throws -> DataError? {
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      return #expect(throws: DataError.self) { try CSVReader(path: path).header() }
    }
    let wide = "a,b,y\n1,2,0\n".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    #expect(try failure([0xFF, 0xFE] + wide)?.message == "is UTF-16, and tables are UTF-8")
    #expect(try failure(wide)?.message == "is no text: zero bytes stand in it")
    let ends = try #require(try failure(Array("a,b,y\r1,2,0\r3,4,1\r".utf8)))
    #expect(ends.message == "has lines that end in CR alone, and lines end in LF or CRLF" && ends.line == 1)
    let many = [UInt8](repeating: UInt8(ascii: "1"), count: 9 << 20) + Array("\r2".utf8)
    #expect(try failure(Array("a\r".utf8) + many)?.message == ends.message)
    #expect(try folder.reader("a,y\r\n1,0\r\n").header().examples == 1)
  }

  @Test("a first row of numbers holds values unless it is said to hold names; a mixture is asked about")
  func firstRow() throws {
    let text = "0,1,2\n0.5,0.1,1\n0.2,0.9,0\n"
    #expect(try folder.reader(text).header().examples == 3)
    let named = CSVOptions(targets: [.name("2")], headerRow: .present)
    #expect(try folder.reader(text, named).header().examples == 2)
    #expect(try folder.reader(text, named).load().labels == [1, 0])
    for mixed in ["a,2020,y\n1,2,0\n", "0.5,0.2,yes\n0.1,0.2,no\n"] {
      let error = try #require(try folder.failure(mixed))
      #expect(error.kind == .corrupt && error.line == 1 && error.help?.contains("header: true") == true, "\(error)")
    }
    #expect(try folder.reader("0.5,NA,1\n1,2,0\n", CSVOptions(missing: .drop)).load().features == [1, 2])
    #expect(try folder.reader("0.5,0.2,yes\n0.1,0.2,no\n", CSVOptions(collectsClasses: true, headerRow: .absent)).load().labels == [1, 0])
  }

  // MARK: Columns

  @Test("columns are taken in the order given, or left out, by name or number")
  func columns() throws {
    let text = "id,a,b,y\n7,1,2,0\n8,3,4,1\n"
    #expect(try folder.reader(text, CSVOptions(columns: [.name("b"), .index(1)])).load().features == [2, 1, 4, 3])
    #expect(try folder.reader(text, CSVOptions(leftOut: [.name("id")])).load().features == [1, 2, 3, 4])
    #expect(try folder.reader(text, CSVOptions(leftOut: [.index(0), .index(2)])).load().features == [1, 3])
    for (options, reason) in [
      (CSVOptions(columns: [.name("y")]), "is to be learned"), (CSVOptions(leftOut: [.name("y")]), "is to be learned"),
      (CSVOptions(columns: [.name("a"), .index(1)]), "twice"), (CSVOptions(columns: [.name("c")]), "no column \"c\""),
      (CSVOptions(leftOut: [.index(0), .index(1), .index(2)]), "no column is left"),
      (CSVOptions(leftOut: [.name("a")], categories: [.name("a")]), "no feature"),
    ] {
      let error = try #require(try folder.failure(text, options))
      #expect(error.message.contains(reason) && error.kind != .corrupt, "\(error)")
    }
    // What is not read may hold anything.
    #expect(try folder.reader("id,a,y\nx,1,0\n,2,1\n", CSVOptions(leftOut: [.name("id")], missing: .drop)).load().features == [1, 2])
  }

  @Test("several columns are several targets, in the order given; classes are one column")
  func targets() throws {
    let text = "a,u,v\n1,0.5,-1\n2,0.25,3\n"
    let data = try folder.reader(text, CSVOptions(targets: [.name("v"), .name("u")], task: .regression)).load()
    #expect(data.features == [1, 2] && data.targets == [-1, 0.5, 3, 0.25] && data.targetWidth == 2)
    #expect(try folder.reader(text, CSVOptions(targets: [.index(1), .index(2)], task: .regression)).header().targets == 2)
    #expect(
      try folder.failure(text, CSVOptions(targets: [.name("u"), .name("v")]))?.message == "classes are in one column, and 2 are named")
  }

  // MARK: Missing values

  @Test(
    "a missing value is nothing, or a word that stands for nothing and is not quoted", arguments: ["", "NA", "N/A", "NaN", "null", "?"])
  func missingWords(word: String) throws {
    let text = "a,b,y\n1,\(word),0\n3,4,1\n"
    let error = try #require(try folder.failure(text))
    #expect(error.line == 2 && error.column == 3 && error.field == "b" && error.help?.contains("missing: mean") == true, "\(error)")
    #expect(try folder.reader(text, CSVOptions(missing: .drop)).load().features == [3, 4])
    #expect(try folder.reader(text, CSVOptions(missing: .drop)).header().examples == 1)
    let kept = try folder.reader(text, CSVOptions(missing: .mean)).load()
    #expect(kept.features[1].isNaN && kept.features[3] == 4)
    let filled = try MeanFill(kept, indices: [1]).filling(kept)
    #expect(filled.features == [1, 4, 3, 4])
    guard !word.isEmpty else { return }
    #expect(try folder.failure("a,b,y\n1,\"\(word)\",0\n", CSVOptions(missing: .drop))?.message == "\"\(word)\" is not a number")
  }

  @Test("means are those of the examples to train on, and a value that none of them has is an error")
  func means() throws {
    let data = try folder.reader("a,b,y\n1,,0\n3,8,1\n,2,0\n100,,1\n", CSVOptions(missing: .mean)).load()
    let fill = try MeanFill(data, indices: [0, 1, 2])
    #expect(fill.values == [2, 5])
    #expect(fill.filling(data).features == [1, 5, 3, 8, 2, 2, 100, 5])
    #expect(try #require(throws: MeanFill.Absent.self) { try MeanFill(data, indices: [0, 3]) }.element == 1)
    // In double precision too, where single precision does not hold the numbers.
    let wide = try folder.reader("a,b,y\n16777217,,0\n1,3,1\n", CSVOptions(missing: .mean)).load()
    #expect(wide.storage != .floats(wide.features))
    #expect(try MeanFill(wide, indices: [0, 1]).filling(wide).features == [16777216, 3, 1, 3])
  }

  @Test("a label or target that is missing is an error even where features are filled")
  func missingTarget() throws {
    for options in [CSVOptions(missing: .mean), CSVOptions(task: .regression, missing: .mean), CSVOptions(collectsClasses: true)] {
      let error = try #require(try folder.failure("a,y\n1,0\n2,NA\n", options))
      #expect(error.line == 3 && error.field == "y" && error.help?.contains("missing: drop") == true, "\(error)")
    }
  }

  // MARK: Names

  @Test("classes are numbered by the bytes of their names, whole numbers by their values")
  func classes() throws {
    let options = CSVOptions(collectsClasses: true)
    func labels(_ names: [String]) throws -> [Int32] {
      try folder.reader("a,y\n" + names.map { "1,\($0)\n" }.joined(), options).load().labels
    }
    #expect(try labels(["no", "yes", "Yes", "no"]) == [1, 2, 0, 1])
    #expect(try labels(["2", "1", "2"]) == [1, 0, 1])
    #expect(try labels(["10", "9", "-1"]) == [2, 1, 0])
    #expect(try labels(["10", "9", "x"]) == [0, 1, 2])
    let header = try folder.reader("a,y\n1,no\n2,yes\n", options).header()
    #expect(header == DataHeader(examples: 2, shape: [1], classes: 2, hasExactClasses: true))
  }

  @Test("labels that are names, or count from 1, are told how to be classes")
  func labelHelp() throws {
    let names = try #require(try folder.failure("a,y\n1,no\n2,yes\n", CSVOptions(classes: 2)))
    #expect(names.kind == .labelOutOfRange && names.line == 2 && names.help?.contains("write `label: class` to take the names") == true)
    let fromOne = try #require(try folder.failure("a,y\n1,1\n2,2\n", CSVOptions(classes: 2)))
    #expect(fromOne.help?.hasPrefix("the labels go from 1 to 2, and classes are numbered from 0") == true, "\(fromOne)")
  }

  @Test("a category is a value of 0 or 1 for each level, in the place of its column; a missing one takes the levels' shares")
  func categories() throws {
    let text = "a,c,b,y\n1,red,2,0\n3,blue,4,1\n5,red,6,0\n"
    let options = CSVOptions(categories: [.name("c")])
    #expect(try folder.reader(text, options).header().shape == [4])
    #expect(try folder.reader(text, options).load().features == [1, 0, 1, 2, 3, 1, 0, 4, 5, 0, 1, 6])
    let holed = try folder.reader(text + "7,,8,1\n", CSVOptions(categories: [.name("c")], missing: .mean)).load()
    let filled = try MeanFill(holed, indices: [0, 1, 2]).filling(holed).features
    #expect(filled[12] == 7 && filled[13] == Float(1.0 / 3) && filled[14] == Float(2.0 / 3) && filled[15] == 8)
    let plain = try #require(try folder.failure(text))
    #expect(plain.message == "\"red\" is not a number (3 of this kind, the next in lines 3, 4)", "\(plain)")
    #expect(plain.help?.contains("categories: one_hot(\"c\")") == true)
    let names = (0..<65_537).map { "1,n\($0),0\n" }.joined()
    #expect(try folder.failure("a,c,y\n" + names, options)?.kind == .unsupported)
  }

  @Test("names in other tables are those of the training table, and another one is an error with its place")
  func otherTables() throws {
    let options = CSVOptions(collectsClasses: true, categories: [.name("c")])
    let train = try folder.reader("c,a,y\nred,1,no\nblue,2,yes\n", options)
    func tables(_ text: String) throws -> TableReader.Tables {
      let other = try folder.reader(text, options, name: "other.csv")
      return try TableReader(train: train, validation: other, test: other).load()
    }
    let loaded = try tables("c,a,y\nblue,3,yes\n")
    #expect(loaded.test?.features == [1, 0, 3] && loaded.validation?.labels == [1])
    #expect(loaded.description.classes == ["no", "yes"] && loaded.description.valueNames == ["c = blue", "c = red", "a"])
    for (text, reason, place) in [
      ("c,a,y\nblue,3,maybe\n", "\"maybe\" is not a class of the training table", (2, 8, "y")),
      ("c,a,y\nblue,3,no\ngreen,3,no\n", "\"green\" is not a level in the training table", (3, 1, "c")),
    ] {
      let error = try #require(throws: DataError.self) { try tables(text) }
      #expect(error.message == reason && error.line == place.0 && error.column == place.1 && error.field == place.2, "\(error)")
      #expect(error.path.hasSuffix("other.csv"))
    }
  }
}
