/// Reads a table of numbers in text form, plain or gzip-compressed; every error is located by line and column.
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

  /// Count and shape; parses the first row and counts the others.
  public func header() throws(DataError) -> DataHeader {
    var lines = try LineReader(path: path)
    let (layout, first) = try CSVLayout.read(&lines, options)
    var examples = first == nil ? 0 : 1
    while try lines.nextFilled() != nil { examples += 1 }
    guard examples > 0 else { throw noRows }
    return DataHeader(examples: examples, shape: layout.shape, targets: options.task == .regression ? 1 : nil)
  }

  /// Throws unless the columns of `other` have the same names in the same order; tables without names have none to compare.
  public func checkColumns(of other: CSVReader) throws(DataError) {
    guard let names = try names(), let others = try other.names(), names != others else { return }
    let position = zip(names, others).prefix { $0 == $1 }.count
    let pair = [names, others].map { $0.indices.contains(position) ? "\"\($0[position])\"" : "missing" }
    throw DataError(
      kind: .options, path: other.path, message: "column \(position) is \(pair[1]), but \(pair[0]) in \(path)",
      help: "give both tables the same columns in the same order", line: 1)
  }

  private func names() throws(DataError) -> [String]? {
    var lines = try LineReader(path: path)
    return try CSVLayout.read(&lines, options).0.names
  }

  /// Everything; feature values are parsed in double precision, and stay so where `Float` does not hold them all.
  public func load() throws(DataError) -> DataSet {
    var lines = try LineReader(path: path)
    let (layout, first) = try CSVLayout.read(&lines, options)
    var features: [Double] = []
    var labels: [Int32] = []
    var targets: [Float] = []
    var current = first == nil ? try layout.nextRow(&lines) : first
    while let row = current {
      try checkGrowth(of: features, path: path)
      for index in 0..<layout.columns where index != layout.target {
        features.append(try layout.number(row, index, lines.lineNumber))
      }
      let target = try layout.number(row, layout.target, lines.lineNumber)
      switch options.task {
      case .classification: labels.append(try label(target, row, layout, lines.lineNumber))
      case .regression: targets.append(Float(target))
      }
      current = try layout.nextRow(&lines)
    }
    let count = max(labels.count, targets.count)
    guard count > 0 else { throw noRows }
    let target: DataSet.Target = options.task == .classification ? .labels(labels) : .values(targets, width: 1)
    return try DataSet(shape: layout.shape, count: count, storage: .init(exactly: features), target: target)
  }

  private var noRows: DataError { DataError(kind: .empty, path: path, message: "holds no rows of numbers") }

  private func label(_ value: Double, _ row: CSVRow, _ layout: CSVLayout, _ line: Int) throws(DataError) -> Int32 {
    let bound = min(options.classes ?? largestClassCount, largestClassCount)
    if let label = Int32(exactly: value), label >= 0, label < bound { return label }
    throw DataError(
      kind: .labelOutOfRange, path: path, message: "\"\(row.text(layout.target))\" is not a class from 0 to \(bound - 1)",
      help: "number the classes from 0; for real numbers use regression", line: line, column: row.column(layout.target))
  }
}
