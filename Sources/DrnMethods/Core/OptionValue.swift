import DrnSource

/// A compile-time value of the source after evaluation, as tables of methods see it.
public indirect enum OptionValue: Hashable, Sendable {
  case integer(Int)
  /// An exact quotient that is not an integer, in lowest terms, with a positive denominator.
  case rational(numerator: Int, denominator: Int)
  case decimal(Double)
  /// `10%` is 0.1.
  case percent(Double)
  case boolean(Bool)
  case text(String)
  /// An identifier that names a choice: `reset`, `carry`, `glorot`.
  case word(String)
  case moment(Moment)
  case duration(Duration)
  /// `1/2 of outputs`: a proportion and the word it applies to.
  case proportion(OptionValue, of: String)
  case list([LocatedOption])
  case call(OptionCall)
  /// A selector, as written.
  case pattern(String)

  /// The value as a real number, for every numeric case.
  public var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .rational(let numerator, let denominator): Double(numerator) / Double(denominator)
    case .decimal(let value), .percent(let value): value
    case .boolean, .text, .word, .moment, .duration, .proportion, .list, .call, .pattern: nil
    }
  }
  /// A whole number; a decimal is none, whatever its value.
  public var integer: Int? { if case .integer(let value) = self { value } else { nil } }
  /// A word that names a choice, such as `reset`.
  public var word: String? { if case .word(let value) = self { value } else { nil } }
  /// A length of time, such as `5 epochs`.
  public var duration: Duration? { if case .duration(let value) = self { value } else { nil } }
}

/// A value and where it is written.
public struct LocatedOption: Hashable, Sendable {
  /// What the expression there evaluates to.
  public let value: OptionValue
  /// The expression in the source.
  public let span: Span
  public init(_ value: OptionValue, _ span: Span) {
    self.value = value
    self.span = span
  }
}

/// `name(positional, name: value)` as an option value; a bare word may stand for a call without arguments.
public struct OptionCall: Hashable, Sendable {
  /// One argument of a call.
  public struct Argument: Hashable, Sendable {
    /// The word before the colon; `nil` for a positional argument.
    public let name: String?
    /// Where that word is written; `nil` for a positional argument.
    public let nameSpan: Span?
    /// The expression after the colon, or the argument itself.
    public let value: LocatedOption
    public init(name: String?, nameSpan: Span?, value: LocatedOption) {
      self.name = name
      self.nameSpan = nameSpan
      self.value = value
    }
  }
  /// The word before the parenthesis.
  public let name: String
  /// Where that word is written.
  public let nameSpan: Span
  /// The arguments in the order of the source.
  public let arguments: [Argument]
  /// The whole call, from the word to the closing parenthesis.
  public let span: Span
  public init(name: String, nameSpan: Span, arguments: [Argument], span: Span) {
    self.name = name
    self.nameSpan = nameSpan
    self.arguments = arguments
    self.span = span
  }
}

/// A point in global training time, counted from 0.
public struct Moment: Hashable, Sendable {
  /// What the value counts.
  public let unit: Unit
  /// How many epochs or steps of the whole run lie before the moment.
  public let value: Int
  /// An epoch is one pass over the training split, a step one update of the weights.
  public enum Unit: String, Hashable, Sendable { case epoch, step }
  public init(_ unit: Unit, _ value: Int) {
    self.unit = unit
    self.value = value
  }
  /// Before the first step.
  public static let start = Moment(.epoch, 0)
  /// The global step at which the moment begins; `nil` for an epoch while its length is unknown, or on overflow.
  public func step(stepsPerEpoch: Int?) -> Int? {
    switch unit {
    case .step: return value
    case .epoch:
      if value == 0 { return 0 }
      guard let stepsPerEpoch else { return nil }
      let (product, overflow) = value.multipliedReportingOverflow(by: stepsPerEpoch)
      return overflow ? nil : product
    }
  }
}

/// A length of training time, at least one unit.
public struct Duration: Hashable, Sendable {
  /// What the value counts.
  public let unit: Moment.Unit
  /// The number of epochs or steps.
  public let value: Int
  public init(_ unit: Moment.Unit, _ value: Int) {
    self.unit = unit
    self.value = value
  }
  /// The length in steps; `nil` while an epoch's length is unknown, or on overflow.
  public func steps(stepsPerEpoch: Int?) -> Int? { Moment(unit, value).step(stepsPerEpoch: stepsPerEpoch) }
}
