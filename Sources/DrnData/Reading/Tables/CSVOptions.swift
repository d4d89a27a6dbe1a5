/// How a table is to be read.
public struct CSVOptions: Hashable, Sendable {
  /// One column of a table.
  public enum Column: Hashable, Sendable {
    /// By position, from 0.
    case index(Int)
    /// By its name in the header row; where there is none, by a name that is its position.
    case name(String)
    /// The last one.
    case last
  }

  /// Whether the first row holds names.
  public enum HeaderRow: String, CaseIterable, Sendable {
    /// It does when none of its fields is a number, and holds values when all are; a mixture is an error.
    case automatic
    /// It does.
    case present
    /// It does not.
    case absent
  }

  /// What becomes of a value that is missing.
  public enum MissingPolicy: String, CaseIterable, Sendable {
    /// It is an error.
    case error
    /// A feature takes the mean of its column, of a category each level its share; a label or target that is missing is an error.
    case mean
    /// Its row is left out.
    case drop
  }

  /// The columns of the label or of the targets.
  public var targets: [Column]
  /// What is to be learned.
  public var task: LearningTask
  /// The number of classes that labels must stay below; nil accepts any.
  public var classes: Int?
  /// Whether what occurs in the label column of the training table are the names of the classes.
  public var collectsClasses: Bool
  /// The byte between fields; nil finds it in the first row.
  public var separator: UInt8?
  /// Whether the first row holds names.
  public var headerRow: HeaderRow
  /// The shape of one example; nil stands for one dimension of all features.
  public var shape: [Int]?
  /// The columns that are features, in their order; nil for all that are no target.
  public var columns: [Column]?
  /// Columns that are not read.
  public var leftOut: [Column]
  /// Columns of words, each a feature of 0 or 1 for every level.
  public var categories: [Column]
  /// What becomes of values that are missing.
  public var missing: MissingPolicy
  /// Whether a trained network takes the table, so that how it is read is no longer to be chosen.
  var isLearned = false

  /// Options; by default a table whose last column is a class label.
  public init(
    targets: [Column] = [.last], task: LearningTask = .classification, classes: Int? = nil, collectsClasses: Bool = false,
    separator: UInt8? = nil, headerRow: HeaderRow = .automatic, shape: [Int]? = nil, columns: [Column]? = nil, leftOut: [Column] = [],
    categories: [Column] = [], missing: MissingPolicy = .error
  ) {
    self.targets = targets
    self.task = task
    self.classes = classes
    self.collectsClasses = collectsClasses
    self.separator = separator
    self.headerRow = headerRow
    self.shape = shape
    self.columns = columns
    self.leftOut = leftOut
    self.categories = categories
    self.missing = missing
  }
}
