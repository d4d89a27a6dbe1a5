import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

/// What checking a file yields: the diagnostics, and one program per `train` declaration that has no error.
public struct CheckResult: Sendable {
  /// In the order of the text.
  public let diagnostics: [Diagnostic]
  /// In the order of the text.
  public let programs: [CheckedProgram]
  /// Times that `--shorten` changed, in the order of the text.
  public var shortened: [ShortenedTime] = []
  /// What every selector matched, in the order of the text.
  public var selectors: [SelectorMatch] = []
  /// What else was learned, for editors.
  public var facts = CheckFacts()
  public init(diagnostics: [Diagnostic], programs: [CheckedProgram]) {
    self.diagnostics = diagnostics
    self.programs = programs
  }
}

/// Checks a file that is in `sources`; imported files and overrides are added to it.
///
/// Pure but for `read`, which gives the bytes of an imported file by its path, `nearestFile`, which knows what lies beside a path that is
/// not there, and `headers`, which looks at data files. Every problem of the file is found in one run; what only follows from a reported
/// problem is not reported. Time is linear in the size of the file and of the unfolded network.
public func check(
  file: FileID, sources: inout SourceMap, options: CheckOptions, headers: any DataHeaders = NoDataHeaders(),
  nearestFile: (String) -> String? = { _ in nil }, read: (String) -> [UInt8]?
) -> CheckResult {
  var memory: CheckMemory?
  return check(file: file, sources: &sources, options: options, headers: headers, memory: &memory, nearestFile: nearestFile, read: read)
}

/// Checks a new version of a file, taking over from `memory` what did not change since the last one.
public func check(
  file: FileID, sources: inout SourceMap, headers: any DataHeaders, memory: inout CheckMemory, read: (String) -> [UInt8]?
) -> CheckResult {
  var kept: CheckMemory? = memory
  memory = CheckMemory()
  let result = check(
    file: file, sources: &sources, options: CheckOptions(), headers: headers, memory: &kept, nearestFile: { _ in nil }, read: read)
  if let kept { memory = kept }
  return result
}

private func check(
  file: FileID, sources: inout SourceMap, options: CheckOptions, headers: any DataHeaders, memory: inout CheckMemory?,
  nearestFile: (String) -> String?, read: (String) -> [UInt8]?
) -> CheckResult {
  var checker = Checker(file: file, sources: sources, options: options, headers: headers)
  swap(&checker.memory, &memory)
  let missing = checker.load(file, read: read)
  checker.suggestFiles(missing, nearest: nearestFile)
  checker.applyOverrides()
  // Without a file or an override the program is not the one that was asked for.
  let isComplete = checker.reporter.errorCount == 0
  let outcomes = checker.checkDeclarations()
  checker.lintUnused()
  checker.forgetOldDeclarations()
  sources = checker.files
  memory = checker.memory
  return checker.result(isComplete ? outcomes : [], levels: outcomes.map(\.levels))
}

extension Checker {
  /// The findings at their levels, and the programs; `stated` are the levels of lints that each training states.
  fileprivate func result(_ outcomes: [TrainingOutcome], levels stated: [[LevelEntry]]) -> CheckResult {
    let judge = LevelJudge(declarations.trainings, stated: stated, given: options.levels, edits: edits)
    let found = reporter.findings
    // After an error it is not known what would have been reported, nor of shortened times, which lints of the schedule leave alone.
    let isKnown = reporter.errorCount == 0 && options.shorten == nil
    let unused = isKnown ? judge.unusedAllowances(found.entries) : []
    let diagnostics = judge.diagnostics(found.entries.filter { !syntaxFaults.explain($0.diagnostic) } + unused)
    // A lint that is raised to an error stops the program as any error does.
    let isRaised = reporter.errorCount == 0 && diagnostics.contains { $0.severity == .error }
    let programs = outcomes.compactMap { outcome in outcome.program.map { (program: $0, number: outcome.number) } }
    var result = CheckResult(diagnostics: diagnostics, programs: isRaised ? [] : programs.map(\.program))
    result.shortened = found.shortened.values.sorted { ($0.span.file, $0.span.start) < ($1.span.file, $1.span.start) }
    result.selectors = found.matches
    result.facts = facts
    result.facts.programs = programs.map(\.number)
    return result
  }
}
