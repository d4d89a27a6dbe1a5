import DrnJSON
import DrnSource
import DrnSyntax

extension LanguageServer {
  /// DeclaredNames, clauses and bracketed parts of several lines, runs of comments, runs of imports.
  mutating func folding(_ parameters: JSON) throws(ResponseError) -> JSON {
    let snapshot = try snapshot(parameters)
    guard let tree = snapshot.tree, let table = snapshot.table(snapshot.root) else { return [] }
    var folds = brackets(tree, table) + comments(tree, snapshot, table)
    if let fold = imports(tree, table) { folds.append(fold) }
    return .array(folds.sorted { ($0.first, $0.last) < ($1.first, $1.last) }.map(\.json))
  }

  /// Whole lines that can be hidden but for the first.
  private struct Fold {
    let first: Int
    let last: Int
    var kind: String?
    var json: JSON {
      .make(["startLine": .integer(first), "endLine": .integer(last), "kind": kind.map { .string($0) }])
    }
  }

  private func brackets(_ tree: SyntaxTree, _ table: LineTable) -> [Fold] {
    var open: [Int] = []
    var folds: [Fold] = []
    for token in tree.tokens {
      guard case .punctuation(let mark) = token.kind else { continue }
      if mark.opens { open.append(table.lineIndex(at: token.span.start)) }
      guard mark.closes, let first = open.popLast() else { continue }
      let last = table.lineIndex(at: token.span.start) - 1
      if last > first, folds.last.map({ $0.first != first }) ?? true { folds.append(Fold(first: first, last: last)) }
    }
    return folds
  }

  /// Comments on lines of their own, one below the other.
  private func comments(_ tree: SyntaxTree, _ snapshot: Snapshot, _ table: LineTable) -> [Fold] {
    var folds: [Fold] = []
    var run: (first: Int, last: Int)?
    for line in tree.tokens.lazy.flatMap({ commentLines($0, snapshot, table) }) {
      if let current = run, line == current.last + 1 {
        run = (current.first, line)
        continue
      }
      if let run, run.last > run.first { folds.append(Fold(first: run.first, last: run.last, kind: "comment")) }
      run = (line, line)
    }
    if let run, run.last > run.first { folds.append(Fold(first: run.first, last: run.last, kind: "comment")) }
    return folds
  }

  private func commentLines(_ token: Token, _ snapshot: Snapshot, _ table: LineTable) -> [Int] {
    CommentSpans(token, snapshot.document.bytes).filter(\.isAlone).map { table.lineIndex(at: $0.start) }
  }

  private func imports(_ tree: SyntaxTree, _ table: LineTable) -> Fold? {
    let spans = tree.items.prefix { if case .importFile = $0 { true } else { false } }.map(\.span)
    guard let first = spans.first, let last = spans.last else { return nil }
    let lines = (table.lineIndex(at: first.start), table.lineIndex(at: last.start))
    return lines.1 > lines.0 ? Fold(first: lines.0, last: lines.1, kind: "imports") : nil
  }
}

extension Punctuation {
  var opens: Bool { self == .openBrace || self == .openParenthesis || self == .openBracket }
  var closes: Bool { self == .closeBrace || self == .closeParenthesis || self == .closeBracket }
}

/// The comments before a token.
struct CommentSpans: Sequence, IteratorProtocol {
  struct Comment {
    let start: Int
    let end: Int
    /// Whether nothing but space is before it on its line.
    let isAlone: Bool
  }
  private let bytes: [UInt8]
  private var offset: Int
  private let end: Int
  private var isAlone: Bool

  init(_ token: Token, _ bytes: [UInt8]) {
    self.bytes = bytes
    offset = token.trivia.start
    end = Swift.min(token.trivia.end, bytes.count)
    isAlone = token.trivia.start == 0
  }

  mutating func next() -> Comment? {
    while offset < end {
      let byte = bytes[offset]
      if byte == UInt8(ascii: "/") {
        let start = offset
        while offset < end, bytes[offset] != 0x0A, bytes[offset] != 0x0D { offset += 1 }
        return Comment(start: start, end: offset, isAlone: isAlone)
      }
      if byte == 0x0A { isAlone = true }
      offset += 1
    }
    return nil
  }
}
