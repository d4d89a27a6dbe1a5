extension BinaryOperator {
  var isComparison: Bool { precedence == BinaryOperator.equal.precedence }

  init?(_ punctuation: Punctuation) {
    switch punctuation {
    case .equal: self = .equal
    case .notEqual: self = .notEqual
    case .less: self = .less
    case .lessOrEqual: self = .lessOrEqual
    case .greater: self = .greater
    case .greaterOrEqual: self = .greaterOrEqual
    case .plus: self = .add
    case .minus: self = .subtract
    case .star: self = .multiply
    case .slash: self = .divide
    case .openBrace, .closeBrace, .openParenthesis, .closeParenthesis, .openBracket, .closeBracket, .comma, .colon, .dot, .arrow, .pipe,
      .assign:
      return nil
    }
  }

  init?(_ keyword: Keyword) {
    switch keyword {
    case .or: self = .or
    case .and: self = .and
    case .of: self = .of
    case .div: self = .div
    case .mod: self = .mod
    case .data, .block, .network, .train, .import, .let, .if, .else, .repeat, .return, .from, .every, .at, .by, .except, .on, .true,
      .false, .not, .epoch, .epochs, .step, .steps:
      return nil
    }
  }
}
