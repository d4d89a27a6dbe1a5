/// The columns of a table, settled from its first row.
struct CSVLayout {
  let path: String
  let separator: UInt8
  /// The number of columns, read or not.
  let width: Int
  /// The columns of the label or of the targets.
  let targets: [Int]
  /// The columns of features, in their order.
  let features: [Feature]
  /// The names of the columns, where the first row holds them.
  let names: [String]?
  /// Whether rows with a missing value are left out.
  private let dropsMissing: Bool

  /// A column of features.
  struct Feature {
    let column: Int
    let isCategory: Bool
  }

  /// Reads the first row; hands it back when it holds values, and not when it holds names.
  static func read(_ lines: inout LineReader, _ options: CSVOptions) throws(DataError) -> (CSVLayout, first: CSVRow?) {
    guard let line = try lines.nextFilled() else {
      throw DataError(kind: .empty, path: lines.path, message: "holds no rows")
    }
    let separator: UInt8
    if let given = options.separator {
      separator = given
    } else {
      separator = try CSVSeparator.find(in: line, path: lines.path, line: lines.lineNumber)
    }
    let row: CSVRow
    do throws(CSVRow.Fault) { row = try CSVRow(line, separator: separator) } catch {
      throw DataError(
        kind: .corrupt, path: lines.path, message: "a quoted value is not closed", line: lines.lineNumber, column: error.offset + 1)
    }
    let hasNames = try hasNames(row, options, path: lines.path, line: lines.lineNumber)
    let names = ColumnNames(path: lines.path, count: row.fields.count, names: hasNames ? row.fields.indices.map(row.text) : nil)
    return (try CSVLayout(names, separator, options), hasNames ? nil : row)
  }

  private init(_ names: ColumnNames, _ separator: UInt8, _ options: CSVOptions) throws(DataError) {
    path = names.path
    self.separator = separator
    width = names.count
    self.names = names.names
    let targets = try names.resolve(options.targets)
    let leftOut = try names.resolve(options.leftOut)
    var listed: [Int]?
    if let given = options.columns { listed = try names.resolve(given) }
    let columns = listed ?? (0..<names.count).filter { !targets.contains($0) && !leftOut.contains($0) }
    let categories = try names.resolve(options.categories)
    guard options.task == .regression || targets.count == 1 else {
      throw DataError(
        kind: .options, path: names.path, message: "classes are in one column, and \(targets.count) are named",
        help: "write `label: tensor[\(targets.count)]` for real values")
    }
    if let column = targets.first(where: { columns.contains($0) || leftOut.contains($0) }) {
      throw DataError(
        kind: .options, path: names.path, message: "column \(names.text(column)) is to be learned, and cannot be a feature or left out")
    }
    if let column = categories.first(where: { !columns.contains($0) }) {
      throw DataError(
        kind: .options, path: names.path, message: "column \(names.text(column)) is a category, but no feature",
        help: "take it with the other columns, or leave it out of `one_hot`")
    }
    guard !columns.isEmpty else {
      let isAll = names.count <= 1
      throw DataError(
        kind: .sizeMismatch, path: names.path,
        message: isAll ? "has one column; a target and at least one feature are needed" : "no column is left to learn from",
        help: isAll && !options.isLearned ? "state what stands between fields, as `separator: \";\"`" : nil)
    }
    self.targets = targets
    dropsMissing = options.missing == .drop
    features = columns.map { Feature(column: $0, isCategory: categories.contains($0)) }
  }

  private static func hasNames(_ row: CSVRow, _ options: CSVOptions, path: String, line: Int) throws(DataError) -> Bool {
    switch options.headerRow {
    case .present: return true
    case .absent: return false
    case .automatic: break
    }
    let filled = row.fields.indices.filter { !row.isMissing($0) }
    func isNumber(_ index: Int) -> Bool { row.number(index) != nil || row.isNumberWithCommas(index) }
    guard filled.contains(where: isNumber) else { return !filled.isEmpty }
    if let word = filled.first(where: { !isNumber($0) }) {
      throw DataError(
        kind: .corrupt, path: path, message: "the first row holds numbers and words, so that it can be names or values",
        help: options.isLearned
          ? "begin the table with the names of its columns alone, or with an example"
          : "write `header: true` where it holds the names of columns, `header: false` where it is an example", line: line,
        column: row.column(word))
    }
    return false
  }

  /// The name of a column, or its number where there are no names.
  func name(_ column: Int) -> String { names.map { $0[column] } ?? String(column) }

  /// The values of an example.
  func count(_ levels: TableLevels) -> Int { features.reduce(0) { $0 + ($1.isCategory ? levels.categories[$1.column]?.count ?? 0 : 1) } }

  /// The shape of one example: as declared where the values fill it, else all values in a row.
  func shape(_ levels: TableLevels, declared: [Int]?) throws(DataError) -> [Int] {
    let count = count(levels)
    guard let declared, declared.count > 1 else { return [count] }
    guard checkedProduct(declared) == count else {
      throw DataError(kind: .sizeMismatch, path: path, message: "gives an example \(count) values, which do not fill the shape \(declared)")
    }
    return declared
  }

  /// Whether a row is no example because a value that is read is missing in it.
  func leavesOut(_ row: CSVRow) -> Bool {
    dropsMissing && (features.contains { row.isMissing($0.column) } || targets.contains(where: row.isMissing))
  }
}

/// The columns of a table, by name and number.
private struct ColumnNames {
  let path: String
  let count: Int
  let names: [String]?

  func text(_ column: Int) -> String { names.map { "\"\(shown($0[column]))\"" } ?? String(column) }

  /// Their positions; a column named twice is an error.
  func resolve(_ columns: [CSVOptions.Column]) throws(DataError) -> [Int] {
    var result: [Int] = []
    for column in columns {
      let index = try resolve(column)
      guard !result.contains(index) else {
        throw DataError(kind: .options, path: path, message: "column \(text(index)) is asked for twice")
      }
      result.append(index)
    }
    return result
  }

  private func resolve(_ column: CSVOptions.Column) throws(DataError) -> Int {
    switch column {
    case .last: return count - 1
    case .index(let index):
      if (0..<count).contains(index) { return index }
      throw DataError(kind: .options, path: path, message: "has \(count) columns, numbered from 0; there is no column \(index)")
    case .name(let name):
      guard let names else {
        if let index = Int(name) { return try resolve(.index(index)) }
        throw DataError(kind: .options, path: path, message: "has no header row to find \"\(name)\" in", help: "give the column's number")
      }
      if let index = names.firstIndex(of: name) {
        guard names.lastIndex(of: name) == index else {
          throw DataError(kind: .options, path: path, message: "has more than one column \"\(name)\"", help: "rename all but one")
        }
        return index
      }
      let known = names.prefix(20).map(shown).joined(separator: ", ")
      throw DataError(
        kind: .options, path: path, message: "has no column \"\(name)\"", help: "its columns are \(known)",
        missing: .init(name: name, known: names))
    }
  }
}
