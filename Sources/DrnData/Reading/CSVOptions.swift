/// How a table is to be read.
public struct CSVOptions: Equatable, Sendable {
  /// Which column holds the label or target.
  public enum Column: Equatable, Sendable {
    /// By position, from 0.
    case index(Int)
    /// By its name in the header row; where there is none, by a name that is its position.
    case name(String)
    /// The last one.
    case last
  }

  /// Whether the first row holds names.
  public enum HeaderRow: String, CaseIterable, Sendable {
    /// It does when one of its fields is not a number.
    case automatic
    /// It does.
    case present
    /// It does not.
    case absent
  }

  /// The column of the label or target; all others are features, in their order.
  public var target: Column
  /// What is to be learned.
  public var task: LearningTask
  /// The number of classes that labels must stay below; nil accepts any.
  public var classes: Int?
  /// The byte between fields.
  public var separator: UInt8
  /// Whether the first row holds names.
  public var headerRow: HeaderRow
  /// The shape of one example; nil stands for one dimension of all feature columns.
  public var shape: [Int]?

  /// Options; by default a comma-separated table whose last column is a class label.
  public init(
    target: Column = .last, task: LearningTask = .classification, classes: Int? = nil, separator: UInt8 = UInt8(ascii: ","),
    headerRow: HeaderRow = .automatic, shape: [Int]? = nil
  ) {
    self.target = target
    self.task = task
    self.classes = classes
    self.separator = separator
    self.headerRow = headerRow
    self.shape = shape
  }
}
