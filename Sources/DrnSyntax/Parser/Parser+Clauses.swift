import DrnDiagnostics
import DrnSource

extension Parser {
  /// Whether the name at the cursor begins a clause: arguments and selectors may follow, a `{` must.
  mutating func isAtClause() -> Bool { isClause(at: position) }

  /// Whether a name that stands alone at the end of a line is followed by a clause on the next one, so that it is no part of it: the
  /// header of a clause has no two names side by side but its own and the first selector.
  mutating func isStrayBeforeClause() -> Bool {
    guard kind == .identifier, kind(ahead: 1) == .identifier, isFirstOnLine(position + 1), position + 2 < tokens.count else { return false }
    let next = tokens[position + 2].kind
    guard next == .identifier || next == .pattern || next == .punctuation(.star) else { return false }
    return isClause(at: position + 1)
  }

  private mutating func isClause(at start: Int) -> Bool {
    var index = start + 1
    if tokens[index].kind == .punctuation(.openParenthesis) {
      guard partners[index] > index else { return true }
      index = partners[index] + 1
    }
    let end = selectorsEnd(from: index)
    return tokens[end].kind == .punctuation(.openBrace) || lacksBrace(start, index, end)
  }

  /// Whether selectors are followed at once by an entry with a time that is not further left than the clause: only the brace is missing.
  private func lacksBrace(_ start: Int, _ selectors: Int, _ end: Int) -> Bool {
    guard selectors < end, tokens[selectors].kind != .integer, tokens[end].kind == .keyword(.from) else { return false }
    return !isFirstOnLine(end) || indentation(of: end) > indentation(of: start)
  }

  /// The first token from `start` on that is part of no selector. A run of such tokens is walked only once, however many names of it are
  /// asked about.
  private mutating func selectorsEnd(from start: Int) -> Int {
    if selectorRun.contains(start) { return selectorRun.upperBound }
    var index = start
    while isSelectorPart(tokens[index].kind), index + 1 < tokens.count { index += 1 }
    selectorRun = start..<index
    return index
  }

  private func isSelectorPart(_ kind: Token.Kind) -> Bool {
    switch kind {
    case .identifier, .pattern, .integer, .keyword(.except), .punctuation(.comma), .punctuation(.dot), .punctuation(.openBracket),
      .punctuation(.closeBracket), .punctuation(.star):
      true
    case .keyword, .decimal, .percent, .string, .punctuation, .unknown, .endOfFile: false
    }
  }

  /// `name [(arguments)] [selectors [except selectors]] { entries }`.
  mutating func parseClause() -> Entry {
    let token = advance()
    let name = Name(text(token), token.span)
    let arguments = at(.openParenthesis) ? parseArguments() : []
    let selectors = startsSelector ? parseSelectors() : []
    let exceptions = parseExceptions()
    let headerSpan = span(from: token.span.start)
    let entries = parseEntryBody(of: "`\(name.text)`")
    return .clause(
      ClauseEntry(
        name: name, arguments: arguments, selectors: selectors, exceptions: exceptions, entries: entries, headerSpan: headerSpan,
        span: span(from: token.span.start)))
  }

  private mutating func parseExceptions() -> [Selector] {
    guard at(.except) else { return [] }
    advance()
    return parseSelectors()
  }

  private var startsSelector: Bool { kind == .identifier || kind == .pattern || at(.star) }

  private mutating func parseSelectors() -> [Selector] {
    var selectors: [Selector] = []
    repeat {
      guard startsSelector else {
        faultExpected("the name of a layer or a selector such as `conv*`")
        break
      }
      selectors.append(parseSelector())
      // Written without recursion: a body may have any number of selectors.
    } while skip(.comma) || reportMissingComma()
    return selectors
  }

  /// Reports a selector that follows another without a comma; whether there is one.
  private mutating func reportMissingComma() -> Bool {
    guard startsSelector else { return false }
    let diagnostic = Diagnostic(
      .missingComma, "expected `,` or `{` after a selector, found \(describe(current))", at: current.span,
      label: "expected `,` before this", fixIts: [insertion(",", "insert `,`", .unsafe)])
    fault(diagnostic)
    return true
  }

  /// `stage2[0].conv1` or a pattern.
  private mutating func parseSelector() -> Selector {
    let first = advance()
    reportLoneStar(first)
    guard first.kind == .identifier else { return Selector(text: text(first), span: first.span) }
    var written = text(first)
    while let part = parseSelectorPart() { written += part }
    return Selector(text: written, span: span(from: first.span.start))
  }

  private mutating func reportLoneStar(_ token: Token) {
    guard token.kind == .punctuation(.star) else { return }
    let double = FixIt("write `**` for every layer", edits: [.init(token.span, "**")], confidence: .unsafe)
    fault(Diagnostic(.unexpectedToken, "expected a selector, found a lone `*`", at: token.span, label: "this multiplies", fixIts: [double]))
  }

  private mutating func parseSelectorPart() -> String? {
    if at(.dot), kind(ahead: 1) == .identifier {
      advance()
      return "." + text(advance())
    }
    guard at(.openBracket), kind(ahead: 1) == .integer else { return nil }
    let opener = advance()
    let index = text(advance())
    close(opener)
    return "[\(index)]"
  }
}
