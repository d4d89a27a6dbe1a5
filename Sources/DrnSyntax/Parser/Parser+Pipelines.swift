import DrnDiagnostics
import DrnSource

extension Parser {
  /// `stage |> stage |> stage`.
  mutating func parseStages() -> [Stage] {
    var stages = [parseStage()]
    while skip(.pipe) { stages.append(parseStage()) }
    return stages
  }

  private mutating func parseStage() -> Stage {
    let start = current.span.start
    let label = parseLabel()
    let operation = parseOperation()
    return Stage(label: label, operation: operation, span: span(from: start))
  }

  private mutating func parseLabel() -> Name? {
    guard kind(ahead: 1) == .punctuation(.colon) else { return nil }
    switch kind {
    case .identifier, .keyword:
      let name = parseName("a label") { $0 == .punctuation(.colon) }
      advance()
      return name
    case .integer, .decimal, .percent, .string, .pattern, .punctuation, .unknown, .endOfFile: return nil
    }
  }

  private mutating func parseOperation() -> Stage.Operation {
    switch kind {
    case .identifier: return parseStageCall()
    case .keyword(.epoch) where kind(ahead: 1) == .punctuation(.openParenthesis): return parseStageCall()
    case .keyword(.step) where kind(ahead: 1) == .punctuation(.openParenthesis): return parseStageCall()
    case .keyword(.repeat): return parseRepetition()
    case .keyword(.if): return parseConditionalStage()
    case .punctuation(.openBrace): return .group(parseStageBody("the group"))
    case .keyword, .integer, .decimal, .percent, .string, .pattern, .punctuation, .unknown, .endOfFile:
      return parseMissingStage()
    }
  }

  private mutating func parseStageCall() -> Stage.Operation {
    let token = advance()
    let arguments = at(.openParenthesis) ? parseArguments() : []
    return .call(callee: Name(text(token), token.span), arguments: arguments)
  }

  private mutating func parseRepetition() -> Stage.Operation {
    advance()
    let opener = current
    var count = Expression(.missing, gap)
    if expect(.openParenthesis, "and a count after `repeat`") {
      count = nested(count) { $0.parseExpression() }
      close(opener)
    } else if startsValue {
      count = parseCondition()
      _ = skip(.closeParenthesis)
    }
    return .repetition(count: count, body: parseStageBody("`repeat`"))
  }

  private mutating func parseConditionalStage() -> Stage.Operation {
    advance()
    let condition = parseCondition()
    let then = parseStageBody("`if`")
    guard at(.else) else { return .conditional(condition: condition, then: then, otherwise: nil) }
    advance()
    return .conditional(condition: condition, then: then, otherwise: parseStageAlternative())
  }

  private mutating func parseStageAlternative() -> [Stage] {
    guard at(.if) else { return parseStageBody("`else`") }
    let start = current.span.start
    return nested([]) { parser in
      let operation = parser.parseConditionalStage()
      return [Stage(label: nil, operation: operation, span: parser.span(from: start))]
    }
  }

  /// `{ stage |> stage }`.
  private mutating func parseStageBody(_ owner: String) -> [Stage] {
    let opener = current
    guard expect(.openBrace, "before the stages of \(owner)") else { return [] }
    return nested([]) { parser in
      let stages = parser.parseStages()
      if !parser.isAtBodyEnd {
        parser.faultAfterStage("`|>` or `}` after a stage")
        while !parser.isAtBodyEnd { parser.skipBalanced() }
      }
      parser.close(opener)
      return stages
    }
  }

  /// Reports what follows a pipeline without belonging to it; two names side by side are taken for a label without its colon.
  mutating func faultAfterStage(_ expected: String, help: String? = nil) {
    guard position > 1, kind == .identifier, tokens[position - 1].kind == .identifier, tokens[position - 2].kind == .punctuation(.pipe)
    else {
      faultExpected(expected, help: help)
      return
    }
    let label = text(tokens[position - 1])
    let diagnostic = Diagnostic(
      .missingColon, "expected `:` or `|>` after `\(label)`, found \(describe(current))", at: current.span,
      label: "expected `:` before this", fixIts: [insertion(":", "make `\(label)` the label of this stage", .unsafe)])
    fault(diagnostic)
  }

  private mutating func parseMissingStage() -> Stage.Operation {
    faultExpected("a stage of the pipeline")
    guard isStrayBeforeStage else { return .missing }
    while isStrayBeforeStage {
      advance()
      _ = parseLabel()
    }
    return parseOperation()
  }

  /// Whether leaving out the current token lets reading go on with a stage.
  private var isStrayBeforeStage: Bool {
    guard case .punctuation(let punctuation) = kind, !punctuation.isClosing else { return false }
    return kind(ahead: 1) == .identifier
  }

  /// `if condition { value } else { value }`.
  mutating func parseConditional() -> Expression {
    let start = advance().span.start
    let condition = nested(Expression(.missing, gap)) { $0.parseCondition() }
    let then = parseBranch("`if`")
    let otherwise = parseAlternative()
    return Expression(.conditional(condition: condition, then: then, otherwise: otherwise), span(from: start))
  }

  private mutating func parseAlternative() -> [Statement]? {
    guard at(.else) else {
      let diagnostic = Diagnostic(
        .missingElse, "expected `else` after the value of `if`, found \(describe(current))", at: found, label: "expected `else`",
        help: "a conditional value needs both branches; a stage after `|>` may leave out `else`")
      fault(diagnostic)
      return nil
    }
    advance()
    guard at(.if) else { return parseBranch("`else`") }
    let value = nested(Expression(.missing, gap)) { $0.parseConditional() }
    return [.result(value: value, span: value.span)]
  }
}
