import DrnDiagnostics
import DrnSource

extension Parser {
  /// `{ entries }` of `data`, `train` or a clause.
  mutating func parseEntryBody(of owner: String) -> [Entry] {
    let opener = current
    guard skip(.openBrace) else {
      faultExpected("`{` before the entries of \(owner)")
      return parseEntriesWithoutBrace()
    }
    return nested([]) { parser in
      let entries = parser.parseEntries()
      parser.close(opener)
      return entries
    }
  }

  /// When only the brace was forgotten, the entries and the closing brace are still there.
  private mutating func parseEntriesWithoutBrace() -> [Entry] {
    if !isAtBodyEnd, !looksLikeEntry { advance() }
    guard looksLikeEntry else { return [] }
    let entries = parseEntries()
    _ = skip(.closeBrace)
    return entries
  }

  private mutating func parseEntries() -> [Entry] {
    var entries: [Entry] = []
    while !isAtBodyEnd {
      if let entry = parseEntry() { entries.append(entry) }
    }
    return entries
  }

  private mutating func parseEntry() -> Entry? {
    let followedByColon = kind(ahead: 1) == .punctuation(.colon)
    switch kind {
    case .keyword(.from), .keyword(.every), .keyword(.at): return parseTimed()
    case .identifier where followedByColon: return parseSetting(nameAtCursor())
    case .identifier, .integer, .decimal: return parseNamedEntry()
    case .keyword(let word) where followedByColon:
      return parseSetting(word.canNameSetting ? nameAtCursor() : parseKeywordAsName("the name of a setting"))
    case .keyword, .percent, .string, .pattern, .punctuation, .unknown, .endOfFile:
      reportNoEntry()
      return nil
    }
  }

  private mutating func nameAtCursor() -> Name {
    let token = advance()
    return Name(text(token), token.span)
  }

  /// An entry that begins with a name or number and is no plain setting.
  private mutating func parseNamedEntry() -> Entry? {
    if case .keyword(let word) = kind(ahead: 1), word.timeUnit != nil { return parseLasting() }
    switch kind {
    case .identifier:
      if isStrayBeforeClause() {
        fault(
          Diagnostic(
            .strayToken, "expected the next entry or `}`, found \(describe(current))", at: current.span, label: "no entry begins with this")
        )
        advance()
        return nil
      }
      if isAtClause() { return parseClause() }
      return parseColonlessSetting()
    case .integer, .decimal, .keyword, .percent, .string, .pattern, .punctuation, .unknown, .endOfFile:
      reportNoEntry()
      return nil
    }
  }

  /// `batch 128`: a setting that lacks its colon.
  private mutating func parseColonlessSetting() -> Entry? {
    guard kind(ahead: 1).mayStartValue || kind(ahead: 1) == .punctuation(.assign) else {
      let name = text(advance())
      faultExpected("`:` or `{` after `\(name)`")
      skipToEntry()
      return nil
    }
    let name = nameAtCursor()
    parseColon(after: "`\(name.text)`")
    return finishSetting(name)
  }

  private mutating func parseSetting(_ name: Name) -> Entry {
    let colon = advance()
    if at(.openBrace) {
      let remove = FixIt("remove `:`", edits: [.init(colon.span, "")], confidence: .safe)
      let diagnostic = Diagnostic(
        .colonBeforeBrace, "expected a value after `\(name.text):`, found `{`", at: colon.span,
        label: "a clause has no `:` before its body", fixIts: [remove])
      fault(diagnostic)
      let entries = parseEntryBody(of: "`\(name.text)`")
      return .clause(
        ClauseEntry(
          name: name, arguments: [], selectors: [], exceptions: [], entries: entries, headerSpan: name.span,
          span: span(from: name.span.start)))
    }
    return finishSetting(name)
  }

  private mutating func finishSetting(_ name: Name) -> Entry {
    let (value, by) = parseValueAndTransition()
    return .setting(SettingEntry(name: name, value: value, by: by, span: span(from: name.span.start)))
  }

  private mutating func reportNoEntry() {
    let isComma = at(.comma)
    let remove = FixIt("remove `,`", edits: [.init(current.span, "")], confidence: .safe)
    let diagnostic = Diagnostic(
      .strayToken, "expected the next entry or `}`, found \(describe(current))", at: current.span,
      label: isComma ? "entries need no separator" : "no entry begins with this", fixIts: isComma ? [remove] : [])
    fault(diagnostic)
    skipBalanced()
    skipToEntry()
  }
}
