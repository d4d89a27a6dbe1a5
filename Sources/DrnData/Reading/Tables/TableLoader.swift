/// Turns the rows of a table into examples, and keeps count of what is at fault.
struct TableLoader {
  let layout: CSVLayout
  let options: CSVOptions
  let levels: TableLevels
  private(set) var faults = TableFaults()
  private var features: [Double] = []
  private var labels: [Int32] = []
  private var targets: [Float] = []
  private(set) var count = 0
  private let classNumbers: [String: Int32]
  private let levelNumbers: [Int: [String: Int]]
  private let width: Int
  /// The least and greatest whole number among the labels.
  private var labelRange: ClosedRange<Int>?

  init(_ layout: CSVLayout, _ options: CSVOptions, _ levels: TableLevels) {
    self.layout = layout
    self.options = options
    self.levels = levels
    width = layout.count(levels)
    classNumbers = Self.numbers(levels.classes ?? []).mapValues { Int32(truncatingIfNeeded: $0) }
    levelNumbers = levels.categories.mapValues(Self.numbers)
  }

  private static func numbers(_ names: [String]) -> [String: Int] {
    Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first }
  }

  /// Splits a line; nil where it is at fault, or where a value is missing and such rows are left out.
  static func row(_ bytes: [UInt8], _ number: Int, _ layout: CSVLayout, _ faults: inout TableFaults) -> CSVRow? {
    let row: CSVRow
    do throws(CSVRow.Fault) { row = try CSVRow(bytes, separator: layout.separator) } catch {
      faults.add(.quote, line: number, column: error.offset + 1, message: "a quoted value is not closed")
      return nil
    }
    guard row.fields.count == layout.width else {
      faults.add(
        .columns, line: number, column: row.column(layout.width),
        message: "has \(row.fields.count) fields; the first row has \(layout.width)",
        help: "give every row the same fields, and quote a field that holds a separator")
      return nil
    }
    return layout.leavesOut(row) ? nil : row
  }

  /// Adds the example of a line.
  mutating func add(_ bytes: [UInt8], line: Int) throws(DataError) {
    guard let row = Self.row(bytes, line, layout, &faults) else { return }
    try add(row, line: line)
  }

  mutating func add(_ row: CSVRow, line: Int) throws(DataError) {
    try checkRoom()
    for feature in layout.features {
      if feature.isCategory { addLevel(row, feature.column, line) } else { addNumber(row, feature.column, line) }
    }
    switch options.task {
    case .classification: labels.append(label(row, layout.targets[0], line))
    case .regression: for column in layout.targets { targets.append(target(row, column, line)) }
    }
    count += 1
    // After the first fault rows are only looked at.
    if !faults.isEmpty {
      features.removeAll(keepingCapacity: true)
      labels.removeAll(keepingCapacity: true)
      targets.removeAll(keepingCapacity: true)
    }
  }

  /// Refuses to grow the features beyond the memory of this machine.
  private func checkRoom() throws(DataError) {
    let needed = features.count + width
    guard needed > features.capacity else { return }
    try checkMemory(max(needed, 2 * features.capacity) * MemoryLayout<Double>.stride, path: layout.path)
  }

  /// Throws where anything was at fault.
  func refuseFaults() throws(DataError) {
    let advice = options.isLearned ? nil : adviceForLabelsFromOne(labelRange, classes: options.classes)
    if let error = faults.error(path: layout.path, labelHelp: advice) { throw error }
  }

  /// The examples; throws where anything was at fault, or where there are none.
  func finish() throws(DataError) -> DataSet {
    try refuseFaults()
    guard count > 0 else { throw DataError(kind: .empty, path: layout.path, message: "holds no rows of values") }
    let target: DataSet.Target =
      options.task == .classification ? .labels(labels) : .values(targets, width: layout.targets.count)
    return try DataSet(
      shape: layout.shape(levels, declared: options.shape), count: count, storage: .init(exactly: features), target: target)
  }

  // MARK: Fields

  private mutating func addNumber(_ row: CSVRow, _ column: Int, _ line: Int) {
    if options.missing == .mean, row.isMissing(column) { return features.append(.nan) }
    if let number = number(row, column, line) { features.append(number) }
  }

  private mutating func addLevel(_ row: CSVRow, _ column: Int, _ line: Int) {
    let names = levels.categories[column] ?? []
    if row.isMissing(column) {
      // What a mean fills is the share of each level.
      if options.missing == .mean { return features.append(contentsOf: repeatElement(.nan, count: names.count)) }
      return addMissing(row, column, line)
    }
    let text = row.text(column)
    guard let level = levelNumbers[column]?[text] else {
      return faults.add(
        .level, line: line, column: row.column(column), field: layout.name(column),
        message: "\"\(shown(text))\" is not a level in the training table", help: "its levels are \(listed(names))")
    }
    for index in names.indices { features.append(index == level ? 1 : 0) }
  }

  private mutating func target(_ row: CSVRow, _ column: Int, _ line: Int) -> Float { number(row, column, line).map { Float($0) } ?? 0 }

  private mutating func label(_ row: CSVRow, _ column: Int, _ line: Int) -> Int32 {
    if row.isMissing(column) {
      addMissing(row, column, line)
      return 0
    }
    if let names = levels.classes {
      let text = row.text(column)
      if let number = classNumbers[text] { return number }
      faults.add(
        .label, line: line, column: row.column(column), field: layout.name(column),
        message: "\"\(shown(text))\" is not a class of the training table", help: "its classes are \(listed(names))")
      return 0
    }
    let number = row.number(column).flatMap { Int(exactly: $0) }
    if let number { labelRange = min(labelRange?.lowerBound ?? number, number)...max(labelRange?.upperBound ?? number, number) }
    let bound = min(options.classes ?? largestClassCount, largestClassCount)
    if let number, (0..<bound).contains(number) { return Int32(truncatingIfNeeded: number) }
    faults.add(
      .label, line: line, column: row.column(column), field: layout.name(column),
      message: "\"\(shown(row.text(column)))\" is not a class from 0 to \(bound - 1)",
      help: options.isLearned
        ? nil
        : number == nil
          ? "write `label: class` to take the names in the table as classes, or `label: tensor[1]` for real numbers"
          : "number the classes from 0, or write `label: class` to number those that occur; for real numbers write `label: tensor[1]`")
    return 0
  }

  private mutating func addMissing(_ row: CSVRow, _ column: Int, _ line: Int) {
    let isTarget = layout.targets.contains(column)
    let text = row.text(column)
    faults.add(
      .missing, line: line, column: row.column(column), field: layout.name(column),
      message: text.isEmpty ? "a value is missing" : "\"\(text)\" stands for a missing value",
      help: options.isLearned
        ? "the network takes a value in every field of the columns it learned; fill it in or leave its row out"
        : isTarget
          ? "what is to be learned cannot be made up: `missing: drop` leaves such rows out"
          : "`missing: mean` takes the mean of the column, `missing: drop` leaves such rows out")
  }

  /// The finite number in a field, as `Float` can hold it.
  private mutating func number(_ row: CSVRow, _ column: Int, _ line: Int) -> Double? {
    if row.isMissing(column) {
      addMissing(row, column, line)
      return nil
    }
    let number = row.number(column)
    if let number, Float(number).isFinite { return number }
    let text = shown(row.text(column))
    let isGrouped = number == nil && row.hasThousandsSeparators(column)
    let isComma = number == nil && row.hasDecimalComma(column)
    let isOut = number != nil || row.isNumberBeyondRange(column)
    faults.add(
      isComma || isGrouped ? .decimalComma : isOut ? .range : .number, line: line, column: row.column(column), field: layout.name(column),
      message: isComma
        ? "\"\(text)\" has a comma where numbers have a point"
        : isGrouped
          ? "\"\(text)\" has commas between its thousands"
          : isOut ? "\"\(text)\" is beyond the range of single precision" : "\"\(text)\" is not a number",
      help: isComma
        ? "write the table with decimal points, as pandas does with `decimal=\".\"`"
        : isGrouped
          ? "write its digits without separators, as pandas does of what it read with `thousands=\",\"`"
          : isOut || layout.targets.contains(column)
            ? nil
            : options.isLearned
              ? "the network learned `\(layout.name(column))` as numbers"
              : "a column of words is a category: `categories: one_hot(\"\(layout.name(column))\")`; `leave_out` takes a column away")
    return nil
  }

  private func listed(_ names: [String]) -> String { names.prefix(8).map(shown).joined(separator: ", ") + (names.count > 8 ? ", ..." : "") }
}
