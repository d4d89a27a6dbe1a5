import DrnData
import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

/// A preparation and where it is written.
struct LocatedPreparation {
  let value: any DataPreparation
  let span: Span

  var name: String { type(of: value).spec.name }
  var takesRecordings: Bool { type(of: value).takesRecordings }
}

extension DataChecker {
  /// `prepare: [log_mel(window: 200, hop: 80, bands: 40), standardize(per: channel)]`, or one of them alone.
  func readPreparations(_ entries: Settings, _ element: InputElement) -> [LocatedPreparation] {
    guard let entry = entries[Table.prepare], let given = reader.given(Table.prepare, entries) else { return [] }
    let items: [LocatedOption]
    if case .list(let listed) = given.value { items = listed } else { items = [given] }
    var result: [LocatedPreparation] = []
    for item in items {
      guard
        let (type, options) = resolver.resolveMethod(
          item, among: vocabulary.data.preparations, spec: { $0.spec }, what: "preparation")
      else { continue }
      let preparation = LocatedPreparation(value: type.init(options: options), span: item.span)
      if element == .token, !(preparation.value is Unprepared), !preparation.takesRecordings {
        report(
          .optionRange, "`\(type.spec.name)` prepares numbers, and an example of `\(self.item.name.text)` is tokens", at: item.span,
          label: "nothing to prepare",
          fixIts: items.count == 1
            ? [edits.removing("`prepare`", entry.span, .unsafe)] : leavingOut(preparation, item, among: items))
      }
      if let earlier = result.last { refuseOrder(preparation, behind: earlier, leavingOut(preparation, item, among: items)) }
      result.append(preparation)
    }
    return result
  }

  /// Recordings become numbers first, and numbers are prepared once.
  private func refuseOrder(_ preparation: LocatedPreparation, behind earlier: LocatedPreparation, _ fixes: [FixIt]) {
    guard preparation.takesRecordings || !earlier.takesRecordings else { return }
    report(
      .optionRange,
      preparation.takesRecordings
        ? "`\(preparation.name)` takes a recording, and `\(earlier.name)` before it has left none"
        : "`\(preparation.name)` prepares numbers that `\(earlier.name)` has prepared",
      at: preparation.span, label: preparation.takesRecordings ? "comes first" : "a second time",
      secondary: [Label(earlier.span, "before it")], fixIts: fixes)
  }

  private func leavingOut(_ preparation: LocatedPreparation, _ item: LocatedOption, among items: [LocatedOption]) -> [FixIt] {
    guard items.count > 1 else { return [] }
    let edit = edits.deletion(of: item.span, among: items.map(\.span))
    return [FixIt("leave out `\(preparation.name)`", edits: [edit], confidence: .unsafe)]
  }

  /// Whether recordings become what an example is declared as, and only recordings do.
  func agree(
    _ source: (any DataSource, LocatedOption), _ preparations: [LocatedPreparation], _ shape: [Int], _ shapeSpan: Span
  ) -> Bool {
    let name = type(of: source.0).spec.name
    let first = preparations.first { $0.takesRecordings }
    guard let rate = source.0.samplingRate else {
      guard let first else { return true }
      report(
        .optionRange, "`\(first.name)` takes recordings, and `\(name)` gives none", at: first.span, label: "nothing to take",
        secondary: [Label(source.1.span, "no recordings")])
      return false
    }
    guard let first, let frames = first.value.frames(rate: rate) else {
      report(
        .dataShape, "`\(name)` gives recordings, but an example is declared as \(shapeText(shape))", at: shapeSpan,
        label: "declared as \(shapeText(shape))", secondary: [Label(source.1.span, "samples, as many as there are")],
        help: "make frames of them, for instance by `prepare: log_mel(window: 200, hop: 80, bands: 40)`")
      return false
    }
    return agree(first, frames, shape, shapeSpan)
  }

  /// Whether frames are of some sound, and of as many bands as declared.
  private func agree(_ preparation: LocatedPreparation, _ frames: LogMelFrames, _ shape: [Int], _ shapeSpan: Span) -> Bool {
    guard frames.hop <= frames.window else {
      report(
        .optionRange, "frames of \(frames.window) samples that begin every \(frames.hop) leave samples out", at: preparation.span,
        label: "the hop is longer than the window")
      return false
    }
    if let band = frames.emptyBand {
      report(
        .optionRange,
        "band \(band + 1) of \(frames.bands) lies between two frequencies of a transform of \(frames.points) points, so that it would be silent",
        at: preparation.span, label: "bands too narrow", help: "take fewer bands, or a longer window")
      return false
    }
    guard shape.count == 2, shape[1] == frames.bands else {
      report(
        .dataShape,
        "an example of `\(item.name.text)` is declared as \(shapeText(shape)), but `\(preparation.name)` makes frames of \(frames.bands) values",
        at: shapeSpan, label: "declared as \(shapeText(shape))", secondary: [Label(preparation.span, "frames of \(frames.bands) values")],
        help: "the first size is the number of frames, for instance 96",
        fixIts: shape.count == 2 ? edits.declaring("tensor[\(shape[0]), \(frames.bands)]", at: shapeSpan) : [])
      return false
    }
    return true
  }
}
