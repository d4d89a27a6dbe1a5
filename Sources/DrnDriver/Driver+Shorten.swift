import DrnDiagnostics
import DrnProgram
import DrnSema
import DrnSource

extension Driver {
  /// What `--shorten` alone is to blame for: the program has errors with it and none without it. They are then errors of the option, and no
  /// line of the source is wrong.
  func shortenedTooFar(
    _ result: CheckResult, _ file: FileID, _ sources: SourceMap, _ options: CheckOptions, _ request: ProgramRequest
  ) -> Diagnostic? {
    guard let share = options.shorten, let text = request.shorten, Self.hasErrors(result) else { return nil }
    guard !fails(file, sources, options, shorten: nil) else { return nil }
    let errors = result.diagnostics.filter { $0.severity == .error }
    var diagnostic = Diagnostic(.shortenedTooFar, "`--shorten \(text)` leaves too little time for the schedule", at: nil)
    diagnostic.notes = errors.prefix(3).map { error in
      let line = error.primary.flatMap { sources[$0.span.file]?.lineColumn(at: $0.span.start).line }
      return (line.map { "line \($0): " } ?? "") + error.message
    }
    if errors.count > 3 { diagnostic.notes.append("and \(errors.count - 3) more") }
    diagnostic.help = smallestShare(above: share, file, sources, options).map { "the schedule still fits with `--shorten \($0)`" }
    return diagnostic
  }

  /// The smallest share `1/n` that is not below `share` and that the program fits into, found by halving: what fits at one share is taken
  /// to fit at every larger one.
  private func smallestShare(above share: CheckOptions.Share, _ file: FileID, _ sources: SourceMap, _ options: CheckOptions) -> String? {
    var (fits, failing) = (1, share.denominator / share.numerator)
    while failing - fits > 1 {
      let middle = fits + (failing - fits) / 2
      if fails(file, sources, options, shorten: CheckOptions.Share(1, middle)) { failing = middle } else { fits = middle }
    }
    return fits > 1 ? "1/\(fits)" : nil
  }

  private func fails(_ file: FileID, _ sources: SourceMap, _ options: CheckOptions, shorten: CheckOptions.Share?) -> Bool {
    var (sources, options) = (sources, options)
    options.shorten = shorten
    return Self.hasErrors(
      DrnSema.check(file: file, sources: &sources, options: options, headers: FileDataHeaders(), read: Self.readImport))
  }

  private static func hasErrors(_ result: CheckResult) -> Bool { result.diagnostics.contains { $0.severity == .error } }
}
