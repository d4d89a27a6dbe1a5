import DrnData
import DrnSystem

extension DataSketcher {
  /// More levels of a category are taken for names of single rows.
  private static let mostLevels = 50

  /// A program for a table.
  func table() throws(DataError) -> ProgramSketch {
    let survey = try TableSurvey(path: path)
    let columns = survey.columns
    guard survey.rows >= 10 else {
      throw DataError(
        kind: .empty, path: path, message: "has \(Self.counted(survey.rows, "row", "rows")) of values; 10 are the least to learn from")
    }
    guard columns.count > 1 else {
      throw DataError(
        kind: .options, path: path, message: "has one column; a target and at least one feature are needed",
        help: "write `separator:` and the character between fields by hand")
    }
    if let index = columns.firstIndex(where: \.hasDecimalComma) {
      throw DataError(
        kind: .unsupported, path: path, message: "has numbers with a decimal comma in \(Self.title(columns, index))",
        help: "write them with a point")
    }
    if let index = columns.firstIndex(where: \.hasThousandsSeparators) {
      throw DataError(
        kind: .unsupported, path: path, message: "has numbers with commas between their thousands in \(Self.title(columns, index))",
        help: "write their digits without separators")
    }
    let target = try target(columns)
    let kind = try learned(columns, target, survey.rows)
    var sketch = ProgramSketch()
    sketch.findings = [
      "`\(Path.name(of: path))`: \(survey.rows) rows, \(columns.count) columns. "
        + (label == nil ? "The last column, \(Self.title(columns, target)), is learned; `--label` takes another. " : "")
        + kind.text
    ]
    let features = Self.features(columns, target, survey.rows, &sketch)
    guard features.used > 0 else {
      throw DataError(
        kind: .options, path: path, message: "has no column to learn from beside \(Self.title(columns, target))",
        help: "every other one is empty, numbers the rows or has words that differ from row to row")
    }
    return try finish(sketch, survey, target, kind, features)
  }

  private func finish(
    _ given: ProgramSketch, _ survey: TableSurvey, _ target: Int, _ kind: Learned, _ features: Features
  ) throws(DataError) -> ProgramSketch {
    var sketch = given
    let columns = survey.columns
    let missing: CSVOptions.MissingPolicy = columns[target].missing > 0 ? .drop : features.hasMissing ? .mean : .error
    switch missing {
    case .drop: sketch.findings.append("Rows without a value in \(Self.title(columns, target)) or a feature are left out.")
    case .mean: sketch.findings.append("A value that is missing takes the mean of its column.")
    case .error: break
    }
    let options = CSVOptions(
      targets: [.index(target)], task: kind.isClass ? .classification : .regression, collectsClasses: kind.isClass,
      headerRow: survey.headerRow, leftOut: features.leftOut.map { .index($0) }, categories: features.categories.map { .index($0) },
      missing: missing)
    let train = CSVReader(path: path, options: options)
    let others = try [("test", ["test"]), ("validation", ["validation", "valid", "val"])].map { part, names throws(DataError) in
      (part, try sibling(names, of: train, &sketch))
    }
    let (test, validation) = (others[0].1, others[1].1)
    let loaded = try TableReader(train: train, validation: validation?.reader, test: test?.reader).load()
    let split = Self.split(loaded.train.count, hasTest: test != nil)
    if validation == nil { sketch.findings.append(split.text) }
    sketch.examples = loaded.train.count
    let shape = loaded.train.shape
    let source = [
      "train: \(Self.quoted(written))", validation.map { "validation: \(Self.quoted($0.written))" },
      test.map { "test: \(Self.quoted($0.written))" }, "label: \(Self.reference(columns, target))",
      survey.headerRow == .automatic ? nil : "header: \(survey.headerRow == .present)",
      features.leftOut.isEmpty ? nil : "leave_out: [\(features.leftOut.map { Self.reference(columns, $0) }.joined(separator: ", "))]",
      features.categories.isEmpty
        ? nil : "categories: one_hot([\(features.categories.map { Self.reference(columns, $0) }.joined(separator: ", "))])",
      missing == .error ? nil : "missing: \(missing.rawValue)",
    ].compactMap { $0 }
    sketch.data = [
      "source: csv(" + source.joined(separator: ", ") + ")", "row: tensor[\(shape.map(String.init).joined(separator: ", "))]",
      kind.isClass ? "label: class" : "label: tensor[1]", validation == nil ? "validation: \(split.share)%" : nil,
      "prepare: standardize(per: channel)",
    ].compactMap { $0 }
    var scale: (Double, Double)?
    if case .values(let values, _) = loaded.train.target { scale = Self.moments(values) }
    if !kind.isClass {
      sketch.name = "regressor"
      sketch.loss = "mean_squared_error"
    }
    if let counts = columns[target].values, kind.isClass, let most = counts.values.max(), let least = counts.values.min(), most > 4 * least
    {
      sketch.findings.append("Some classes are rare: the saved weights are those with the best mean of the classes' recalls.")
      sketch.settings.append("select: balanced_accuracy")
    }
    let outputs = kind.isClass ? loaded.description.classes?.count ?? 0 : 1
    Self.perceptron(&sketch, name: "row", shape: shape, outputs: outputs, scale: scale)
    return sketch
  }

  /// What is learned from a column, and the sentence that says so.
  private struct Learned {
    let isClass: Bool
    let text: String
  }

  private func learned(_ columns: [TableSurvey.Column], _ target: Int, _ rows: Int) throws(DataError) -> Learned {
    let column = columns[target]
    let title = Self.title(columns, target)
    let present = column.numbers + column.words
    let classes = column.values?.count
    guard present > 0, classes != 1 else {
      throw DataError(
        kind: .options, path: path, message: "has \(present > 0 ? "one value" : "no value") in \(title), so that there is nothing to learn",
        help: "name the column that is to be learned by `--label`")
    }
    let isRepeated = classes.map { $0 * 2 <= present } ?? false
    if column.words > 0 {
      guard isRepeated, let classes else {
        throw DataError(
          kind: .options, path: path,
          message:
            "has words in \(title) that mostly differ from row to row, as \"\(column.firstWord?.text ?? "")\" in line \(column.firstWord?.line ?? 0), which are no classes",
          help: "name the column that is to be learned by `--label`")
      }
      return Learned(isClass: true, text: "It holds words: \(classes) classes.")
    }
    if column.wholeNumbers == column.numbers, isRepeated, let classes, classes <= 20, classes == 2 || classes * 10 <= present {
      return Learned(
        isClass: true,
        text:
          "It holds \(classes) different whole numbers, which are taken for classes; for a measurement write `label: tensor[1]`, `mean_squared_error` and `linear(1)`."
      )
    }
    return Learned(isClass: false, text: "It holds numbers, which are learned as they are (regression).")
  }

  private struct Features {
    var categories: [Int] = []
    var leftOut: [Int] = []
    var used = 0
    var hasMissing = false
  }

  private static func features(_ columns: [TableSurvey.Column], _ target: Int, _ rows: Int, _ sketch: inout ProgramSketch) -> Features {
    var features = Features()
    var left: [String] = []
    for (index, column) in columns.enumerated() where index != target {
      func leaveOut(_ reason: String) {
        features.leftOut.append(index)
        left.append("\(title(columns, index)) \(reason)")
      }
      let present = column.numbers + column.words
      if present == 0 {
        leaveOut("is empty")
        continue
      }
      if column.isCounter, rows > 2 {
        leaveOut("numbers the rows")
        continue
      }
      if column.words > 0 {
        guard let levels = column.values?.count, levels <= mostLevels, levels * 2 <= present else {
          let word = column.firstWord.map { "\"\($0.text)\" in line \($0.line)" } ?? ""
          leaveOut(
            column.numbers > column.words
              ? "has \(column.numbers) numbers, and words as \(word)" : "has words that mostly differ, as \(word)")
          continue
        }
        features.categories.append(index)
      }
      features.used += 1
      if column.missing > 0 { features.hasMissing = true }
    }
    let numbers = features.used - features.categories.count
    sketch.findings.append(
      "Features: \(counted(numbers, "column", "columns")) of numbers"
        + (features.categories.isEmpty
          ? "."
          : ", and of words \(features.categories.map { title(columns, $0) }.joined(separator: ", ")), whose levels each become 0 or 1."))
    if !left.isEmpty { sketch.findings.append("Left out: " + left.joined(separator: "; ") + ".") }
    return features
  }

  private func target(_ columns: [TableSurvey.Column]) throws(DataError) -> Int {
    guard let label else { return columns.count - 1 }
    if let index = columns.firstIndex(where: { $0.name == label }) { return index }
    if let index = Int(label), columns.indices.contains(index) { return index }
    let names = columns.compactMap(\.name)
    throw DataError(
      kind: .options, path: path, message: "has no column \"\(label)\"",
      help: names.isEmpty
        ? "its columns have no names: give a number from 0 to \(columns.count - 1)"
        : "its columns are \(names.prefix(20).joined(separator: ", "))")
  }

  /// The table beside this one that has another word in place of `train` in its name, with the same columns.
  private func sibling(_ words: [String], of train: CSVReader, _ sketch: inout ProgramSketch) throws(DataError) -> (
    reader: CSVReader, written: String
  )? {
    let name = Path.name(of: path)
    for word in words {
      let other = name.replacing("train", with: word, maxReplacements: 1)
      let found = Path.join(Path.folder(of: path), other)
      guard other != name, Files.kind(found) == .regular else { continue }
      let reader = CSVReader(path: found, options: train.options)
      do throws(DataError) {
        try train.checkColumns(of: reader)
        sketch.findings.append("`\(other)`, which lies beside it, is the \(words[0]).")
        return (reader, Path.join(Path.folder(of: written), other))
      } catch { sketch.findings.append("`\(other)`, which lies beside it, has other columns and is not used.") }
    }
    return nil
  }

  /// The mean and the deviation of some values.
  static func moments(_ values: [Float]) -> (Double, Double) {
    let count = Double(max(1, values.count))
    let mean = values.reduce(0) { $0 + Double($1) } / count
    return (mean, (values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count).squareRoot())
  }

  /// How sentences name a column.
  private static func title(_ columns: [TableSurvey.Column], _ index: Int) -> String {
    columns[index].name.map { "\"\(String($0.prefix(40)))\"" } ?? "column \(index)"
  }

  /// How a program names a column: by its number where it has no name, or not alone.
  private static func reference(_ columns: [TableSurvey.Column], _ index: Int) -> String {
    guard let name = columns[index].name, columns.count(where: { $0.name == name }) == 1, !name.isEmpty else { return String(index) }
    return quoted(name)
  }

  /// A text in quotes, with escapes.
  static func quoted(_ text: String) -> String {
    let escapes: [Unicode.Scalar: String] = ["\\": "\\\\", "\"": "\\\"", "\n": "\\n", "\t": "\\t"]
    return "\"" + text.unicodeScalars.map { escapes[$0] ?? String(Character($0)) }.joined() + "\""
  }
}
