import DrnDiagnostics
import DrnProgram
import DrnSema
import DrnSource
import DrnTestSupport
import Foundation
import Testing

/// Fixes that files on the disk suggest.
@Suite("Fixes of data") struct DataFixTests {
  private static func text(_ source: String) -> String {
    """
    data points {
      source: \(source)
      point: tensor[2]
      label: class(2)
      examples: 4
    }
    network small(point: tensor[2]) -> tensor[2] {
      return point |> head: linear(2)
    }
    train small on points {
      length: 4 epochs
      batch: 2
      loss: cross_entropy
      optimizer: sgd
      rate: 0.1
    }
    """
  }

  /// Checks a program in a folder with one table, with the table's real header.
  private func check(_ source: String, in folder: String) -> (result: CheckResult, fixed: String) {
    var sources = SourceMap()
    let file = sources.add(name: folder + "/main.drn", text: Self.text(source))
    let result = DrnSema.check(file: file, sources: &sources, options: CheckOptions(), headers: FileDataHeaders(), read: { _ in nil })
    let fixed = sources[file].map { apply(result.diagnostics.flatMap(\.fixIts), to: $0) } ?? []
    return (result, String(decoding: fixed, as: UTF8.self))
  }

  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder("tables"), withIntermediateDirectories: false)
    try folder.write("tables/training.csv", "length,width,species\n1,2,0\n3,4,1\n5,6,0\n7,8,1\n")
    try body(folder.path)
  }

  @Test("a misspelt file, folder or column gets the nearest name there is")
  func names() throws {
    try withFolder { folder in
      let sound = #"csv(train: "tables/training.csv", label: "species")"#
      #expect(check(sound, in: folder).result.diagnostics == [])
      let cases: [(String, Code)] = [
        (#"csv(train: "tables/trainng.csv", label: "species")"#, .dataAbsent),
        (#"csv(train: "table/training.csv", label: "species")"#, .dataAbsent),
        (#"csv(train: "tables/training.csv", label: "speces")"#, .dataUnreadable),
      ]
      for (source, code) in cases {
        let (result, fixed) = check(source, in: folder)
        #expect(result.diagnostics.map(\.code) == [code])
        #expect(fixed == Self.text(sound))
      }
    }
  }

  @Test("a misspelt column in a list, and in `one_hot`, gets the nearest name there is")
  func columnNames() throws {
    try withFolder { folder in
      for (written, meant) in [
        (#"label: "species", leave_out: ["lenth"]"#, #"label: "species", leave_out: ["length"]"#),
        (#"label: "species", categories: one_hot("witdh")"#, #"label: "species", categories: one_hot("width")"#),
      ] {
        let (result, fixed) = check(#"csv(train: "tables/training.csv", \#(written))"#, in: folder)
        #expect(result.diagnostics.map(\.code) == [.dataUnreadable], "\(result.diagnostics)")
        #expect(fixed == Self.text(#"csv(train: "tables/training.csv", \#(meant))"#))
      }
    }
  }

  @Test("`label: class` takes the classes that occur; one alone, and examples that are made up, are errors")
  func collectedClasses() throws {
    try withFolder { folder in
      func check(_ source: String, outputs: Int) -> CheckResult {
        let text = Self.text(source).replacing("class(2)", with: "class").replacing("-> tensor[2]", with: "-> tensor[\(outputs)]")
          .replacing("linear(2)", with: "linear(\(outputs))")
        var sources = SourceMap()
        let file = sources.add(name: folder + "/main.drn", text: text)
        return DrnSema.check(file: file, sources: &sources, options: CheckOptions(), headers: FileDataHeaders(), read: { _ in nil })
      }
      let table = #"csv(train: "tables/training.csv", label: "species")"#
      let sound = check(table, outputs: 2)
      #expect(sound.diagnostics == [] && sound.programs.first?.data.classes == 2)
      #expect(check(table, outputs: 3).diagnostics.map(\.code) == [.headOutputs])
      // Without the files the network says how many there are.
      #expect(check(#"csv(train: "elsewhere/rows.csv", label: "y")"#, outputs: 5).programs.first?.data.classes == 5)
      #expect(check("synthetic(4)", outputs: 2).diagnostics.map(\.code) == [.missingOption])
      try "a,b,y\n1,2,no\n3,4,no\n5,6,no\n7,8,no\n".write(toFile: folder + "/tables/one.csv", atomically: true, encoding: .utf8)
      #expect(check(#"csv(train: "tables/one.csv", label: "y")"#, outputs: 2).diagnostics.first?.code == .dataClasses)
    }
  }

  @Test("a name that is near to nothing gets no fix, and where examples are stated no remark")
  func farNames() throws {
    try withFolder { folder in
      #expect(check(#"csv(train: "elsewhere/rows.csv", label: "species")"#, in: folder).result.diagnostics == [])
      let (result, _) = check(#"csv(train: "tables/training.csv", label: "weight_in_grams")"#, in: folder)
      #expect(result.diagnostics.map(\.code) == [.dataUnreadable] && result.diagnostics.flatMap(\.fixIts).isEmpty)
    }
  }

  @Test(
    "test files are looked at too: missing, with other columns, or without rows",
    arguments: [
      ("tables/absent.csv", "there is no such file"), ("tables/other.csv", "column 1 is"), ("tables/empty.csv", "holds no rows"),
    ])
  func testFiles(name: String, reason: String) throws {
    try withFolder { folder in
      let sound = #"csv(train: "tables/training.csv", test: "tables/training.csv", label: "species")"#
      #expect(check(sound, in: folder).result.diagnostics == [])
      try "length,height,species\n1,2,0\n".write(toFile: folder + "/tables/other.csv", atomically: true, encoding: .utf8)
      try "length,width,species\n".write(toFile: folder + "/tables/empty.csv", atomically: true, encoding: .utf8)
      let source = #"csv(train: "tables/training.csv", test: "\#(name)", label: "species")"#
      let found = check(source, in: folder).result.diagnostics
      #expect(found.count == 1 && found[0].severity == .error && found[0].message.contains(reason), "\(found)")
    }
  }

  @Test("a folder is not taken for a file that is there")
  func folders() throws {
    try withFolder { folder in
      try "".write(toFile: folder + "/table", atomically: true, encoding: .utf8)
      let (result, _) = check(#"images("tables2")"#, in: folder)
      #expect(result.diagnostics.flatMap(\.fixIts).map(\.message) == ["write `\"tables\"`"])
      try FileManager.default.removeItem(atPath: folder + "/tables")
      #expect(check(#"images("tables2")"#, in: folder).result.diagnostics.flatMap(\.fixIts).isEmpty)
    }
  }

  @Test("counts that differ from the files are replaced by those of the files")
  func counts() throws {
    try withFolder { folder in
      let (result, fixed) = check(#"csv(train: "tables/training.csv", label: "species")"#, in: folder)
      #expect(result.diagnostics.isEmpty)
      var sources = SourceMap()
      let wrong = fixed.replacing("examples: 4", with: "examples: 5")
      let file = sources.add(name: folder + "/main.drn", text: wrong)
      let found = DrnSema.check(file: file, sources: &sources, options: CheckOptions(), headers: FileDataHeaders(), read: { _ in nil })
      #expect(found.diagnostics.map(\.code) == [.exampleCount])
      let source = try #require(sources[file])
      #expect(String(decoding: apply(found.diagnostics.flatMap(\.fixIts), to: source), as: UTF8.self) == fixed)
    }
  }

  @Test("what a data set lacks is taken from a network trained on it")
  func missing() throws {
    let whole = Self.text("synthetic(examples: 4)").replacing("  examples: 4\n", with: "")
    for line in ["  point: tensor[2]\n", "  label: class(2)\n"] {
      let checked = Checked(whole.replacing(line, with: ""))
      #expect(checked.codes == ["DRN0227"])
      let file = SourceFile(id: FileID(0), name: "main.drn", bytes: Array(whole.replacing(line, with: "").utf8))
      let fixed = String(decoding: apply(checked.result.diagnostics.flatMap(\.fixIts), to: file), as: UTF8.self)
      #expect(fixed.contains(line) && Checked(fixed).codes == [], "\(fixed)")
    }
  }
}
