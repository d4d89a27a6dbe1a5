extension TextParser {
  /// `{name = value, ...}`, after the opening brace.
  mutating func attributes() throws(IRTextError) -> Attributes {
    var attributes: Attributes = [:]
    let entries = try list(until: "}") { parser throws(IRTextError) in
      let start = parser.position
      let name = try parser.word("the name of an attribute")
      try parser.expect("=")
      return (name, try parser.attributeValue(), start)
    }
    for (name, value, start) in entries {
      guard attributes[name] == nil else { throw error("the attribute '\(name)' is given twice", at: start) }
      attributes[name] = value
    }
    return attributes
  }

  private mutating func attributeValue() throws(IRTextError) -> AttributeValue {
    switch token {
    case .string(let string):
      try advance()
      return .string(string)
    case .function(let name):
      try advance()
      return .function(name)
    case .mark("["):
      try advance()
      return try listValue()
    case .mark("<"):
      try advance()
      return .dimensions(try list(until: ">") { parser throws(IRTextError) in try parser.dimension() })
    case .word("true"), .word("false"): return .boolean(try boolean())
    case .word("booleans"):
      try advance()
      try expect("[")
      try expect("]")
      return .booleans([])
    case .mark, .word, .integer, .number, .value, .numberedValue, .end: return try numberValue()
    }
  }

  private mutating func listValue() throws(IRTextError) -> AttributeValue {
    if token == .word("true") || token == .word("false") {
      return .booleans(try list(until: "]") { parser throws(IRTextError) in try parser.boolean() })
    }
    return .integers(try list(until: "]") { parser throws(IRTextError) in try parser.integer() })
  }

  private mutating func boolean() throws(IRTextError) -> Bool {
    if try take(word: "true") { return true }
    try expect(word: "false")
    return false
  }

  private mutating func numberValue() throws(IRTextError) -> AttributeValue {
    let negative = try take("-")
    switch token {
    case .integer(let magnitude):
      if magnitude < 0 && !negative { throw error("this number is too large") }
      try advance()
      return .integer(negative ? 0 &- magnitude : magnitude)
    case .number(let magnitude):
      try advance()
      return .number(negative ? -magnitude : magnitude)
    case .word("inf"):
      try advance()
      return .number(negative ? -.infinity : .infinity)
    case .word("nan"):
      try advance()
      return .number(.nan)
    case .word, .value, .numberedValue, .function, .string, .mark, .end:
      throw error("the value of an attribute is expected here, not \(token.description)")
    }
  }
}
