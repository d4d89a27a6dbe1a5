import DrnDiagnostics
import DrnMethods
import DrnSource
import DrnSyntax

extension SourceEdits {
  /// A fix that takes a `from` entry out; entries of a cycle stay.
  func leavingOut(_ point: TimelinePoint) -> [FixIt] { isFrom(point) ? [removing("this entry", point.span, .unsafe)] : [] }

  /// A fix that writes another time for a `from` entry.
  func moving(_ point: TimelinePoint, to moment: Moment) -> [FixIt] {
    isFrom(point) ? [FixIt("write `from \(moment.text)`", edits: [.init(point.whenSpan, "from \(moment.text)")], confidence: .unsafe)] : []
  }

  /// A fix that puts two entries into each other's place.
  func exchanging(_ first: TimelinePoint, _ second: TimelinePoint) -> [FixIt] {
    guard isFrom(first), isFrom(second) else { return [] }
    let edits = [FixIt.Edit(first.span, sources.text(second.span)), .init(second.span, sources.text(first.span))]
    return [FixIt("exchange the two entries", edits: edits, confidence: .unsafe)]
  }

  /// A fix that takes layers out of a clause.
  func excepting(_ paths: [String], _ clause: ClauseEntry, _ message: String) -> [FixIt] {
    let added = (clause.exceptions.isEmpty ? " except " : ", ") + paths.joined(separator: ", ")
    return [FixIt(message, edits: [insertion(added, after: clause.headerSpan)], confidence: .unsafe)]
  }

  private func isFrom(_ point: TimelinePoint) -> Bool { sources.text(point.whenSpan).hasPrefix("from") }
}
