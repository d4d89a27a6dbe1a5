/// The columns of a table, settled from its first row.
struct CSVLayout {
  let path: String
  let separator: UInt8
  /// The number of columns, the target included.
  let columns: Int
  /// The column of the label or target.
  let target: Int
  /// The shape of one example.
  let shape: [Int]
  /// The names of the columns, where the first row holds them.
  let names: [String]?

  /// Reads the first row; hands it back when it holds numbers, and not when it holds names.
  static func read(_ lines: inout LineReader, _ options: CSVOptions) throws(DataError) -> (CSVLayout, first: CSVRow?) {
    guard let line = try lines.nextFilled() else {
      throw DataError(kind: .empty, path: lines.path, message: "holds no rows")
    }
    let row = try split(line, options.separator, lines.path, lines.lineNumber)
    let hasNames =
      switch options.headerRow {
      case .automatic: row.fields.indices.contains { row.number($0) == nil }
      case .present: true
      case .absent: false
      }
    let names = hasNames ? row.fields.indices.map(row.text) : nil
    let target = try resolve(options.target, columns: row.fields.count, names: names, path: lines.path)
    let shape = try exampleShape(options.shape, features: row.fields.count - 1, path: lines.path)
    let layout = CSVLayout(
      path: lines.path, separator: options.separator, columns: row.fields.count, target: target, shape: shape, names: names)
    return (layout, hasNames ? nil : row)
  }

  /// The next row that is not blank, of the right width; nil after the last.
  func nextRow(_ lines: inout LineReader) throws(DataError) -> CSVRow? {
    guard let line = try lines.nextFilled() else { return nil }
    let row = try Self.split(line, separator, path, lines.lineNumber)
    guard row.fields.count == columns else {
      throw DataError(
        kind: .sizeMismatch, path: path, message: "has \(row.fields.count) columns; the first row has \(columns)",
        line: lines.lineNumber, column: row.column(columns))
    }
    return row
  }

  /// The finite number in a field, as `Float` can hold it.
  func number(_ row: CSVRow, _ index: Int, _ line: Int) throws(DataError) -> Double {
    if let number = row.number(index), Float(number).isFinite { return number }
    let text = row.text(index)
    throw DataError(
      kind: .corrupt, path: path, message: text.isEmpty ? "a value is missing" : "\"\(text.prefix(40))\" is not a number in range",
      line: line, column: row.column(index))
  }

  private static func split(_ line: [UInt8], _ separator: UInt8, _ path: String, _ number: Int) throws(DataError) -> CSVRow {
    do { return try CSVRow(line, separator: separator) } catch {
      throw DataError(kind: .corrupt, path: path, message: "a quoted value is not closed", line: number, column: error.offset + 1)
    }
  }

  private static func resolve(
    _ column: CSVOptions.Column, columns: Int, names: [String]?, path: String
  ) throws(DataError) -> Int {
    switch column {
    case .last: return columns - 1
    case .index(let index):
      if (0..<columns).contains(index) { return index }
      throw DataError(kind: .options, path: path, message: "has \(columns) columns, numbered from 0; there is no column \(index)")
    case .name(let name):
      guard let names else {
        if let index = Int(name) { return try resolve(.index(index), columns: columns, names: nil, path: path) }
        throw DataError(kind: .options, path: path, message: "has no header row to find \"\(name)\" in", help: "give the column's number")
      }
      if let index = names.firstIndex(of: name) {
        guard names.lastIndex(of: name) == index else {
          throw DataError(kind: .options, path: path, message: "has more than one column \"\(name)\"", help: "rename all but one")
        }
        return index
      }
      let known = names.prefix(20).joined(separator: ", ")
      throw DataError(
        kind: .options, path: path, message: "has no column \"\(name)\"", help: "its columns are \(known)",
        missing: .init(name: name, known: names))
    }
  }

  private static func exampleShape(_ shape: [Int]?, features: Int, path: String) throws(DataError) -> [Int] {
    guard features > 0 else {
      throw DataError(
        kind: .sizeMismatch, path: path, message: "has one column; a target and at least one feature are needed",
        help: "check the separator")
    }
    guard let shape else { return [features] }
    guard checkedProduct(shape) == features else {
      throw DataError(kind: .sizeMismatch, path: path, message: "has \(features) feature columns, which do not fill the shape \(shape)")
    }
    return shape
  }
}
