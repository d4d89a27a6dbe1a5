import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource

/// Holds what follows the score on validation while training, a rate or the end of the run, against there being one.
struct WatchChecker: Checking {
  let tools: Tools
  let context: TrainContext
  let entries: Settings

  typealias Table = TrainingSettings.Table

  /// Where no epoch is scored, or none is chosen.
  func check(_ word: String, at span: Span) {
    guard let data = context.data else { return }
    if !data.settings.hasValidation {
      let end = Span(file: data.labelSpan.file, start: data.labelSpan.end, end: data.labelSpan.end)
      report(
        .nothingWatched, "`\(word)` follows the score on validation, and `\(data.settings.name)` has no `validation`", at: span,
        label: "never sees a score", help: "add `validation: 10%` to `data \(data.settings.name)`",
        fixIts: [FixIt("hold out a tenth for validation", edits: [.init(end, "  validation: 10%")], confidence: .unsafe)])
    } else if let given = reader.given(Table.select, entries), given.value.word == Selection.last.rawValue {
      report(
        .nothingWatched, "`\(word)` follows the score that `select` names, and `last` names none", at: span, label: "never sees a score",
        secondary: [Label(given.span, "no epoch is compared with another")], help: "choose by `accuracy`, `balanced_accuracy` or `loss`",
        fixIts: [FixIt("write `loss`", edits: [.init(given.span, Selection.loss.rawValue)], confidence: .unsafe)])
    }
  }

  /// A time after which something is to happen that is not over before the run is. `start` is the end of the first epoch that counts.
  func lintNever(_ duration: Duration, _ option: String, in value: LocatedOption, of spec: MethodSpec, what: String) {
    let time = context.time
    guard tools.options.shorten == nil, let end = time.after(.start, duration), let order = time.order(end, time.end), order >= 0 else {
      return
    }
    let written = resolver.writtenOption(option, in: value, spec)
    report(
      .pointlessValue, "`\(option)` is \(duration.text), and the run lasts \(time.length.text): \(what)",
      at: written?.value.span ?? value.span,
      label: "never happens", secondary: time.lengthLabel, help: "give it a shorter time, or leave `\(spec.name)` out")
  }

  /// `stop:`, when the run ends before its length.
  func readStop() -> EarlyStop? {
    guard let given = reader.given(Table.stop, entries) else { return nil }
    let table = Vocabulary.Table([EarlyStop.spec], name: \.name)
    guard let (spec, options) = resolver.resolveMethod(given, among: table, spec: { $0 }, what: "end of a run") else { return nil }
    let stop = EarlyStop(options: options)
    check(spec.name, at: given.span)
    lintNever(stop.patience, "patience", in: given, of: spec, what: "no run ends early")
    if let least = stop.least { lintNever(least, "at_least", in: given, of: spec, what: "no run ends early") }
    return stop
  }

  /// A rate that is lowered while training.
  func check(_ rate: any Rate, _ value: LocatedOption) {
    guard let plateau = rate as? PlateauRate else { return }
    check(PlateauRate.spec.name, at: value.span)
    lintNever(plateau.patience, "patience", in: value, of: PlateauRate.spec, what: "the rate is never lowered")
  }
}
