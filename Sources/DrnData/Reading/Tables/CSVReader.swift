/// Reads a table in text form, plain or gzip-compressed; every fault is located by line, column and field.
public struct CSVReader: DataReader, Equatable {
  /// The file.
  public let path: String
  /// How it is to be read.
  public let options: CSVOptions

  /// A reader of one file.
  public init(path: String, options: CSVOptions = CSVOptions()) {
    self.path = path
    self.options = options
  }

  /// Count, shape and, where they are collected, classes: holds the first rows against how they are to be read and counts the others, whose fields
  /// are looked at only where the header depends on them.
  public func header() throws(DataError) -> DataHeader {
    var lines = try LineReader(path: path)
    let (layout, first) = try CSVLayout.read(&lines, options)
    var examples = first == nil ? 0 : 1
    var levels = TableLevels()
    if dependsOnFields {
      let survey = try survey()
      if let error = survey.faults.error(path: path) { throw error }
      (examples, levels) = (survey.examples, survey.levels)
    }
    var loader = TableLoader(layout, options, levels)
    if let first, !layout.leavesOut(first) { try loader.add(first, line: lines.lineNumber) }
    while let line = try lines.nextFilled() {
      // Where one is at fault all are looked at, to say how many are.
      if loader.count < Self.rowsTried || !loader.faults.isEmpty {
        try loader.add(line, line: lines.lineNumber)
      } else if dependsOnFields {
        break
      }
      if !dependsOnFields { examples += 1 }
    }
    try loader.refuseFaults()
    guard examples > 0 else { throw DataError(kind: .empty, path: path, message: "holds no rows of values") }
    return DataHeader(
      examples: examples, shape: try layout.shape(levels, declared: options.shape), classes: levels.classes?.count,
      hasExactClasses: levels.classes != nil, targets: options.task == .regression ? layout.targets.count : nil)
  }

  /// A column of words where numbers are wanted shows within so many rows.
  private static let rowsTried = 100

  /// Throws unless the columns of `other` are as many and have the same names in the same order; tables without names have none to compare.
  public func checkColumns(of other: CSVReader) throws(DataError) {
    let (own, others) = (try layout(), try other.layout())
    guard own.width == others.width else {
      throw DataError(
        kind: .options, path: other.path, message: "has \(others.width) columns, but \(path) has \(own.width)",
        help: "give both tables the same columns in the same order", line: 1)
    }
    guard let names = own.names, let found = others.names, let position = names.indices.first(where: { names[$0] != found[$0] }) else {
      return
    }
    throw DataError(
      kind: .options, path: other.path,
      message: "column \(position) is \"\(shown(found[position]))\", but \"\(shown(names[position]))\" in \(path)",
      help: "give both tables the same columns in the same order", line: 1)
  }

  /// Everything; feature values are parsed in double precision, and stay so where `Float` does not hold them all. A feature that is missing
  /// and takes its column's mean is not a number.
  public func load() throws(DataError) -> DataSet { try load(levels()) }

  func load(_ levels: TableLevels) throws(DataError) -> DataSet {
    var lines = try LineReader(path: path)
    let (layout, first) = try CSVLayout.read(&lines, options)
    var loader = TableLoader(layout, options, levels)
    if let first, !layout.leavesOut(first) { try loader.add(first, line: lines.lineNumber) }
    while let line = try lines.nextFilled() { try loader.add(line, line: lines.lineNumber) }
    return try loader.finish()
  }

  /// The names of classes and levels, in the order of their numbers.
  func levels() throws(DataError) -> TableLevels {
    options.collectsClasses || !options.categories.isEmpty ? try survey().levels : TableLevels()
  }

  /// What the values of an example stand for.
  func description(_ levels: TableLevels) throws(DataError) -> TableDescription {
    let layout = try layout()
    return TableDescription(
      features: layout.features.map { .init(name: layout.name($0.column), levels: $0.isCategory ? levels.categories[$0.column] : nil) },
      targets: layout.targets.map(layout.name), classes: levels.classes)
  }

  private func layout() throws(DataError) -> CSVLayout {
    var lines = try LineReader(path: path)
    return try CSVLayout.read(&lines, options).0
  }

  private var dependsOnFields: Bool { options.collectsClasses || !options.categories.isEmpty || options.missing == .drop }

  /// The rows that are examples, and the names that occur in them; rows at fault are passed over.
  private func survey() throws(DataError) -> (examples: Int, levels: TableLevels, faults: TableFaults) {
    var lines = try LineReader(path: path)
    let (layout, first) = try CSVLayout.read(&lines, options)
    var faults = TableFaults()
    var examples = 0
    let categories = layout.features.filter(\.isCategory).map(\.column)
    let named = categories + (options.collectsClasses ? [layout.targets[0]] : [])
    var names: [Int: Set<String>] = [:]
    for column in named { names[column] = [] }
    func look(at row: CSVRow) throws(DataError) {
      examples += 1
      for column in named where !row.isMissing(column) {
        let (isNew, _) = names[column, default: []].insert(row.text(column))
        guard !isNew || names[column, default: []].count <= TableLevels.most else {
          throw DataError(
            kind: .unsupported, path: path,
            message: "column \(shown(layout.name(column))) has more than \(TableLevels.most) different names",
            help: "a column that tells rows apart is neither a category nor a class")
        }
      }
    }
    if let first, !layout.leavesOut(first) { try look(at: first) }
    while let line = try lines.nextFilled() {
      if let row = TableLoader.row(line, lines.lineNumber, layout, &faults) { try look(at: row) }
    }
    var levels = TableLevels()
    for column in categories { levels.categories[column] = numberingOrder(names[column, default: []]) }
    if options.collectsClasses { levels.classes = numberingOrder(names[layout.targets[0], default: []]) }
    return (examples, levels, faults)
  }
}
