import DrnDiagnostics
import DrnMethods
import DrnSource
import DrnSyntax

extension Checker {
  /// Where the length of the training is stated.
  func lengthLabel(_ time: TimeScale) -> [Label] {
    lengthSpan.map { [Label($0, "training ends after \(time.length.text)")] } ?? []
  }

  /// Where the learning rate changes at a moment: the moment in its call if it is written there, else the whole rate.
  func rateLabel(_ jump: Moment) -> [Label] {
    guard let rateValue else { return [] }
    let span = place(of: jump, in: rateValue) ?? rateValue.span
    return [Label(span, "the rate changes at \(jump.text)")]
  }

  private func place(of moment: Moment, in value: LocatedOption) -> Span? {
    switch value.value {
    case .moment(let found): found == moment ? value.span : nil
    case .list(let items): items.lazy.compactMap { place(of: moment, in: $0) }.first
    case .call(let call): call.arguments.lazy.compactMap { place(of: moment, in: $0.value) }.first
    case .integer, .rational, .decimal, .percent, .boolean, .text, .word, .duration, .proportion, .pattern: nil
    }
  }

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

  private func isFrom(_ point: TimelinePoint) -> Bool { sources.text(point.whenSpan).hasPrefix("from") }
}
