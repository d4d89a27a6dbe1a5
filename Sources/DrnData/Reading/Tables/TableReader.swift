/// Reads the tables of one data set: to train on and, where there are any, for validation and the test. Classes and levels are those of the
/// training table.
public struct TableReader: Equatable, Sendable {
  public let train: CSVReader
  public let validation: CSVReader?
  public let test: CSVReader?

  /// Readers of tables that are read alike.
  public init(train: CSVReader, validation: CSVReader? = nil, test: CSVReader? = nil) {
    self.train = train
    self.validation = validation
    self.test = test
  }

  /// The tables beside the one to train on.
  public var others: [CSVReader] { [validation, test].compactMap { $0 } }

  /// What the tables of a data set hold.
  public struct Tables: Sendable {
    public let train: DataSet
    public let validation: DataSet?
    public let test: DataSet?
    public let description: TableDescription
  }

  /// Everything. A name in another table that the training table does not have is a located error.
  public func load() throws(DataError) -> Tables {
    let levels = try train.levels()
    let trained = try train.load(levels)
    for other in others { try train.checkColumns(of: other) }
    return Tables(
      train: trained, validation: try validation?.load(levels), test: try test?.load(levels), description: try train.description(levels))
  }
}
