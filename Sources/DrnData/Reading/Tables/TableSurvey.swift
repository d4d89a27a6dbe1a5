/// What each column of a table holds, read through once without being told anything of it.
public struct TableSurvey: Sendable {
  /// One column.
  public struct Column: Sendable {
    /// Its name in the first row; `nil` where that holds values.
    public fileprivate(set) var name: String?
    /// How many of its fields are numbers.
    public fileprivate(set) var numbers = 0
    /// How many of the numbers are whole.
    public fileprivate(set) var wholeNumbers = 0
    /// How many of its fields are words.
    public fileprivate(set) var words = 0
    /// How many of its fields are missing.
    public fileprivate(set) var missing = 0
    /// A word of it and its line.
    public fileprivate(set) var firstWord: (text: String, line: Int)?
    /// Whether a field is a number but for a comma where its point should be.
    public fileprivate(set) var hasDecimalComma = false
    /// Whether a field is a number but for commas between its thousands.
    public fileprivate(set) var hasThousandsSeparators = false
    /// What occurs in it and how often; `nil` where that is more than `mostValues`.
    public fileprivate(set) var values: [String: Int]? = [:]
    /// Whether it numbers the rows: each value is one more than that before.
    public fileprivate(set) var isCounter = true
    private var last: Double?

    /// Of more different values of a column no account is kept.
    public static let mostValues = 1000

    fileprivate mutating func add(_ row: CSVRow, _ index: Int, line: Int) {
      guard !row.isMissing(index) else {
        missing += 1
        isCounter = false
        return
      }
      if let number = row.number(index) {
        numbers += 1
        if number == number.rounded(), abs(number) < 1e15 { wholeNumbers += 1 }
        if let last, number != last + 1 { isCounter = false }
        last = number
      } else {
        words += 1
        isCounter = false
        if firstWord == nil { firstWord = (shown(row.text(index)), line) }
        if !hasDecimalComma { hasDecimalComma = row.hasDecimalComma(index) }
        if !hasThousandsSeparators { hasThousandsSeparators = row.hasThousandsSeparators(index) }
      }
      guard values != nil else { return }
      values?[row.text(index), default: 0] += 1
      if let count = values?.count, count > Self.mostValues { values = nil }
    }
  }

  /// In the order of the file.
  public private(set) var columns: [Column]
  /// The rows that hold values.
  public private(set) var rows = 0
  /// What a reader has to be told of the first row.
  public private(set) var headerRow = CSVOptions.HeaderRow.automatic

  /// Reads the whole table. Whether a first row of numbers and words holds names follows from the other rows: it does where a column has a word
  /// there and numbers everywhere else.
  public init(path: String) throws(DataError) {
    var lines = try LineReader(path: path)
    guard let line = try lines.nextFilled() else { throw DataError(kind: .empty, path: path, message: "holds no rows") }
    let separator = try CSVSeparator.find(in: line, path: path, line: lines.lineNumber)
    let first = try Self.row(line, separator, path, lines.lineNumber)
    let firstLine = lines.lineNumber
    columns = first.fields.map { _ in Column() }
    while let line = try lines.nextFilled() {
      let row = try Self.row(line, separator, path, lines.lineNumber)
      guard row.fields.count == columns.count else {
        throw DataError(
          kind: .sizeMismatch, path: path, message: "has \(row.fields.count) fields where the first row has \(columns.count)",
          line: lines.lineNumber)
      }
      for index in columns.indices { columns[index].add(row, index, line: lines.lineNumber) }
      rows += 1
    }
    let filled = first.fields.indices.filter { !first.isMissing($0) }
    let words = filled.filter { first.number($0) == nil && !first.isNumberWithCommas($0) }
    let isMixed = !words.isEmpty && words.count < filled.count
    let hasNames = isMixed ? words.contains { columns[$0].numbers > 0 && columns[$0].words == 0 } : !words.isEmpty
    if isMixed { headerRow = hasNames ? .present : .absent }
    guard !hasNames else {
      for index in columns.indices { columns[index].name = first.text(index) }
      return
    }
    for index in columns.indices {
      // Out of turn, so that it says nothing of the order.
      let counts = columns[index].isCounter
      columns[index].add(first, index, line: firstLine)
      columns[index].isCounter = counts
    }
    rows += 1
  }

  private static func row(_ line: [UInt8], _ separator: UInt8, _ path: String, _ number: Int) throws(DataError) -> CSVRow {
    do throws(CSVRow.Fault) { return try CSVRow(line, separator: separator) } catch {
      throw DataError(
        kind: .corrupt, path: path, message: "a quoted value is not closed", line: number, column: error.offset + 1)
    }
  }
}
