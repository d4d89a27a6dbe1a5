import DrnDiagnostics
import DrnSource

/// Reporting. One fault often surfaces again a token or two later, so a fault close behind another stays quiet.
extension Parser {
  /// A fault fewer than this many tokens after another is taken for its echo.
  static let quietDistance = 3

  /// `isRepaired` tells that reading goes on just as if the text were right, so that what follows is no echo.
  mutating func fault(_ diagnostic: Diagnostic, isRepaired: Bool = false) {
    defer { if !isRepaired { lastFault = position } }
    guard position - lastFault >= Self.quietDistance, !isNearFlaw else { return }
    if diagnostics.count < Diagnostic.mostKept { diagnostics.append(diagnostic) }
  }

  /// Whether the lexer has reported something among the last few tokens.
  private var isNearFlaw: Bool {
    let first = max(0, position - Self.quietDistance + 1)
    return flawed[first...min(position + 1, flawed.count - 1)].contains(true)
  }

  /// Reports that something else than `expected` stands at the current token.
  mutating func faultExpected(_ expected: String, help: String? = nil) {
    fault(
      Diagnostic(
        .unexpectedToken, "expected \(expected), found \(describe(current))", at: found, label: "expected \(expected)", help: help))
  }

  /// The current token, or the end of the last line that has text when the file is over.
  var found: Span { isAtEnd ? gap : current.span }

  /// Steps over `punctuation`, or reports that it is missing and stays.
  @discardableResult
  mutating func expect(_ punctuation: Punctuation, _ purpose: String) -> Bool {
    if skip(punctuation) { return true }
    faultExpected("`\(punctuation.rawValue)` \(purpose)")
    return false
  }

  /// Steps over the bracket that closes `opener`, or reports the opener as never closed and stays.
  mutating func close(_ opener: Token) {
    guard case .punctuation(let opening) = opener.kind, let closing = opening.closing else { return }
    if skip(closing) { return }
    if isDoubled(opener) { return reportDoubled(opener, opening, closing) }
    let suspect = opening == .openBrace ? misalignedBrace(after: opener) : nil
    let suspicion = suspect.map { [Label($0.span, "this may be the one: its `}` stands further left than its line")] } ?? []
    let place = opening == .openBrace ? outdented(after: suspect ?? opener)?.span : nil
    let diagnostic = Diagnostic(
      .unclosedBracket, "`\(opening.rawValue)` is not closed: expected `\(closing.rawValue)`, found \(describe(current))",
      at: place ?? found,
      label: "expected `\(closing.rawValue)` before this", secondary: [Label(opener.span, "opened here")] + suspicion)
    fault(diagnostic)
  }

  /// Whether the same bracket opens again directly behind an opener that is never closed: then one of the two is most likely too many.
  func isDoubled(_ opener: Token) -> Bool {
    let index = firstIndex(from: opener.span.start)
    return index + 1 < position && tokens[index + 1].kind == opener.kind
  }

  mutating func reportDoubled(_ opener: Token, _ opening: Punctuation, _ closing: Punctuation) {
    let diagnostic = Diagnostic(
      .unclosedBracket, "`\(opening.rawValue)` is not closed: expected `\(closing.rawValue)`, found \(describe(current))", at: opener.span,
      label: "one of these two is not closed", secondary: [Label(found, "expected `\(closing.rawValue)` before this")])
    fault(diagnostic)
  }

  /// A token as a message names it.
  func describe(_ token: Token) -> String {
    switch token.kind {
    case .identifier, .punctuation, .unknown: "`\(text(token))`"
    case .integer, .decimal, .percent: "the number `\(shortened(text(token)))`"
    case .keyword: "the keyword `\(text(token))`"
    case .string: "a string"
    case .pattern: "the selector `\(text(token))`"
    case .endOfFile: "the end of the file"
    }
  }

  private func shortened(_ text: String) -> String { text.utf8.count <= 24 ? text : text.prefix(20) + "..." }

  func insertion(_ text: String, _ message: String, _ confidence: Confidence = .safe) -> FixIt {
    FixIt(message, edits: [.init(gap, text)], confidence: confidence)
  }
}
