import DrnDiagnostics
import DrnProgram
import DrnSource
import DrnSyntax

/// Takes the findings of one part of a check: made for that part, and handed down to everything that checks a piece of it.
///
/// The one place where a diagnostic is held against those there are, where errors are counted, and where their number is bounded.
final class Reporter {
  private(set) var findings = Findings()
  private(set) var errorCount = 0
  private let owner: Owner
  /// Whether values of `--set` stand in the program.
  private let isOverridden: Bool
  private var places: Set<Place> = []

  /// What was reported where. A block that is unfolded many times is reported on once; a lint once for each declaration it is about, since
  /// its level may be another there.
  private struct Place: Hashable {
    // Narrow, since a faulty file has very many places; a source has less than 4 GiB.
    private let code: UInt16
    private let start: UInt32
    private let end: UInt32
    private let file: FileID
    private let owner: Owner?

    init(_ code: Code, _ span: Span, _ owner: Owner?) {
      self.code = UInt16(truncatingIfNeeded: code.number)
      start = UInt32(truncatingIfNeeded: span.start)
      end = UInt32(truncatingIfNeeded: span.end)
      file = span.file
      self.owner = owner
    }
    func hasCode(_ code: Code) -> Bool { self.code == UInt16(truncatingIfNeeded: code.number) }
  }

  init(_ owner: Owner, isOverridden: Bool) {
    self.owner = owner
    self.isOverridden = isOverridden
  }

  /// How many are kept where the next is of that severity. Errors have room of their own, so that no number of warnings hides why there is no
  /// program.
  private static func limit(_ severity: Severity) -> Int { severity == .error ? 2 * Diagnostic.mostKept : Diagnostic.mostKept }
  /// Whether nothing more is kept.
  var isFull: Bool { findings.entries.count >= Self.limit(.error) }

  /// Whether something was reported under a code.
  func hasReported(_ code: Code) -> Bool { places.contains { $0.hasCode(code) } }

  /// Reports a finding about what this reporter was made for.
  func report(_ diagnostic: Diagnostic) {
    var diagnostic = diagnostic
    // What a value of `--set` makes useless is no fault of the program.
    if diagnostic.code == .unreadEntry, isOverridden { diagnostic.severity = .warning }
    add(diagnostic, of: owner)
  }

  /// Adds what another part of the check found.
  func add(_ other: Findings) {
    for entry in other.entries { add(entry.diagnostic, of: entry.owner) }
    findings.uses.add(other.uses)
    findings.matches += other.matches
    findings.shortened.merge(other.shortened) { first, _ in first }
  }

  private func add(_ diagnostic: Diagnostic, of owner: Owner) {
    if let span = diagnostic.primary?.span {
      let place = Place(diagnostic.code, span, diagnostic.code.isLint ? owner : nil)
      guard places.insert(place).inserted else { return }
    }
    if diagnostic.severity == .error { errorCount += 1 }
    guard findings.entries.count < Self.limit(diagnostic.severity) else { return }
    findings.entries.append(Findings.Entry(diagnostic: diagnostic, owner: owner))
  }

  // MARK: What else a part of a check learns

  /// A block, network or data set is referred to.
  func use(_ declaration: String) { findings.uses.declarations.insert(declaration) }

  /// A `let` is referred to, by where its name is declared.
  func use(bindingAt span: Span) { findings.uses.bindings.insert(span) }

  func declare(binding name: Name) { findings.uses.declaredBindings.append(name) }

  func record(_ match: SelectorMatch) { findings.matches.append(match) }

  /// Each place once.
  func record(_ time: ShortenedTime) {
    if findings.shortened[time.span] == nil { findings.shortened[time.span] = time }
  }
}
