import DrnNumbers

/// The entry of one method in the vocabulary: its word, its options, and what it is. The checker, the reference pages and completion
/// read it.
public struct MethodSpec: Sendable {
  /// The word in the source, for instance `factored`.
  public let name: String
  /// One sentence.
  public let summary: String
  /// The publication the method is taken from, or `nil`.
  public let source: String?
  /// What may stand in the parentheses after the word; the positional ones first.
  public let options: [OptionSpec]
  /// How many leading options may be given without a name.
  public let positional: Int
  public init(_ name: String, summary: String, source: String? = nil, options: [OptionSpec] = [], positional: Int = 0) {
    self.name = name
    self.summary = summary
    self.source = source
    self.options = options
    self.positional = positional
  }
}

/// One named option of a method.
public struct OptionSpec: Sendable {
  /// The word before the colon, snake case.
  public let name: String
  /// What values it takes.
  public let kind: OptionKind
  /// Used when the option is absent; `nil` with `isRequired` false means "not set".
  public let defaultValue: OptionValue?
  /// Whether a program that leaves it out is in error.
  public let isRequired: Bool
  /// What the option does, in one sentence.
  public let summary: String
  /// An option that may be left out unless it is `required`.
  public init(_ name: String, _ kind: OptionKind, default defaultValue: OptionValue? = nil, required: Bool = false, _ summary: String) {
    self.name = name
    self.kind = kind
    self.defaultValue = defaultValue
    isRequired = required
    self.summary = summary
  }
}

/// What values an option takes. The checker turns a mismatch into a located diagnostic that states the kind and range.
public enum OptionKind: Sendable {
  case integer(ClosedRange<Int>)
  /// Any numeric literal, percentages included, within the range.
  case number(ClosedRange<Double>)
  case boolean
  /// An integer for height and width alike, or a list of the two; or one of the words.
  case extents(ClosedRange<Int>, words: [String] = [])
  case text
  /// One of these words.
  case word([String])
  /// A rank: `64`, `1/2 of outputs`, `1/8 of short_side`, `full`, `current`, `energy(0.99)`, `linear(1/8, 1/2) of short_side`, `budget(parameters: 1/4)`.
  case rank
  case moment
  case moments
  case duration
  case numbers(ClosedRange<Double>)
  case words
  /// Columns of a table: a name in quotes or a number from 0, or a list of these.
  case columns
  /// A state policy: `reset`, `restart`, `carry`, `prune(keep: 0.1)`.
  case state
  /// A call of one of these methods.
  case method([MethodSpec])
}

/// Options after the checker held them against their `MethodSpec`: every name is declared, every value of its kind and in range,
/// defaults filled in.
public struct Options: Hashable, Sendable {
  /// The values by the names of options. An option that is absent and has no default is not in it.
  public private(set) var values: [String: OptionValue]
  public init(_ values: [String: OptionValue] = [:]) { self.values = values }

  /// The value of an option of any kind; `nil` where it is not set, as in every function below, which also give `nil` for a value of
  /// another kind.
  public subscript(name: String) -> OptionValue? { values[name] }
  /// A number of any kind, percentages and quotients included, to the nearest double.
  public func number(_ name: String) -> Double? { values[name]?.number }
  /// A number as a factor of counts, exactly.
  public func share(_ name: String) -> Rational? { values[name]?.share }
  /// A whole number; a decimal is none, whatever its value.
  public func integer(_ name: String) -> Int? { values[name]?.integer }
  /// `true` or `false`.
  public func boolean(_ name: String) -> Bool? { if case .boolean(let value)? = values[name] { value } else { nil } }
  /// A word that names a choice, such as `reset`.
  public func word(_ name: String) -> String? { values[name]?.word }
  /// The text of a string in quotes.
  public func text(_ name: String) -> String? { if case .text(let value)? = values[name] { value } else { nil } }
  /// A length of time, such as `5 epochs`.
  public func duration(_ name: String) -> Duration? { values[name]?.duration }
  /// A point in time, such as `epoch 5`.
  public func moment(_ name: String) -> Moment? { if case .moment(let value)? = values[name] { value } else { nil } }
  /// A call, such as `from_output(0.1)`. A bare word is not one.
  public func call(_ name: String) -> OptionCall? { if case .call(let value)? = values[name] { value } else { nil } }
  /// A rank, of whatever form it is stated in.
  public func rank(_ name: String) -> RankRule? { values[name].flatMap(RankRule.init) }
  /// A list of points in time; a single one is a list of one.
  public func moments(_ name: String) -> [Moment]? {
    guard case .list(let items)? = values[name] else { return moment(name).map { [$0] } }
    return items.compactMap { if case .moment(let value) = $0.value { value } else { nil } }
  }
  /// A list of numbers as factors of counts, exactly; a single one is a list of one.
  public func shares(_ name: String) -> [Rational]? {
    guard case .list(let items)? = values[name] else { return share(name).map { [$0] } }
    return items.compactMap(\.value.share)
  }
  /// A list of numbers; a single one is a list of one.
  public func numbers(_ name: String) -> [Double]? {
    guard case .list(let items)? = values[name] else { return number(name).map { [$0] } }
    return items.compactMap(\.value.number)
  }
}
