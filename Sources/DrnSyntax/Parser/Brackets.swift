extension Punctuation {
  /// The bracket that closes this one, or `nil` when this opens nothing.
  var closing: Punctuation? {
    switch self {
    case .openBrace: .closeBrace
    case .openParenthesis: .closeParenthesis
    case .openBracket: .closeBracket
    case .closeBrace, .closeParenthesis, .closeBracket, .comma, .colon, .dot, .arrow, .pipe, .assign, .equal, .notEqual, .less,
      .lessOrEqual, .greater, .greaterOrEqual, .plus, .minus, .star, .slash:
      nil
    }
  }

  var isClosing: Bool { self == .closeBrace || self == .closeParenthesis || self == .closeBracket }
}

/// Pairs brackets. A closing bracket that fits an outer opening one leaves those inside it unpaired, and a new item leaves all unpaired.
func matchBrackets(_ tokens: [Token]) -> [Int] {
  var partners = Array(repeating: -1, count: tokens.count)
  var open: [Int] = []
  for (index, token) in tokens.enumerated() {
    guard case .punctuation(let punctuation) = token.kind else {
      if startsItem(tokens, at: index) { open.removeAll(keepingCapacity: true) }
      continue
    }
    if punctuation.closing != nil {
      open.append(index)
    } else if punctuation.isClosing {
      closeBracket(punctuation, index, &open, &partners, tokens)
    }
  }
  return partners
}

private func closeBracket(_ closing: Punctuation, _ index: Int, _ open: inout [Int], _ partners: inout [Int], _ tokens: [Token]) {
  // A brace closes over brackets and parentheses; those never close over a brace.
  while let last = open.last, case .punctuation(let opening) = tokens[last].kind {
    if opening.closing == closing {
      partners[last] = index
      open.removeLast()
      return
    }
    guard closing == .closeBrace || opening != .openBrace else { return }
    open.removeLast()
  }
}
