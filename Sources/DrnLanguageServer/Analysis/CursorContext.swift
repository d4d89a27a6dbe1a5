import DrnMethods
import DrnProgram
import DrnSema
import DrnSource
import DrnSyntax

/// Where in a program a cursor is, worked out from tokens alone, so that it holds in the middle of typing.
struct CursorContext {
  /// What may be written at the cursor.
  enum Place {
    case nowhere
    /// Between declarations.
    case declaration
    case trainNetwork, trainData
    /// At the start of an entry; `clause` is the clause around it.
    case entry(SettingOwner, clause: String?)
    /// Where a value stands.
    case value(Expectation)
    /// After a finished value on the same line.
    case afterValue(SettingOwner, clause: String?)
    case time
    /// Among the selectors of a clause.
    case selector(network: String)
    /// Where a tensor or a layer stands.
    case stage(isPiped: Bool)
    case argument(ArgumentPlace)
    case parameterType
  }

  /// A place between the parentheses of a call.
  struct ArgumentPlace {
    let callee: String
    /// Where the name of the callee is.
    let calleeSpan: Span
    /// `nil` for a block or an unknown word.
    let spec: MethodSpec?
    let family: MethodFamily
    /// The unnamed arguments before the cursor.
    let unnamed: Int
    /// The name of the argument the cursor is in, if it has one.
    let name: String?
    /// The names already given.
    let given: [String]
    let isPiped: Bool
    /// The name of the argument whose name the cursor is in.
    let upcoming: String?
  }

  /// The bytes of the word the cursor is in, up to the cursor; empty between words.
  let word: Range<Int>
  let place: Place
  /// The innermost call around the cursor, whatever else the place is.
  let call: ArgumentPlace?
}

/// Reads the tokens of a file up to the cursor.
struct CursorReader {
  let tokens: [Token]
  let bytes: [UInt8]
  /// The number of tokens wholly before the cursor's word.
  private(set) var count = 0
  private var word: Range<Int>
  private var isInText = false

  /// An open bracket, by the index of its token.
  struct Frame {
    let bracket: Int
    let mark: Punctuation
  }
  /// The index of the keyword of the declaration around the cursor.
  private(set) var item: Int?
  private(set) var frames: [Frame] = []

  init(_ tree: SyntaxTree, bytes: [UInt8], offset: Int) {
    tokens = tree.tokens
    self.bytes = bytes
    word = offset..<offset
    let next = tokens.firstIndex { $0.span.end >= offset } ?? tokens.count - 1
    count = next
    guard tokens.indices.contains(next) else { return }
    let token = tokens[next]
    if token.span.end == offset, token.kind != .endOfFile, !Self.isWord(token.kind) { count = next + 1 }
    if token.span.start < offset {
      if Self.isWord(token.kind) { word = token.span.start..<offset }
      isInText = token.kind == .string && offset < token.span.end
    } else {
      isInText = CommentSpans(token, bytes).contains { $0.start < offset && offset <= $0.end }
    }
    readFrames()
  }

  private static func isWord(_ kind: Token.Kind) -> Bool {
    switch kind {
    case .identifier, .keyword, .pattern: true
    case .integer, .decimal, .percent, .string, .punctuation, .unknown, .endOfFile: false
    }
  }

  private mutating func readFrames() {
    for index in 0..<count {
      if beginsItem(index) { (item, frames) = (index, []) }
      guard case .punctuation(let mark) = tokens[index].kind else { continue }
      if mark.opens { frames.append(Frame(bracket: index, mark: mark)) }
      if mark.closes {
        frames.removeLast(frames.isEmpty ? 0 : 1)
        if frames.isEmpty, mark == .closeBrace { item = nil }
      }
    }
  }

  private func beginsItem(_ index: Int) -> Bool {
    guard case .keyword(let keyword) = tokens[index].kind, index + 1 < tokens.count else { return false }
    let isFirst = frames.isEmpty || isFirstOnLine(index)
    switch keyword {
    case .data, .block, .network, .train: return isFirst && tokens[index + 1].kind != .punctuation(.colon)
    case .import: return isFirst && tokens[index + 1].kind == .string
    case .let, .if, .else, .repeat, .return, .from, .every, .at, .by, .except, .on, .true, .false, .of, .div, .mod, .and, .or, .not,
      .epoch, .epochs, .step, .steps:
      return false
    }
  }

  func isFirstOnLine(_ index: Int) -> Bool {
    let trivia = tokens[index].trivia
    return index == 0 || bytes[trivia.start..<trivia.end].contains(0x0A)
  }

  func text(_ index: Int) -> String { String(decoding: bytes[tokens[index].span.start..<tokens[index].span.end], as: UTF8.self) }
  func kind(_ index: Int) -> Token.Kind { tokens.indices.contains(index) ? tokens[index].kind : .endOfFile }
  func at(_ index: Int, _ mark: Punctuation) -> Bool { kind(index) == .punctuation(mark) }
  func at(_ index: Int, _ keyword: Keyword) -> Bool { kind(index) == .keyword(keyword) }
  func isName(_ index: Int) -> Bool {
    switch kind(index) {
    case .identifier, .keyword: true
    case .integer, .decimal, .percent, .string, .pattern, .punctuation, .unknown, .endOfFile: false
    }
  }

  /// The token before the cursor's word.
  var last: Int { count - 1 }

  /// Whether the cursor's word begins a line.
  var isOnNewLine: Bool {
    guard last >= 0 else { return true }
    return bytes[tokens[last].span.end..<max(tokens[last].span.end, word.lowerBound)].contains(0x0A)
  }

  /// The context, with blocks taken from `declarations`.
  func context(_ declarations: DeclaredNames) -> CursorContext {
    guard !isInText else { return CursorContext(word: word, place: .nowhere, call: nil) }
    let (place, call) = self.place(declarations)
    return CursorContext(word: word, place: place, call: call)
  }
}
