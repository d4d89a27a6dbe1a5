import DrnSource

/// A lexical element. `span` covers the text only; `trivia` is the white space and comments before it.
public struct Token: Sendable, Hashable {
  /// What the text of a token is, by the characters alone.
  public enum Kind: Sendable, Hashable {
    case identifier
    case keyword(Keyword)
    case integer, decimal, percent, string
    /// A selector with at least one `*`: `conv*`, `**`, `stage*.**.conv*`.
    case pattern
    case punctuation(Punctuation)
    /// A byte sequence that starts no token.
    case unknown
    case endOfFile
  }
  /// What the text is.
  public let kind: Kind
  /// The text itself.
  public let span: Span
  /// White space and comments between the token before and this one.
  public let trivia: Span
  public init(kind: Kind, span: Span, trivia: Span) {
    self.kind = kind
    self.span = span
    self.trivia = trivia
  }
}

/// Words that cannot be identifiers.
public enum Keyword: String, Sendable, Hashable, CaseIterable {
  case data, block, network, train, `import`, `let`, `if`, `else`, `repeat`, `return`, from, every, at, by, except, on
  case `true`, `false`, of, div, mod, and, or, not
  case epoch, epochs, step, steps
}

/// Operators and brackets.
public enum Punctuation: String, Sendable, Hashable, CaseIterable {
  case openBrace = "{"
  case closeBrace = "}"
  case openParenthesis = "("
  case closeParenthesis = ")"
  case openBracket = "["
  case closeBracket = "]"
  case comma = ","
  case colon = ":"
  case dot = "."
  case arrow = "->"
  case pipe = "|>"
  case assign = "="
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case plus = "+"
  case minus = "-"
  case star = "*"
  case slash = "/"
}
