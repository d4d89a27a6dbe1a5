import DrnDiagnostics
import DrnSource

/// Parses one file. Always returns a tree; what was wrong is in its `diagnostics`, in the order of the text.
public func parse(file: FileID, bytes: [UInt8]) -> SyntaxTree {
  var lexer = Lexer(file: file, bytes: bytes)
  lexer.tokenize()
  var parser = Parser(file: file, bytes: bytes, lexed: lexer.tokens, flawed: lexer.diagnostics)
  let items = parser.parseItems()
  let diagnostics = (lexer.diagnostics + parser.diagnostics).enumerated().sorted { left, right in
    (left.element.primary?.span.start ?? 0, left.offset) < (right.element.primary?.span.start ?? 0, right.offset)
  }
  return SyntaxTree(file: file, tokens: lexer.tokens, items: items, diagnostics: diagnostics.map(\.element))
}

/// Parses a file that has been loaded.
public func parse(_ source: SourceFile) -> SyntaxTree { parse(file: source.id, bytes: source.bytes) }
