import DrnDiagnostics
import DrnJSON
import DrnProgram
import DrnSema
import DrnSource
import DrnSystem
import DrnTrain

extension Driver {
  /// The program that a run has kept, checked as it was when the run began but without its data, and what `model.json` says of it.
  func loadRun(_ folder: String) -> Result<(loaded: Loaded, model: JSON), ExitStatus> {
    guard let (kept, text) = RunInvocation.read(from: folder) else {
      return .failure(refuseRun("the folder `\(folder)` does not hold the program of a run", .noInput))
    }
    let path = Path.join(folder, RunFolder.model)
    guard let bytes = try? Files.read(path, atMost: 1 << 28), let model = try? JSON(reading: bytes) else {
      return .failure(refuseRun("cannot read `\(path)`", .badData, help: "a run writes it when it ends"))
    }
    let request = ProgramRequest(path: kept.file).after(kept)
    var sources = SourceMap()
    let file = sources.add(name: kept.file == "-" ? "<standard input>" : kept.file, bytes: text)
    switch options(request) {
    case .failure(let diagnostic):
      console.report([diagnostic], sources: sources)
      return .failure(.badData)
    case .success(let options):
      let result = DrnSema.check(file: file, sources: &sources, options: options) { path in
        kept.imports[path].map { Array($0.utf8) } ?? Self.readImport(path)
      }
      // What is doubtful in the program was said when it was trained.
      let errors = CheckResult(diagnostics: result.diagnostics.filter { $0.severity == .error }, programs: result.programs)
      return finishLoading(errors, sources, file, request.training, takesOne: true).map { ($0, model) }
    }
  }

  private func refuseRun(_ message: String, _ status: ExitStatus, help: String? = nil) -> ExitStatus {
    console.report([Diagnostic(.runUnusable, message, at: nil, help: help)], sources: SourceMap())
    return status
  }
}
