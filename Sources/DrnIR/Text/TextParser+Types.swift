extension TextParser {
  /// `f32[128, r0]` or `f32`.
  mutating func type() throws(IRTextError) -> TensorType {
    let start = position
    guard let element = ElementType(rawValue: try word("a type")) else {
      throw error("the element types are f32, bf16, i32 and u64", at: start)
    }
    return TensorType(element, try take("[") ? try list(until: "]") { parser throws(IRTextError) in try parser.dimension() } : [])
  }

  /// `2*r0 + 16`: terms with signs between them.
  mutating func dimension() throws(IRTextError) -> Dimension {
    var constant = 0
    var terms: [Dimension.Term] = []
    var negative = try take("-")
    while true {
      let term = try self.term()
      let signed = negative ? 0 &- term.factor : term.factor
      if let symbol = term.symbol {
        terms.append(Dimension.Term(symbol: symbol, coefficient: signed))
      } else {
        let (sum, overflow) = constant.addingReportingOverflow(signed)
        if overflow { throw error("this extent is too large") }
        constant = sum
      }
      negative = token == .mark("-")
      if !negative, token != .mark("+") { return Dimension(constant: constant, terms: terms) }
      try advance()
    }
  }

  private mutating func term() throws(IRTextError) -> (factor: Int, symbol: Symbol?) {
    if case .word = token { return (1, try symbol()) }
    guard case .integer(let factor) = token else { throw error("an extent is expected here, not \(token.description)") }
    try advance()
    return try take("*") ? (factor, try symbol()) : (factor, nil)
  }

  /// `r0`, which must have been declared.
  private mutating func symbol() throws(IRTextError) -> Symbol {
    let start = position
    let name = try word("a rank symbol")
    guard name.hasPrefix("r"), let index = Int(name.dropFirst()), (0..<symbolCount).contains(index), "r\(index)" == name else {
      throw error("'\(name)' is no rank symbol declared above", at: start)
    }
    return Symbol(index)
  }

  /// `symbol r0 "fc1.weight" in 1...784 = min(2*r1, 392)`, after its first word.
  mutating func symbolInfo() throws(IRTextError) -> SymbolInfo {
    let start = position
    guard try word("a rank symbol") == "r\(symbolCount)" else { throw error("the next rank symbol is r\(symbolCount)", at: start) }
    let name = try string("the weight of the rank symbol")
    try expect(word: "in")
    let lower = try integer()
    try expect("...")
    let upper = try integer()
    guard lower <= upper else { throw error("the bounds are the wrong way round") }
    var definition: SymbolDefinition?
    if try take("=") {
      try expect(word: "min")
      try expect("(")
      let value = try dimension()
      try expect(",")
      definition = SymbolDefinition(value: value, limit: try integer())
      try expect(")")
    }
    symbolCount += 1
    return SymbolInfo(name: name, bounds: lower...upper, definition: definition)
  }
}
