import DrnSource

/// One line of a `{ ... }` body of `data`, `train` or a clause.
public enum Entry: Sendable {
  /// `name: value` or `name: value by call`.
  case setting(SettingEntry)
  /// `when: value [by call]`: `from epoch 55: dense`, `every 5 epochs: report(...)`, `at end: prune(...)`, and
  /// inside `cycle` a duration, `20 epochs: dense`.
  case timed(TimedEntry)
  /// `name [(arguments)] [selectors] { entries }`: `weights stem, stage*.** { ... }`, `cycle(3) { ... }`, `loss { from ... }`.
  case clause(ClauseEntry)

  /// From the first token of the entry to its last.
  public var span: Span {
    switch self {
    case .setting(let entry): entry.span
    case .timed(let entry): entry.span
    case .clause(let entry): entry.span
    }
  }
}

/// `name: value`, for instance `batch: 128`.
public struct SettingEntry: Sendable {
  /// The word before the colon.
  public let name: Name
  /// What stands after the colon.
  public let value: Expression
  /// The call after `by`; `nil` without one.
  public let by: Expression?
  /// From the name to the end of the value or of the call.
  public let span: Span
  public init(name: Name, value: Expression, by: Expression?, span: Span) {
    self.name = name
    self.value = value
    self.by = by
    self.span = span
  }
}

/// `when: value [by call]`.
public struct TimedEntry: Sendable {
  /// The time before the colon.
  public enum When: Sendable {
    /// `from epoch 55`
    case from(Expression)
    /// `every 5 epochs`
    case every(Expression)
    /// `at end`, `at step 2500`
    case at(Expression)
    /// `20 epochs`: a span given by its length, inside `cycle`
    case lasting(Expression)

    /// The moment or the duration, without the word before it.
    public var time: Expression {
      switch self {
      case .from(let time), .every(let time), .at(let time), .lasting(let time): time
      }
    }
  }
  /// When the entry holds, begins or is repeated.
  public let when: When
  /// The text before the colon.
  public let whenSpan: Span
  /// What stands after the colon: a form, an event, a value of a setting.
  public let value: Expression
  /// The call after `by`; `nil` without one.
  public let by: Expression?
  /// From the time to the end of the value or of the call.
  public let span: Span
  public init(when: When, whenSpan: Span, value: Expression, by: Expression?, span: Span) {
    self.when = when
    self.whenSpan = whenSpan
    self.value = value
    self.by = by
    self.span = span
  }
}

/// `name [(arguments)] [selectors [except selectors]] { entries }`.
public struct ClauseEntry: Sendable {
  /// The word that begins the clause: `weights`, `cycle`, `loss`.
  public let name: Name
  /// What stands between the parentheses; empty without any.
  public let arguments: [Argument]
  /// The patterns before `except`.
  public let selectors: [Selector]
  /// The patterns after `except`.
  public let exceptions: [Selector]
  /// The lines between the braces.
  public let entries: [Entry]
  /// From the name to the last selector.
  public let headerSpan: Span
  /// From the name to the closing brace.
  public let span: Span
  public init(
    name: Name, arguments: [Argument], selectors: [Selector], exceptions: [Selector], entries: [Entry], headerSpan: Span, span: Span
  ) {
    self.name = name
    self.arguments = arguments
    self.selectors = selectors
    self.exceptions = exceptions
    self.entries = entries
    self.headerSpan = headerSpan
    self.span = span
  }
}

/// A dotted pattern over layer names: `stem`, `stage2[0].conv1`, `stage*.**.conv*`. `*` matches within one segment, `**` any
/// number of segments.
public struct Selector: Sendable, Hashable {
  /// The pattern as written, without spaces.
  public let text: String
  /// Where the pattern is written.
  public let span: Span
  public init(text: String, span: Span) {
    self.text = text
    self.span = span
  }
}
