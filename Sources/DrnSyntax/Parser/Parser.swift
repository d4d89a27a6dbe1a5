import DrnDiagnostics
import DrnSource

/// A recursive-descent parser that recovers: it reports a fault, steps over as little as it can, and goes on.
struct Parser {
  /// How many brackets may be open at once.
  static let maximumDepth = 200
  /// How tall the tree of one expression may grow, so that code which walks it needs a bounded stack.
  static let maximumHeight = 400

  let file: FileID
  let bytes: [UInt8]
  /// The tokens without unknown ones; never empty, the last is the end of the file.
  let tokens: [Token]
  /// Whether the lexer reported something in or just before a token.
  let flawed: [Bool]
  /// The index of the closing bracket of an opening one, or -1.
  let partners: [Int]
  var position = 0
  var diagnostics: [Diagnostic] = []
  /// Where the last fault was found, reported or not.
  var lastFault = -Parser.quietDistance
  /// Whether a time is being read, after which a `:` belongs.
  var isInTime = false
  /// The opening bracket of the innermost arguments or list being read, or -1.
  var sequence = -1
  /// The last run of tokens found that may be parts of selectors.
  var selectorRun = 0..<0
  /// How many brackets are open.
  var depth = 0
  /// An upper bound on the height of the expression being read.
  var height = 0

  init(file: FileID, bytes: [UInt8], lexed: [Token], flawed faults: [Diagnostic]) {
    self.file = file
    self.bytes = bytes
    tokens = lexed.filter { $0.kind != .unknown }
    flawed = markFlawed(lexed, faults.compactMap { $0.primary?.span.start })
    partners = matchBrackets(tokens)
  }
}

/// For each token but the unknown ones, whether a lexical fault lies in it or between it and its predecessor.
private func markFlawed(_ lexed: [Token], _ faults: [Int]) -> [Bool] {
  var flags: [Bool] = []
  var next = 0
  var pending = false
  for token in lexed {
    while next < faults.count, faults[next] < token.span.end {
      pending = true
      next += 1
    }
    if token.kind == .unknown { continue }
    flags.append(pending)
    pending = false
  }
  return flags
}

/// Whether the token at `index` begins a declaration: an item keyword followed by what such an item has first.
func startsItem(_ tokens: [Token], at index: Int) -> Bool {
  guard case .keyword(let keyword) = tokens[index].kind, index + 1 < tokens.count else { return false }
  switch keyword {
  case .data, .block, .network, .train:
    return tokens[index + 1].kind == .identifier
  case .import:
    return tokens[index + 1].kind == .string
  case .let, .if, .else, .repeat, .return, .from, .every, .at, .by, .except, .on, .true, .false, .of, .div, .mod, .and, .or, .not,
    .epoch, .epochs, .step, .steps:
    return false
  }
}
