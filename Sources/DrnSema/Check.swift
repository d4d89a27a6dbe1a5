import DrnDiagnostics
import DrnMethods
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
/// Pure but for `read`, which gives the bytes of an imported file by its path, and `headers`, which looks at data files. Every problem of the
/// file is found in one run; what only follows from a reported problem is not reported. Time is linear in the size of the file and of the
/// unfolded network.
public func check(
  file: FileID, sources: inout SourceMap, options: CheckOptions, headers: any DataHeaders = NoDataHeaders(), read: (String) -> [UInt8]?
) -> CheckResult {
  var checker = Checker(file: file, sources: sources, options: options, headers: headers)
  var imports = Checker.Imports()
  checker.load(file, imports: &imports, read: read)
  checker.applyOverrides()
  checker.loadErrors = checker.errorCount
  let programs = checker.checkDeclarations()
  checker.lintUnused()
  sources = checker.sources
  var result = CheckResult(diagnostics: checker.finishDiagnostics(), programs: programs)
  result.shortened = checker.shortened.sorted { ($0.span.file, $0.span.start) < ($1.span.file, $1.span.start) }
  result.selectors = checker.matches
  result.facts = checker.facts
  return result
}

extension Checker {
  /// Every network, data set and training of the file.
  fileprivate mutating func checkDeclarations() -> [CheckedProgram] {
    let checkedNetworks = checkNetworks()
    var checkedData: [String: CheckedData] = [:]
    for name in dataNames {
      if let item = dataSets[name], isWanted(item.name) { checkedData[name] = checkData(item) }
    }
    // Without a file or an override the program is not the one that was asked for.
    let isComplete = loadErrors == 0
    return trainings.compactMap { item in
      let isKnown = refer(item.network, networkNames, "network")
      let isLoaded = refer(item.data, dataNames, "data set")
      guard isKnown || isLoaded else { return nil }
      let program = checkTraining(item, checkedNetworks[item.network.text], checkedData[item.data.text])
      return isComplete ? program : nil
    }
  }

  private mutating func checkNetworks() -> [String: Network] {
    var result: [String: Network] = [:]
    for name in networkNames {
      guard let item = networks[name], isWanted(item.name) else { continue }
      networkResultSpans[name] = item.result?.span ?? item.name.span
      let network = elaborate(item)
      result[name] = network
      facts.networks.append(unfolding.facts(of: item.name, isComplete: network != nil))
      networkInputSpans[name] = unfolding.inputSpan
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
    reportUnknown(.unknownDeclaration, "there is no \(kind) `\(name.text)`", name.text, at: name.span, among: known)
    return false
  }
}
