import DrnMethods

/// One setting of `train` or `data`: its word, what it takes, and what it is. The checker reads it, and the editors, the printed configuration
/// and the reference show it.
public struct SettingSpec: Sendable {
  /// The word before the colon.
  public let name: String
  /// What stands behind it.
  public let kind: SettingKind
  /// What holds where it is absent; `nil` where nothing does, or where that depends on the rest of the program.
  public let defaultValue: OptionValue?
  /// Whether there is no program without it.
  public let isRequired: Bool
  /// Whether a clause of its name gives it values over time, too.
  public let isTimed: Bool
  /// Whether it may be given more than once.
  public let isRepeatable: Bool
  /// What follows "is", without a stop.
  public let summary: String
  /// Values as they are written; the last is the one that the reference shows.
  public let examples: [String]

  init(
    _ name: String, _ kind: SettingKind, default defaultValue: OptionValue? = nil, required: Bool = false, timed: Bool = false,
    repeatable: Bool = false, _ summary: String, examples: String...
  ) {
    self.name = name
    self.kind = kind
    self.defaultValue = defaultValue
    isRequired = required
    isTimed = timed
    isRepeatable = repeatable
    self.summary = summary
    self.examples = examples
  }

  /// `rate: cosine(0.1)`, an entry as it is written.
  public var example: String { "\(name): \(examples.last ?? "")" }
}

/// What a setting takes.
public enum SettingKind: Sendable {
  /// What an option of a method takes.
  case option(OptionKind)
  /// One of these, or a list of them.
  case list(OptionKind)
  /// A call of one of the methods of a family, or its bare word; or a value that stands for one.
  case method(MethodFamily, or: OptionKind? = nil)
  /// A list of such calls, or one of them alone.
  case methods(MethodFamily)
  /// `class`, `class(10)` or `tensor[1]`.
  case label
  /// Layers by their names and patterns.
  case selectors
  /// Names of lints.
  case lints
  /// A comparison such as `average(trainable_parameters) <= 0.8 * dense_cost`.
  case requirement
}
