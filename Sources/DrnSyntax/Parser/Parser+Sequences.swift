import DrnDiagnostics
import DrnSource

/// Comma-separated elements between brackets: arguments, lists, indices, parameters.
extension Parser {
  /// Reads from the opening bracket at the current token through its closing one.
  mutating func parseSequence<Element>(
    isElement: (inout Parser) -> Bool, juxtaposed: ((inout Parser) -> Element)? = nil, _ element: (inout Parser) -> Element
  ) -> [Element] {
    nested([]) { parser in
      let index = parser.position
      let opener = parser.advance()
      let outer = parser.sequence
      parser.sequence = index
      defer { parser.sequence = outer }
      var elements: [Element] = []
      while isElement(&parser), !parser.leaves(index) {
        let before = parser.position
        elements.append(element(&parser))
        if parser.position == before { parser.skipBalanced() }
        parser.parseSeparator(index, &elements, isElement, juxtaposed)
      }
      parser.closeSequence(opener, index, isReported: parser.lastFault > index)
      return elements
    }
  }

  /// The comma after an element; without one, the elements that may follow without, and a report when one may not.
  private mutating func parseSeparator<Element>(
    _ opener: Int, _ elements: inout [Element], _ isElement: (inout Parser) -> Bool, _ juxtaposed: ((inout Parser) -> Element)?
  ) {
    while let juxtaposed, startsJuxtaposed, !leaves(opener) {
      let before = position
      elements.append(juxtaposed(&self))
      // The name of an entry on the next line is no element and stays where it is.
      if position == before { break }
    }
    if skip(.comma) {
      skipExtraCommas()
    } else if isElement(&self), !leaves(opener) {
      let diagnostic = Diagnostic(
        .missingComma, "expected `,` or the closing bracket, found \(describe(current))", at: current.span,
        label: "expected `,` before this", fixIts: [insertion(",", "insert `,`")])
      fault(diagnostic)
    } else if !isAtSequenceEnd(opener) {
      if partners[opener] < 0, case .punctuation(let opening) = tokens[opener].kind, let closing = opening.closing,
        isDoubled(tokens[opener])
      {
        reportDoubled(tokens[opener], opening, closing)
      } else {
        faultExpected("`,` or `\(closingText(opener))`")
      }
      skipInSequence(opener)
      if skip(.comma) { skipExtraCommas() }
    }
  }

  private mutating func skipExtraCommas() {
    guard at(.comma) else { return }
    fault(Diagnostic(.strayToken, "expected a value, found a second `,`", at: current.span, label: "one comma is enough"))
    while at(.comma) { advance() }
  }

  /// After the last element: whatever else stands before the closing bracket is reported and skipped.
  private mutating func closeSequence(_ opener: Token, _ index: Int, isReported: Bool) {
    if !isAtSequenceEnd(index) {
      faultExpected("a value or `\(closingText(index))`")
      skipInSequence(index)
      while at(.comma) {
        advance()
        skipInSequence(index)
      }
    }
    // What was expected inside of a bracket that is never closed was also its end.
    if isReported, partners[index] < 0, !isAtClosing(opener) { return }
    close(opener)
  }

  private func isAtClosing(_ opener: Token) -> Bool {
    guard case .punctuation(let opening) = opener.kind, let closing = opening.closing else { return false }
    return at(closing)
  }

  private func closingText(_ opener: Int) -> String {
    guard case .punctuation(let opening) = tokens[opener].kind, let closing = opening.closing else { return "" }
    return closing.rawValue
  }

  private func isAtSequenceEnd(_ opener: Int) -> Bool {
    guard case .punctuation(let punctuation) = kind else { return isAtEnd || isAtItem || leaves(opener) }
    // What is never closed ends at the latest where a body begins.
    let endsHeader = partners[opener] < 0 && (punctuation == .openBrace || punctuation == .arrow)
    return punctuation.isClosing || endsHeader || leaves(opener)
  }

  private mutating func skipInSequence(_ opener: Int) {
    while !isAtSequenceEnd(opener), !at(.comma) { skipBalanced() }
  }

  /// Whether an unclosed bracket should be taken to end here: at something on a new line that begins an entry or statement.
  func leaves(_ opener: Int) -> Bool {
    guard partners[opener] < 0, position > opener + 1, isFirstOnLine(position) else { return false }
    return looksLikeEntry || at(.let) || at(.return) || at(.pipe) || at(.openBrace)
  }
}
