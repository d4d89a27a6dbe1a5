import DrnDiagnostics
import DrnSource

/// A run with what the checker says of its program now.
public struct ReportedRun: Sendable {
  /// The run as its folder tells of it.
  public let run: RunRecord
  /// Of its program, with the texts they refer to; the program is the first of these.
  public let diagnostics: [Diagnostic]
  /// The texts that diagnostics refer to.
  public let sources: SourceMap
  /// The program among them; `nil` where the folder has none.
  public let file: FileID?
  public init(run: RunRecord, diagnostics: [Diagnostic] = [], sources: SourceMap = SourceMap(), file: FileID? = nil) {
    self.run = run
    self.diagnostics = diagnostics
    self.sources = sources
    self.file = file
  }

  /// What the checker says of the same program, with what the run has come to.
  public func with(_ run: RunRecord) -> ReportedRun { ReportedRun(run: run, diagnostics: diagnostics, sources: sources, file: file) }
}
