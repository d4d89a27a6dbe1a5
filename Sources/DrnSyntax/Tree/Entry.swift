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
  public let name: Name
  public let value: Expression
  public let by: Expression?
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
  public enum When: Sendable {
    /// `from epoch 55`
    case from(Expression)
    /// `every 5 epochs`
    case every(Expression)
    /// `at end`, `at step 2500`
    case at(Expression)
    /// `20 epochs`: a span given by its length, inside `cycle`
    case lasting(Expression)

    public var time: Expression {
      switch self {
      case .from(let time), .every(let time), .at(let time), .lasting(let time): time
      }
    }
  }
  public let when: When
  public let whenSpan: Span
  public let value: Expression
  public let by: Expression?
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
  public let name: Name
  public let arguments: [Argument]
  public let selectors: [Selector]
  public let exceptions: [Selector]
  public let entries: [Entry]
  /// From the name to the last selector.
  public let headerSpan: Span
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
  public let span: Span
  public init(text: String, span: Span) {
    self.text = text
    self.span = span
  }
}
