import DrnDiagnostics
import DrnProgram
import DrnSema
import DrnSource

extension Driver {
  /// `drnc fix`. Problems of imported files are reported and left alone.
  public func fix(_ request: FixRequest) -> ExitStatus {
    let options: CheckOptions
    switch self.options(request.program) {
    case .failure(let diagnostic): return refuse(diagnostic, .usage)
    case .success(let value): options = value
    }
    switch SourceLoader.read(request.path) {
    case .failure(let diagnostic): return refuse(diagnostic, .noInput)
    case .success(let bytes):
      let name = request.path == "-" ? "<standard input>" : request.path
      let repair = SourceRepair(bytes, takesUnsafe: request.takesUnsafe) { checked($0, name: name, options) }
      return finish(repair, request, name: name, before: bytes)
    }
  }

  /// Reports what a command cannot begin with.
  func refuse(_ diagnostic: Diagnostic, _ status: ExitStatus) -> ExitStatus {
    console.report([diagnostic], sources: SourceMap())
    return status
  }

  private func checked(_ bytes: [UInt8], name: String, _ options: CheckOptions) -> SourceRepair.Checked {
    var sources = SourceMap()
    let file = sources.add(name: name, bytes: bytes)
    let result = DrnSema.check(
      file: file, sources: &sources, options: options, headers: FileDataHeaders(), nearestFile: SourceLoader.nearestSibling,
      read: Self.readImport)
    return SourceRepair.Checked(file: file, sources: sources, diagnostics: result.diagnostics)
  }

  private func finish(_ repair: SourceRepair, _ request: FixRequest, name: String, before: [UInt8]) -> ExitStatus {
    let after = repair.current
    let isChanged = after.bytes != before
    list(repair.applied, name, toOutput: request.path != "-" && !request.isDryRun)
    console.report(after.diagnostics, sources: after.sources)
    console.remark(summary(repair, request))
    let hasErrors = after.diagnostics.contains { $0.severity == .error }
    if request.isDryRun {
      console.output(unifiedDiff(before, after.bytes, name: name))
      return isChanged || hasErrors ? .failure : .success
    }
    if request.path == "-" {
      console.output(String(decoding: after.bytes, as: UTF8.self))
    } else if isChanged {
      let status = replace(request.path, with: after.bytes)
      if status != .success { return status }
    }
    return hasErrors ? .failure : .success
  }

  private func list(_ applied: [SourceRepair.Applied], _ name: String, toOutput: Bool) {
    for fix in applied {
      let place = "\(name):\(fix.place.line):\(fix.place.column)"
      let line = "\(place): fixed \(fix.diagnostic.code.id) \(fix.diagnostic.code.name): \(fix.fixIt.message)\n"
      if toOutput { console.output(line) } else { console.remark(line) }
    }
  }

  /// "fixed 2 problems; 3 are left, 1 of them with a fix that `--unsafe` applies".
  private func summary(_ repair: SourceRepair, _ request: FixRequest) -> String {
    let left = repair.current.diagnostics
    let fixable = left.count { !$0.fixIts.isEmpty }
    var text = "\(request.isDryRun ? "would fix" : "fixed") \(repair.applied.count == 1 ? "1 problem" : "\(repair.applied.count) problems")"
    if !left.isEmpty { text += "; \(left.count) \(left.count == 1 ? "is" : "are") left" }
    if fixable > 0, !request.takesUnsafe { text += ", \(fixable) of them with a fix that `--unsafe` applies" }
    return text + "\n"
  }
}
