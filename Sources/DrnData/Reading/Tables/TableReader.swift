/// Reads the tables of one data set: to train on and, where there are any, for validation and the test. Classes and levels are those of the
/// training table.
public struct TableReader: Equatable, Sendable {
  /// The table to train on.
  public let train: CSVReader
  /// The table for validation; `nil` where that is split from the one to train on, or there is none.
  public let validation: CSVReader?
  /// The table for the test; `nil` where there is none.
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
    /// The examples to train on.
    public let train: DataSet
    /// The examples for validation; `nil` where they have no table of their own.
    public let validation: DataSet?
    /// The examples for the test; `nil` where they have no table.
    public let test: DataSet?
    /// Columns, classes and levels, as the training table has them.
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
