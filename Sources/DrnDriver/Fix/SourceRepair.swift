import DrnDiagnostics
import DrnSema
import DrnSource

/// A text, the fixes of its diagnostics applied until none is left.
struct SourceRepair {
  /// One fix as it was applied.
  struct Applied {
    let diagnostic: Diagnostic
    let fixIt: FixIt
    /// Where the fix was, in the text of its round.
    let place: LineColumn
  }
  /// A text and what the checker says about it.
  struct Checked {
    let file: FileID
    let sources: SourceMap
    let diagnostics: [Diagnostic]
    var bytes: [UInt8] { sources[file]?.bytes ?? [] }
  }

  private(set) var current: Checked
  private(set) var applied: [Applied] = []
  private let takesUnsafe: Bool

  /// Fixes may uncover problems with fixes of their own; a program needs a few rounds, and fixes that undo each other must end.
  static let mostRounds = 32

  /// Repairs a text; `check` says what is wrong with one.
  init(_ bytes: [UInt8], takesUnsafe: Bool, check: ([UInt8]) -> Checked) {
    self.takesUnsafe = takesUnsafe
    current = check(bytes)
    var seen: Set<[UInt8]> = [bytes]
    for _ in 0..<Self.mostRounds {
      guard let source = current.sources[current.file] else { return }
      let chosen = choose(in: source)
      let bytes = apply(chosen.map(\.fixIt), to: source)
      guard seen.insert(bytes).inserted else { return }
      applied += chosen
      current = check(bytes)
    }
  }

  /// Fixes to apply together: of each diagnostic the first that may be applied, and of those that get into each other's way the earlier.
  private func choose(in source: SourceFile) -> [Applied] {
    let candidates = current.diagnostics.compactMap { diagnostic -> Applied? in
      guard let fixIt = fix(of: diagnostic), let edit = fixIt.edits.first else { return nil }
      return Applied(diagnostic: diagnostic, fixIt: fixIt, place: source.lineColumn(at: edit.span.start))
    }
    var together = Set(compatible(candidates.map(\.fixIt), in: source))
    return candidates.filter { together.remove($0.fixIt) != nil }
  }

  /// The fix of a diagnostic that would be applied next, if any.
  func fix(of diagnostic: Diagnostic) -> FixIt? { diagnostic.fixIts.first { takesUnsafe || $0.confidence == .safe } }
}
