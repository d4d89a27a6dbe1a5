/// Which tokens of a line stand apart.
enum Spacing {
  /// Whether a space separates two neighbours. `isUnary` tells that `left` is a sign rather than an operator.
  static func separates(_ left: Token.Kind, _ right: Token.Kind, isUnary: Bool) -> Bool {
    if isUnary { return false }
    if case .punctuation(let punctuation) = left {
      switch punctuation {
      case .openParenthesis, .openBracket, .dot: return false
      case .openBrace: return right != .punctuation(.closeBrace)
      case .closeBrace, .closeParenthesis, .closeBracket, .comma, .colon, .arrow, .pipe, .assign, .equal, .notEqual, .less, .lessOrEqual,
        .greater, .greaterOrEqual, .plus, .minus, .star, .slash:
        break
      }
    }
    guard case .punctuation(let punctuation) = right else { return true }
    switch punctuation {
    case .closeParenthesis, .closeBracket, .comma, .colon, .dot: return false
    case .openParenthesis: return !isCallee(left)
    case .openBracket: return !isBase(left)
    case .openBrace, .closeBrace, .arrow, .pipe, .assign, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .plus, .minus,
      .star, .slash:
      return true
    }
  }

  private static func isCallee(_ kind: Token.Kind) -> Bool {
    kind == .identifier || kind == .keyword(.repeat) || kind == .keyword(.step) || kind == .keyword(.epoch)
  }

  private static func isBase(_ kind: Token.Kind) -> Bool {
    kind == .identifier || kind == .punctuation(.closeBracket) || kind == .punctuation(.closeParenthesis)
  }

  /// Whether an operand can end with such a token, so that a `-` after it subtracts.
  static func endsOperand(_ kind: Token.Kind) -> Bool {
    switch kind {
    case .identifier, .integer, .decimal, .percent, .string, .pattern: true
    case .keyword(let word): word == .true || word == .false || word.timeUnit != nil
    case .punctuation(let punctuation): punctuation.isClosing
    case .unknown, .endOfFile: false
    }
  }

  /// Whether the author's line break between two neighbours is kept: around brackets, commas, operators and pipelines.
  static func keepsBreak(_ left: Token.Kind, _ right: Token.Kind) -> Bool {
    if right == .punctuation(.pipe) { return true }
    if left == .punctuation(.comma) || isOperator(left) || isOperator(right) { return true }
    if case .punctuation(let punctuation) = left, punctuation.closing != nil { return true }
    guard case .punctuation(let punctuation) = right else { return false }
    return punctuation.isClosing
  }

  private static func isOperator(_ kind: Token.Kind) -> Bool {
    switch kind {
    case .punctuation(let punctuation): BinaryOperator(punctuation) != nil
    case .keyword(let word): word == .and || word == .or
    case .identifier, .integer, .decimal, .percent, .string, .pattern, .unknown, .endOfFile: false
    }
  }
}
