import DrnJSON
import DrnTensorFile
import DrnTestSupport
import Foundation
import Testing

/// A user's tables, from the file to the run folder.
@Suite("Tables on disk", .serialized) struct ProcessTableTests {
  private static func program(_ source: String, row: Int = 3, label: String = "class(2)", outputs: Int = 2, data: String = "") -> String {
    let loss = label.hasPrefix("class") ? "cross_entropy" : "mean_squared_error"
    return """
      data d { source: \(source)  row: tensor[\(row)]  label: \(label)  \(data) }
      network n(row: tensor[\(row)]) -> tensor[\(outputs)] { return row |> fc1: linear(16) |> relu |> head: linear(\(outputs)) }
      train n on d { length: 2 epochs  batch: 4  seed: 1  loss: \(loss)  optimizer: sgd(momentum: 0.9)  rate: 0.01 }

      """
  }

  /// Forty rows `a,b,c,y` of numbers and a class.
  private static let rows: [[String]] = (0..<40).map { row in
    (0..<3).map { "0.\((row * 37 + $0 * 11) % 90 + 10)" } + ["\((row * row + row / 3) % 2)"]
  }

  private static func table(_ separator: String = ",", _ change: (inout [[String]]) -> Void = { _ in }) -> String {
    var lines = [["a", "b", "c", "y"]] + rows
    change(&lines)
    return lines.map { $0.joined(separator: separator) + "\n" }.joined()
  }

  private func folder(_ table: String) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("t.csv", table)
    try folder.write("ok.csv", Self.table())
    return folder
  }

  private static let source = "csv(train: \"t.csv\", test: \"ok.csv\", label: \"y\")"

  /// A table with something at fault, what the error says of its place, and what it says to do.
  struct Wrong: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let table: String
    let place: String
    let help: String
  }

  static let wrong: [Wrong] = [
    Wrong(
      testDescription: "words in a column", table: table { for row in 1...40 { $0[row][1] = row % 3 == 0 ? "red" : "blue" } },
      place: "line 2, column 6, field \"b\": \"blue\" is not a number (40 of this kind, the next in lines 3, 4, 5, 6)",
      help: "categories: one_hot(\"b\")"),
    Wrong(
      testDescription: "a value missing", table: table { $0[6][1] = "" }, place: "line 7, column 6, field \"b\": a value is missing",
      help: "missing: mean"),
    Wrong(
      testDescription: "NA", table: table { $0[3][1] = "NA" }, place: "line 4, column 6, field \"b\": \"NA\" stands for a missing value",
      help: "missing: mean"),
    Wrong(
      testDescription: "classes from 1", table: table { for row in 1...40 { $0[row][3] = $0[row][3] == "0" ? "1" : "2" } },
      place: "field \"y\": \"2\" is not a class from 0 to 1", help: "write `label: class` to number those that occur"),
    Wrong(
      testDescription: "a row with one field more", table: table { $0[8].insert("0.4", at: 3) },
      place: "line 9, column 20: has 5 fields; the first row has 4", help: "quote a field that holds a separator"),
    Wrong(
      testDescription: "names of classes", table: table { for row in 1...40 { $0[row][3] = $0[row][3] == "0" ? "no" : "yes" } },
      place: "line 2, column 16, field \"y\": \"no\" is not a class from 0 to 1", help: "write `label: class` to take the names"),
    Wrong(
      testDescription: "a decimal comma", table: table(";") { $0[2][0] = "0,5" },
      place: "line 3, column 1, field \"a\": \"0,5\" has a comma where numbers have a point", help: "decimal points"),
  ]

  @Test("what is at fault in a table is told with line, column and field in every format", arguments: wrong)
  func places(wrong: Wrong) throws {
    let folder = try folder(wrong.table)
    try folder.write("n.drn", Self.program(Self.source))
    for format in ["terminal", "plain", "json", "sarif", "github"] {
      let outcome = try Tool.run(["train", "n.drn", "-o", "run", "--diagnostics", format], folder: folder.path)
      // The terminal breaks lines, and JSON escapes quotes.
      func plain(_ text: String) -> String {
        text.replacing("\\\"", with: "\"").split { $0.isWhitespace || $0 == "│" || $0 == "|" }.joined(separator: " ")
      }
      #expect(outcome.status == 65 && plain(outcome.error).contains("t.csv: "), "\(outcome)")
      #expect(plain(outcome.error).contains(plain(wrong.place)), "\(format): \(outcome.error)")
      if format != "plain" { #expect(plain(outcome.error).contains(plain(wrong.help)), "\(format): \(outcome.error)") }
    }
    #expect(folder.names() == ["n.drn", "ok.csv", "t.csv"])
  }

  @Test("what `check` finds in a file is said in the message, in every format")
  func checkedFiles() throws {
    let folder = try folder(Self.table())
    try folder.write("n.drn", Self.program("csv(train: \"t.csv\", test: \"ok.csv\", label: \"z\")"))
    let outcome = try Tool.run(["check", "n.drn", "--diagnostics", "plain"], folder: folder.path)
    #expect(outcome.status == 65 && outcome.error.contains("t.csv: has no column \"z\" [DRN0406]"), "\(outcome)")
  }

  @Test("tables of every kind train: separators, names of classes, classes from 1, categories, missing values, several targets")
  func kinds() throws {
    let words = Self.table { rows in for row in 1...40 { rows[row][1] = row % 3 == 0 ? "red" : "blue" } }
    let named = Self.table { rows in for row in 1...40 { rows[row][3] = rows[row][3] == "0" ? "no" : "yes" } }
    let fromOne = Self.table { rows in for row in 1...40 { rows[row][3] = rows[row][3] == "0" ? "1" : "2" } }
    let holes = Self.table { rows in (rows[6][1], rows[9][0]) = ("", "NA") }
    func csv(_ options: String) -> String { "csv(train: \"t.csv\", test: \"t.csv\", \(options))" }
    for (table, program) in [
      (Self.table(";"), Self.program(csv("label: \"y\""))), (Self.table("\t"), Self.program(csv("label: \"y\""))),
      (Self.table("|"), Self.program(csv("label: \"y\", separator: \"|\""))), (named, Self.program(csv("label: \"y\""), label: "class")),
      (fromOne, Self.program(csv("label: 3"), label: "class")),
      (words, Self.program(csv("label: \"y\", categories: one_hot(\"b\")"), row: 4)),
      (holes, Self.program(csv("label: \"y\", missing: mean"), data: "prepare: standardize(per: channel)")),
      (holes, Self.program(csv("label: \"y\", missing: drop"), data: "validation: 20%")),
      (Self.table(), Self.program(csv("label: \"y\", columns: [\"b\", 0]"), row: 2)),
      (Self.table(), Self.program(csv("label: \"y\", leave_out: \"a\", validation: \"ok.csv\""), row: 2)),
      (Self.table(), Self.program(csv("label: [\"b\", \"c\"], leave_out: \"y\""), row: 1, label: "tensor[2]", outputs: 2)),
    ] {
      let folder = try folder(table)
      try folder.write("n.drn", program)
      let outcome = try Tool.run(["train", "n.drn", "-o", "run"], folder: folder.path)
      #expect(outcome.status == 0, "\(program): \(outcome.error)")
    }
  }

  @Test("a run on a table says in its folder, and in its weights, what inputs and outputs stand for; the same bytes twice and on resuming")
  func model() throws {
    let table = Self.table { rows in
      for row in 1...40 {
        rows[row][1] = row % 3 == 0 ? "red" : "blue"
        rows[row][3] = rows[row][3] == "0" ? "no" : "yes"
      }
      rows[7][0] = ""
    }
    let folder = try folder(table)
    let source = "csv(train: \"t.csv\", test: \"t.csv\", label: \"y\", categories: one_hot(\"b\"), missing: mean)"
    try folder.write(
      "n.drn", Self.program(source, row: 4, label: "class", data: "validation: 25%  prepare: standardize(per: channel)"))
    for (run, arguments) in [
      ("one", ["-o", "one"]), ("two", ["-o", "two", "--stop-after", "1 epochs"]), ("two", ["--resume", "two"]),
    ] {
      let outcome = try Tool.run(["train", "n.drn"] + arguments, folder: folder.path)
      #expect(outcome.status == 0, "\(run): \(outcome.error)")
    }
    let text = try folder.text("one/model.json")
    #expect(try folder.text("two/model.json") == text)
    let weights = try TensorFile.read(path: folder.path + "/one/weights.safetensors")
    #expect(weights.metadataValue("drnc.model").map { $0 + "\n" } == text)
    let model = try JSON(reading: Array(text.utf8))
    #expect(model["network"]?.text == "n" && model[["output", "classes"]] == ["no", "yes"])
    #expect(model[["output", "columns"]] == ["y"] && model[["output", "kind"]]?.text == "classes")
    let columns: JSON = [["name": "a"], ["name": "b", "levels": ["blue", "red"]], ["name": "c"]]
    #expect(model[["input", "columns"]] == columns, "\(text)")
    #expect(model[["input", "missing", "means"]]?.items?.count == 4)
    #expect(model[["input", "prepare", "mean"]]?.items?.count == 4)
  }

  @Test("predictions come from a pipe as from a file, and a faulty table is told of without what a program says")
  func pipes() throws {
    let folder = try folder(Self.table())
    try folder.write("n.drn", Self.program(Self.source))
    #expect(try Tool.run(["train", "n.drn", "-o", "run", "--quiet"], folder: folder.path).status == 0)
    let whole = try Tool.run(["predict", "run", "ok.csv"], folder: folder.path)
    #expect(whole.status == 0 && whole.output.split(separator: "\n").count == 41, "\(whole)")
    for line in [
      "cat ok.csv | \"$DRNC\" predict run -", "cat ok.csv | \"$DRNC\" predict run /dev/stdin", "\"$DRNC\" predict run <(cat ok.csv)",
    ] {
      let piped = try Tool.shell(line, folder: folder.path)
      #expect(piped.status == 0 && piped.output == whole.output, "\(line): \(piped)")
    }
    let words = Self.table { for row in 1...40 { $0[row][1] = "blue" } }
    for (arguments, input, place) in [
      (["predict", "run", "-"], words, "standard input: line 2"), (["predict", "run", "words.csv"], "", "words.csv: line 2"),
    ] {
      try folder.write("words.csv", words)
      let refused = try Tool.run(arguments, input: input, folder: folder.path)
      #expect(refused.status != 0 && refused.error.contains(place) && !refused.error.contains("one_hot"), "\(refused)")
      #expect(refused.error.contains("learned `b` as numbers"), "\(refused)")
    }
  }

  @Test("a table beside a share for validation is refused, as is one way to choose columns beside another")
  func contradictions() throws {
    let folder = try folder(Self.table())
    for (source, data) in [
      ("csv(train: \"t.csv\", validation: \"ok.csv\", label: \"y\")", "validation: 20%"),
      ("csv(train: \"t.csv\", label: \"y\", columns: \"a\", leave_out: \"b\")", ""),
    ] {
      try folder.write("n.drn", Self.program(source, data: data))
      let outcome = try Tool.run(["check", "n.drn"], folder: folder.path)
      #expect(outcome.status == 1 && outcome.error.contains("DRN0205"), "\(outcome)")
    }
  }
}
