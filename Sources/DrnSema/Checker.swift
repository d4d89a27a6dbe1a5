import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

/// The state of one check: what was declared, what was found wrong, what was used.
struct Checker {
  var sources: SourceMap
  let options: CheckOptions
  let headers: any DataHeaders
  let vocabulary = Vocabulary.standard
  var bag = DiagnosticBag()
  /// What each diagnostic of the bag is about, and what is being checked now.
  var owners: [Owner] = []
  var owner = Owner.file
  /// The file given to `check`; declarations of other files were imported.
  let file: FileID

  var blocks: [String: BlockItem] = [:]
  var networks: [String: NetworkItem] = [:]
  var dataSets: [String: DataItem] = [:]
  var blockNames: [String] = []
  var networkNames: [String] = []
  var dataNames: [String] = []
  var trainings: [TrainItem] = []

  /// What was reported where: a block that is unfolded many times is reported on once.
  struct Finding: Hashable {
    let code: Code
    let span: Span
  }
  var reported: Set<Finding> = []
  var errorCount = 0
  /// Imported files that could not be read.
  var missingFiles: [MissingFile] = []
  var syntaxFaults = SyntaxFaults()
  /// Whether an imported file could not be read, so that a name no file declares may be its.
  var lacksImport = false
  /// Errors of syntax, imports, declarations and overrides.
  var loadErrors = 0

  /// What the last version of the file gave, where that is kept.
  var memory: CheckMemory?
  /// What is kept for editors.
  var facts = CheckFacts()

  /// The network being unfolded.
  var unfolding = Unfolding()

  /// What selectors matched, in the order they were met.
  var matches: [SelectorMatch] = []
  /// Where the last cycle of the timeline being read ends.
  var cycleEnd: Moment?
  /// Whether two times of the program being checked could not be ordered, so that it has no phases yet.
  var hasUnknownOrder = false

  /// Where the training being checked states its length, and its learning rate.
  var lengthSpan: Span?
  var rateValue: LocatedOption?
  /// What the transitions of the program being checked read and lack.
  var hasTransition = false
  var readsState = false
  var readsRewarm = false
  var stateless: [Span] = []

  /// Where networks declare their input and their result.
  var networkInputSpans: [String: Span] = [:]
  var networkResultSpans: [String: Span] = [:]
  /// The levels of lints that the training being checked states, and those of every training by its place in the file.
  var levelEntries: [LevelEntry] = []
  var trainingLevels: [Int: [LevelEntry]] = [:]

  /// Names of blocks, networks and data sets something refers to.
  var used: Set<String> = []
  /// Times changed by `--shorten`, by where they are written.
  var shortened: [ShortenedTime] = []
  var shortenedSpans: Set<Span> = []
  /// Where the names of `let`s that something refers to are declared, and every `let` met while unfolding.
  var usedBindings: Set<Span> = []
  var declaredBindings: [Name] = []
  /// Levels of nested values and blocks being unfolded.
  var depth = 0

  /// Deeper nesting is refused: the checker recurses, and its stack is finite.
  static let maximumDepth = 64

  init(file: FileID, sources: SourceMap, options: CheckOptions, headers: any DataHeaders) {
    self.file = file
    self.sources = sources
    self.options = options
    self.headers = headers
  }

  mutating func report(
    _ code: Code, _ message: String, at span: Span?, label: String = "", secondary: [Label] = [], notes: [String] = [],
    help: String? = nil, fixIts: [FixIt] = []
  ) {
    if let span, !reported.insert(Finding(code: code, span: span)).inserted { return }
    var diagnostic = Diagnostic(code, message, at: span, label: label, secondary: secondary, notes: notes, help: help, fixIts: fixIts)
    // What a value of `--set` makes useless is no fault of the program.
    if code == .unreadEntry, !options.overrides.isEmpty { diagnostic.severity = .warning }
    if diagnostic.severity == .error { errorCount += 1 }
    keep(diagnostic, of: owner)
  }

  /// More diagnostics are left out: nobody reads them, and each takes memory and time.
  private static let mostDiagnostics = 1000
  private var isFull: Bool { bag.diagnostics.count >= 2 * Self.mostDiagnostics }

  /// Adds a diagnostic as it is.
  mutating func keep(_ diagnostic: Diagnostic, of owner: Owner) {
    // Errors have room of their own, so that no number of warnings hides why there is no program.
    guard bag.diagnostics.count < (diagnostic.severity == .error ? 2 : 1) * Self.mostDiagnostics else { return }
    bag.report(diagnostic)
    owners.append(owner)
  }

  /// Reports an unknown name, with the nearest known one as a fix when one is near.
  mutating func reportUnknown(
    _ code: Code, _ message: String, _ name: String, at span: Span, among candidates: [String], help: String? = nil
  ) {
    guard !isFull else { return report(code, message, at: span) }
    var seen: Set<String> = []
    let candidates = candidates.filter { seen.insert($0).inserted }
    guard let nearest = Suggestion.nearest(to: name, in: candidates) else {
      let listed = candidates.isEmpty || candidates.count > 30 ? nil : "known here: " + candidates.map { "`\($0)`" }.joined(separator: ", ")
      return report(code, message, at: span, label: "not known here", notes: listed.map { [$0] } ?? [], help: help)
    }
    let fix = FixIt("write `\(nearest)`", edits: [.init(span, nearest)], confidence: .unsafe)
    report(code, message, at: span, label: "not known here", notes: ["the nearest name is `\(nearest)`"], help: help, fixIts: [fix])
  }
}

/// A time of the program that `--shorten` scaled.
public struct ShortenedTime: Hashable, Sendable {
  /// The time as written: `epoch 55`.
  public let written: String
  public let old: Int
  public let new: Int
  public let span: Span
  public init(written: String, old: Int, new: Int, span: Span) {
    self.written = written
    self.old = old
    self.new = new
    self.span = span
  }
}
