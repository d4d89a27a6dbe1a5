import DrnDiagnostics
import DrnSource

extension Parser {
  /// `{ statements }` of a block or network.
  mutating func parseStatementBody(of owner: String) -> [Statement] {
    let opener = current
    guard skip(.openBrace) else {
      faultExpected("`{` before the body of \(owner)")
      return at(.let) || at(.return) ? parseStatementsToBrace() : []
    }
    return nested([]) { parser in
      let statements = parser.parseStatements()
      parser.close(opener)
      return statements
    }
  }

  private mutating func parseStatementsToBrace() -> [Statement] {
    let statements = parseStatements()
    _ = skip(.closeBrace)
    return statements
  }

  private mutating func parseStatements() -> [Statement] {
    var statements: [Statement] = []
    while !isAtBodyEnd {
      switch kind {
      case .keyword(.let): statements.append(parseBinding())
      case .keyword(.return): statements.append(parseResult())
      case .keyword, .identifier, .integer, .decimal, .percent, .string, .pattern, .punctuation, .unknown, .endOfFile:
        faultAfterStage("`let`, `return` or `}`", help: "a body gives its value with `return`")
        skipToStatement()
      }
    }
    return statements
  }

  private mutating func parseBinding() -> Statement {
    let start = advance().span.start
    let name = parseName("a name after `let`") { $0 == .punctuation(.assign) }
    if !skip(.assign) {
      let diagnostic = Diagnostic(
        .unexpectedToken, "expected `=` after `let \(name.text)`, found \(describe(current))", at: found, label: "expected `=`",
        fixIts: startsValue ? [insertion(" =", "insert `=`")] : [])
      fault(diagnostic)
      if at(.colon) || at(.equal) { advance() }
    }
    let value = parseExpression()
    return .binding(name: name, value: value, span: span(from: start))
  }

  private mutating func parseResult() -> Statement {
    let start = advance().span.start
    let value = parseExpression()
    return .result(value: value, span: span(from: start))
  }

  /// `{ statements }` or `{ expression }` of a conditional value.
  mutating func parseBranch(_ owner: String) -> [Statement] {
    let opener = current
    guard expect(.openBrace, "before the value of \(owner)") else { return [] }
    return nested([]) { parser in
      if parser.at(.let) || parser.at(.return) {
        let statements = parser.parseStatements()
        parser.close(opener)
        return statements
      }
      let value = parser.parseExpression()
      if !parser.isAtBodyEnd {
        parser.faultAfterStage("`}` after the value of \(owner)")
        while !parser.isAtBodyEnd { parser.skipBalanced() }
      }
      parser.close(opener)
      return [.result(value: value, span: value.span)]
    }
  }
}
