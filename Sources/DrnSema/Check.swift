import DrnDiagnostics
import DrnSource
import DrnSyntax

/// What checking a file yields: the diagnostics, and one program per `train` declaration that has no error.
public struct CheckResult: Sendable {
  public let diagnostics: [Diagnostic]
  public let programs: [CheckedProgram]
  public init(diagnostics: [Diagnostic], programs: [CheckedProgram]) {
    self.diagnostics = diagnostics
    self.programs = programs
  }
}
