import DrnDiagnostics
import DrnSource

extension Parser {
  /// A declared name. A keyword in its place is reported and taken as the name when `follows` accepts the token after it.
  mutating func parseName(_ role: String, followedBy follows: (Token.Kind) -> Bool) -> Name {
    switch kind {
    case .identifier:
      let token = advance()
      return Name(text(token), token.span)
    case .keyword where follows(kind(ahead: 1)):
      return parseKeywordAsName(role)
    case .keyword, .integer, .decimal, .percent, .string, .pattern, .punctuation, .unknown, .endOfFile:
      faultExpected(role)
      if case .punctuation = kind, kind(ahead: 1) == .identifier, follows(kind(ahead: 2)) {
        advance()
        let token = advance()
        return Name(text(token), token.span)
      }
      return Name("", gap)
    }
  }

  /// Reports the current keyword and reads it as if it were a name.
  mutating func parseKeywordAsName(_ role: String) -> Name {
    let word = text(current)
    let rename = FixIt("rename it to `\(word)_`", edits: [.init(current.span, word + "_")], confidence: .unsafe)
    let diagnostic = Diagnostic(
      .keywordAsName, "expected \(role), found the keyword `\(word)`", at: current.span, label: "this word is reserved",
      fixIts: [rename])
    fault(diagnostic)
    let token = advance()
    return Name(word, token.span)
  }
}
