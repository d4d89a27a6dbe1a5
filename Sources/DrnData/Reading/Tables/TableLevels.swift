/// The names a training table gives to numbers: those of its classes, and of the levels of its categories.
struct TableLevels: Equatable {
  /// Nil where labels are numbers already, or where there are none.
  var classes: [String]?
  /// By column.
  var categories: [Int: [String]] = [:]

  /// The most levels of one column.
  static let most = 1 << 16
}

/// Names in the order in which they are numbered: by their bytes, or by their values where all are whole numbers.
func numberingOrder(_ names: some Sequence<String>) -> [String] {
  let names = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  let values = names.map { Int($0) }
  guard !values.contains(nil) else { return names }
  return names.indices.sorted { (values[$0] ?? 0, $0) < (values[$1] ?? 0, $1) }.map { names[$0] }
}

/// What the numbers of an example in a table stand for.
public struct TableDescription: Equatable, Sendable {
  /// A column of features.
  public struct Feature: Equatable, Sendable {
    /// Its name, or its number where the table has no names.
    public let name: String
    /// The levels of a category, each a value of 0 or 1 in this order; nil for a column of numbers.
    public let levels: [String]?
    public init(name: String, levels: [String]?) {
      self.name = name
      self.levels = levels
    }
  }
  /// In the order of an example's values.
  public let features: [Feature]
  /// The columns to be learned.
  public let targets: [String]
  /// The names of the classes, by number; nil where labels are numbers, or real values.
  public let classes: [String]?
  public init(features: [Feature], targets: [String], classes: [String]?) {
    self.features = features
    self.targets = targets
    self.classes = classes
  }

  /// What a value of an example stands for: a column, or a column and a level.
  public var valueNames: [String] {
    features.flatMap { feature in feature.levels.map { $0.map { "\(feature.name) = \($0)" } } ?? [feature.name] }
  }
}
