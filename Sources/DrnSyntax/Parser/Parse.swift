import DrnDiagnostics
import DrnSource

/// Parses one file. Always returns a tree; what was wrong is in its `diagnostics`, in the order of the text.
public func parse(file: FileID, bytes: [UInt8]) -> SyntaxTree {
  var lexer = Lexer(file: file, bytes: bytes)
  lexer.tokenize()
  var parser = Parser(file: file, bytes: bytes, lexed: lexer.tokens, flawed: lexer.diagnostics)
  let items = parser.parseItems()
  let diagnostics = inOrder(lexer.diagnostics + parser.diagnostics)
  return SyntaxTree(file: file, tokens: lexer.tokens, items: items, diagnostics: diagnostics)
}

/// Parses a file that has been loaded.
public func parse(_ source: SourceFile) -> SyntaxTree { parse(file: source.id, bytes: source.bytes) }

/// Parses a text that is one value and nothing else, such as the right side of `--set train.length=3epochs`.
public func parseValue(file: FileID, bytes: [UInt8]) -> (value: Expression, diagnostics: [Diagnostic]) {
  var lexer = Lexer(file: file, bytes: bytes)
  lexer.tokenize()
  var parser = Parser(file: file, bytes: bytes, lexed: lexer.tokens, flawed: lexer.diagnostics)
  let value = parser.parseValue()
  if !parser.isAtEnd { parser.faultExpected("the end of the value") }
  return (value, inOrder(lexer.diagnostics + parser.diagnostics))
}

/// Sorts by place; what lies at one place keeps its order.
private func inOrder(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
  diagnostics.enumerated().sorted { left, right in
    (left.element.primary?.span.start ?? 0, left.offset) < (right.element.primary?.span.start ?? 0, right.offset)
  }.map(\.element)
}
