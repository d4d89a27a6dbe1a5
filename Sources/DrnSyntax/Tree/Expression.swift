import DrnSource

/// A value, a time, a call, or a pipeline: one grammar for all of them; the checker gives them meaning.
public struct Expression: Sendable {
  /// What the expression is, with its parts.
  public let kind: Kind
  /// From its first token to its last.
  public let span: Span
  public init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
  }

  /// The forms of expressions. Parentheses around one are a form of their own, so that the formatter keeps them.
  public indirect enum Kind: Sendable {
    /// `128`. `digits` is the text as written without underscores; it may exceed `Int`.
    case integer(digits: String)
    /// `0.1`, `1e-4`, as written.
    case decimal(text: String)
    /// `10%`, `0.5%`: the number before the sign, as written.
    case percent(text: String)
    case string(String)
    case boolean(Bool)
    case name(String)
    /// `epoch 100`, `step 2500`: a moment.
    case moment(unit: TimeUnit, value: Expression)
    /// `150 epochs`, `1 step`: a duration.
    case duration(value: Expression, unit: TimeUnit)
    case list([Expression])
    /// `(out: 1/2, in: 1/2)`: values by name; every argument has one.
    case record([Argument])
    case call(callee: Name, arguments: [Argument])
    /// `tensor[3, 32, 32]`, `blocks[0]`
    case index(base: Expression, indices: [Expression])
    case member(base: Expression, name: Name)
    /// `stage*.**.conv*`, `**`: a selector in the place of a value.
    case pattern(Selector)
    case unary(operator: UnaryOperator, operand: Expression)
    case binary(operator: BinaryOperator, left: Expression, right: Expression, operatorSpan: Span)
    /// `if condition { body } else { body }`; in a pipeline without `else` it is a stage applied only when the condition holds.
    case conditional(condition: Expression, then: [Statement], otherwise: [Statement]?)
    /// `x |> stage |> stage`. `input` is `nil` for the body of a group: `{ basic(16) |> repeat(2) { ... } }`.
    case pipeline(input: Expression?, stages: [Stage])
    case parenthesized(Expression)
    /// Stands where a value was expected and nothing fitting was found; a syntax error has been reported.
    case missing
  }
}

/// `epoch`, `epochs`, `step`, `steps`.
public enum TimeUnit: String, Sendable, Hashable, CaseIterable {
  case epoch, step
}

/// A prefix operator.
public enum UnaryOperator: String, Sendable, Hashable, CaseIterable {
  case minus = "-"
  case not
}

/// An infix operator, loosest first in the order of `precedence`.
public enum BinaryOperator: String, Sendable, Hashable, CaseIterable {
  case or, and
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  /// `1/2 of outputs`
  case of
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  /// Exact rational division.
  case divide = "/"
  /// Integer division.
  case div
  /// Integer remainder.
  case mod

  /// A larger number binds tighter.
  public var precedence: Int {
    switch self {
    case .or: 1
    case .and: 2
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: 3
    case .of: 4
    case .add, .subtract: 5
    case .multiply, .divide, .div, .mod: 6
    }
  }
}

/// `value` or `name: value` between parentheses.
public struct Argument: Sendable {
  /// The word before the colon; `nil` for a positional argument.
  public let name: Name?
  /// What stands after the colon, or the whole argument.
  public let value: Expression
  /// From the name or the value to the end of the value.
  public let span: Span
  public init(name: Name?, value: Expression, span: Span) {
    self.name = name
    self.value = value
    self.span = span
  }
}

/// One step of a pipeline, `label: operation`.
public struct Stage: Sendable {
  /// What a step does with the value that comes in.
  public enum Operation: Sendable {
    /// `relu` or `linear(10)`; a bare name has no arguments. `x |> f(a)` is `f(x, a)`.
    case call(callee: Name, arguments: [Argument])
    /// `{ stage |> stage }`
    case group([Stage])
    /// `repeat(2) { stage |> stage }`
    case repetition(count: Expression, body: [Stage])
    /// `if condition { stages } [else { stages }]`
    case conditional(condition: Expression, then: [Stage], otherwise: [Stage]?)
    /// Nothing fitting was found; a syntax error has been reported.
    case missing
  }
  /// The word before the colon; `nil` without one.
  public let label: Name?
  /// What is done to the value that comes in.
  public let operation: Operation
  /// From the label or the operation to the end of the operation.
  public let span: Span
  public init(label: Name?, operation: Operation, span: Span) {
    self.label = label
    self.operation = operation
    self.span = span
  }
}
