import DrnDiagnostics
import DrnSource

/// The text of a tree in the canonical style, or `nil` when the tree has syntax errors.
///
/// Two spaces of indentation, one entry or statement a line, one space after `:` and around operators; comments stay, and so do single
/// blank lines and the author's line breaks within pipelines and brackets. Formatting the result again changes nothing.
public func format(_ tree: SyntaxTree, source: SourceFile) -> [UInt8]? {
  guard !tree.diagnostics.contains(where: { $0.severity == .error }), tree.tokens.last?.span.end == source.bytes.count else { return nil }
  var formatter = Formatter(tree, source)
  formatter.run()
  return formatter.output
}

/// Writes tokens one after the other, deciding before each whether a line begins.
private struct Formatter {
  /// An open bracket.
  struct Frame {
    let kind: Token.Kind
    /// Whether each entry or statement inside gets a line.
    let isBody: Bool
    /// The indentation of the lines inside.
    let inner: Int
    /// The indentation of the closing bracket when it begins a line.
    let outer: Int
  }

  let tokens: [Token]
  let bytes: [UInt8]
  let layout: FormattedLayout
  var output: [UInt8] = []
  var frames: [Frame] = []
  /// The indentation of the line being written.
  var indentation = 0
  /// Whether the last token is a sign.
  var isUnary = false

  init(_ tree: SyntaxTree, _ source: SourceFile) {
    tokens = tree.tokens
    bytes = source.bytes
    layout = FormattedLayout(tree, tokens: tree.tokens)
  }

  mutating func run() {
    for index in tokens.indices { write(index) }
    while output.last?.isSpace == true { output.removeLast() }
    if !output.isEmpty { output.append(UInt8(ascii: "\n")) }
  }

  private mutating func write(_ index: Int) {
    let token = tokens[index]
    let trivia = Trivia(commentBytes(token), isFirst: index == 0)
    if let trailing = trivia.trailing { output += "  ".utf8 + trailing }
    let isClosing = closes(token)
    writeComments(trivia, index)
    let frame = isClosing ? frames.popLast() : nil
    if breaksLine(index, trivia, frame) {
      let outer = frame?.outer ?? lineIndentation(index)
      let isBlank = trivia.endsWithBlank && !isClosing && !isFirstInBrackets(index) || separatesItems(index, trivia)
      startLine(outer, blank: isBlank)
    } else if index > 0, isSeparated(index) {
      output.append(UInt8(ascii: " "))
    }
    output += bytes[token.span.start..<token.span.end]
    if opens(token) { push(index) }
    isUnary = token.kind == .punctuation(.minus) && (index == 0 || !Spacing.endsOperand(tokens[index - 1].kind))
  }

  /// The trivia before a token without a byte order mark.
  private func commentBytes(_ token: Token) -> ArraySlice<UInt8> {
    let trivia = bytes[token.trivia.start..<token.trivia.end]
    return trivia.first == 0xEF ? trivia.dropFirst(3) : trivia
  }

  private mutating func writeComments(_ trivia: Trivia, _ index: Int) {
    let isItem = layout.items.contains(tokens[index].span.start)
    for (number, comment) in trivia.comments.enumerated() {
      let separates = number == 0 && isItem && index > 0 && !isBetweenImports(index)
      startLine(commentIndentation(index), blank: comment.followsBlank && !(number == 0 && isFirstInBrackets(index)) || separates)
      output += comment.text
    }
  }

  private mutating func startLine(_ indent: Int, blank: Bool) {
    if !output.isEmpty { output += blank ? "\n\n".utf8 : "\n".utf8 }
    output += Array(repeating: UInt8(ascii: " "), count: indent)
    indentation = indent
  }

  // MARK: Line breaks

  private func breaksLine(_ index: Int, _ trivia: Trivia, _ closed: Frame?) -> Bool {
    guard index > 0 else { return !trivia.comments.isEmpty }
    if trivia.trailing != nil || !trivia.comments.isEmpty { return true }
    let token = tokens[index]
    if token.kind == .endOfFile || layout.items.contains(token.span.start) { return true }
    if let closed, closed.kind == .punctuation(.openBrace) {
      if isFirstInBrackets(index) { return false }
      return closed.isBody || trivia.hasBreak
    }
    if layout.lines.contains(token.span.start), frames.last?.isBody ?? true { return true }
    return trivia.hasBreak && Spacing.keepsBreak(tokens[index - 1].kind, token.kind)
  }

  private func isSeparated(_ index: Int) -> Bool {
    if layout.fractions.contains(tokens[index].span.start) || layout.fractions.contains(tokens[index - 1].span.start) { return false }
    return Spacing.separates(tokens[index - 1].kind, tokens[index].kind, isUnary: isUnary)
  }

  private func separatesItems(_ index: Int, _ trivia: Trivia) -> Bool {
    let isItem = layout.items.contains(tokens[index].span.start)
    return isItem && index > 0 && trivia.comments.isEmpty && !isBetweenImports(index)
  }

  private func isBetweenImports(_ index: Int) -> Bool {
    layout.imports.contains(tokens[index].span.start) && index > 1 && layout.imports.contains(tokens[index - 2].span.start)
  }

  private func isFirstInBrackets(_ index: Int) -> Bool { index > 0 && opens(tokens[index - 1]) }

  // MARK: Indentation

  /// The indentation of a line that begins with a token other than a closing bracket.
  private func lineIndentation(_ index: Int) -> Int {
    let base = frames.last?.inner ?? 0
    let start = tokens[index].span.start
    if layout.lines.contains(start) || layout.items.contains(start) || tokens[index].kind == .endOfFile { return base }
    guard let frame = frames.last else { return base + 2 }
    if isFirstInBrackets(index) || (index > 0 && tokens[index - 1].kind == .punctuation(.comma) && !frame.isBody) { return base }
    return frame.kind == .punctuation(.openBrace) && !frame.isBody ? base : base + 2
  }

  /// Comments before a closing bracket belong to what it closes.
  private func commentIndentation(_ index: Int) -> Int {
    closes(tokens[index]) ? frames.last?.inner ?? 0 : lineIndentation(index)
  }

  // MARK: Brackets

  private func opens(_ token: Token) -> Bool {
    guard case .punctuation(let punctuation) = token.kind else { return false }
    return punctuation.closing != nil
  }

  private func closes(_ token: Token) -> Bool {
    guard case .punctuation(let punctuation) = token.kind else { return false }
    return punctuation.isClosing
  }

  private mutating func push(_ index: Int) {
    frames.append(Frame(kind: tokens[index].kind, isBody: isBody(index), inner: indentation + 2, outer: indentation))
  }

  /// Whether the brace at `index` opens entries or statements that get a line each: all but a single one that the author left on the line.
  private func isBody(_ index: Int) -> Bool {
    guard tokens[index].kind == .punctuation(.openBrace), layout.lines.contains(tokens[index + 1].span.start) else { return false }
    var depth = 0
    var count = 0
    for inner in index + 1..<tokens.count {
      if hasLineBreak(inner) { return true }
      if depth == 0, closes(tokens[inner]) { break }
      if opens(tokens[inner]) { depth += 1 }
      if closes(tokens[inner]) { depth -= 1 }
      if layout.lines.contains(tokens[inner].span.start) { count += 1 }
      if count > 1 { return true }
    }
    return isItemBody
  }

  /// Whether the bracket about to be pushed holds the body of a declaration.
  private var isItemBody: Bool { frames.isEmpty }

  private func hasLineBreak(_ index: Int) -> Bool {
    bytes[tokens[index].trivia.start..<tokens[index].trivia.end].contains { $0.isLineBreak }
  }
}
