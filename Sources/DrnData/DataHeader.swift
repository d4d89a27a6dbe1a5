/// What is known of a data set without reading it.
public struct DataHeader: Equatable, Sendable {
  /// The number of examples.
  public var examples: Int
  /// The shape of one example, channels first: `[1, 28, 28]` for grey images, `[d]` for a table of `d` feature columns.
  public var shape: [Int]
  /// The number of classes, where it is cheap to know; nil otherwise and for regression.
  public var classes: Int?
  /// Whether there are exactly `classes`, as folders or a format say, and not only at least as many.
  public var hasExactClasses: Bool
  /// The number of values to be learned of an example; nil where the data holds classes.
  public var targets: Int?
  /// The number of tokens there are; nil where examples are made of numbers.
  public var vocabulary: Int?

  /// A header of that many examples of that shape.
  public init(
    examples: Int, shape: [Int], classes: Int? = nil, hasExactClasses: Bool = false, targets: Int? = nil, vocabulary: Int? = nil
  ) {
    self.examples = examples
    self.shape = shape
    self.classes = classes
    self.hasExactClasses = hasExactClasses
    self.targets = targets
    self.vocabulary = vocabulary
  }

  /// The number of values in one example.
  public var elementsPerExample: Int { shape.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue } }
}

/// A source of examples that can say what it holds before it is read.
public protocol DataReader: Sendable {
  /// Count, shape and, where it is cheap, classes; reads no more than that takes.
  func header() throws(DataError) -> DataHeader
  /// Everything.
  func load() throws(DataError) -> DataSet
  /// The class of each example; empty for regression.
  func readLabels() throws(DataError) -> [Int32]
}

extension DataReader {
  /// By reading everything, for formats that keep labels and features together.
  public func readLabels() throws(DataError) -> [Int32] { try load().labels }
}
