import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

/// What checking a file yields: the diagnostics, and one program per `train` declaration that has no error.
public struct CheckResult: Sendable {
  public let diagnostics: [Diagnostic]
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
  checker.load(file, read: read)
  checker.suggestFiles(nearestFile)
  checker.applyOverrides()
  checker.loadErrors = checker.errorCount
  let programs = checker.checkDeclarations()
  checker.lintUnused()
  checker.forgetOldDeclarations()
  sources = checker.sources
  memory = checker.memory
  let diagnostics = checker.finishDiagnostics()
  // A lint that is raised to an error stops the program as any error does.
  let isRaised = checker.errorCount == 0 && diagnostics.contains { $0.severity == .error }
  var result = CheckResult(diagnostics: diagnostics, programs: isRaised ? [] : programs)
  result.shortened = checker.shortened.sorted { ($0.span.file, $0.span.start) < ($1.span.file, $1.span.start) }
  result.selectors = checker.matches
  result.facts = checker.facts
  return result
}

extension Checker {
  /// Every network, data set and training of the file.
  fileprivate mutating func checkDeclarations() -> [CheckedProgram] {
    var reach = memory.map { _ in BlockReach(facts.trees) }
    let checkedNetworks = checkNetworks(&reach)
    var checkedData: [String: CheckedData] = [:]
    for name in dataNames {
      guard let item = dataSets[name], isWanted(item.name) else { continue }
      let trained = trainings.first { $0.data.text == name }.flatMap { checkedNetworks[$0.network.text] }
      owner = .data(name)
      checkedData[name] = checkData(item, for: trained)
      owner = .file
    }
    // Without a file or an override the program is not the one that was asked for.
    let isComplete = loadErrors == 0
    return trainings.enumerated().compactMap { place, item in
      let isKnown = refer(item.network, networkNames, "network")
      let isLoaded = refer(item.data, dataNames, "data set")
      guard isKnown || isLoaded else { return nil }
      let (program, number) = trainingOutcome(
        item, place: place, checkedNetworks[item.network.text], checkedData[item.data.text], &reach)
      guard isComplete, let program else { return nil }
      facts.programs.append(number)
      return program
    }
  }

  private mutating func checkNetworks(_ reach: inout BlockReach?) -> [String: Network] {
    var result: [String: Network] = [:]
    for name in networkNames {
      guard let item = networks[name], isWanted(item.name) else { continue }
      networkResultSpans[name] = item.result?.span ?? item.name.span
      let outcome = networkOutcome(item, &reach)
      result[name] = outcome.network
      facts.networks.append(outcome.facts)
      networkInputSpans[name] = outcome.inputSpan
    }
    return result
  }

  /// Declarations of this file are all checked, those of imported files when something refers to them.
  private func isWanted(_ name: Name) -> Bool {
    name.span.file == file || trainings.contains { $0.network.text == name.text || $0.data.text == name.text }
  }

  private mutating func refer(_ name: Name, _ known: [String], _ kind: String) -> Bool {
    used.insert(name.text)
    if known.contains(name.text) { return true }
    if lacksImport { return false }
    reportUnknown(.unknownDeclaration, "there is no \(kind) `\(name.text)`", name.text, at: name.span, among: known)
    return false
  }
}
