import DrnDiagnostics
import DrnProgram
import DrnReport
import DrnSema
import DrnSource
import DrnSystem
import DrnTrain

extension Driver {
  /// `drnc report RUN...`: writes one page, or event files of TensorBoard. A folder with runs in it, as of a sweep, stands for these. Nothing is written unless every run could be read.
  public func report(_ request: ReportRequest) -> ExitStatus {
    var runs: [RunRecord] = []
    let folders = request.runs.flatMap(RunReader.runsNamed)
    for (path, name) in zip(folders, RunReader.names(folders)) {
      switch RunReader.read(path, name: name) {
      case .success(let run): runs.append(run)
      case .failure(let diagnostic): return refuse(diagnostic, Files.exists(path) ? .badData : .noInput)
      }
    }
    switch request.format {
    case .html:
      let page = Report(zip(folders, runs).map { checked($1, in: $0) }, version: Self.version).html
      return writePage(page, to: request.output ?? "report.html")
    case .tensorboard: return writeEvents(runs, to: request.output ?? "tensorboard")
    }
  }

  /// The run with what the checker says of its program, as it was asked for.
  func checked(_ run: RunRecord, in folder: String) -> ReportedRun {
    guard let (invocation, source) = RunInvocation.read(from: folder) else { return ReportedRun(run: run) }
    let request = ProgramRequest(path: "").after(invocation)
    guard case .success(let options) = options(request) else { return ReportedRun(run: run) }
    var sources = SourceMap()
    let file = sources.add(name: request.path, bytes: source)
    let result = DrnSema.check(
      file: file, sources: &sources, options: options, headers: FileDataHeaders(), nearestFile: SourceLoader.nearestSibling,
      read: Self.readImport)
    // Whether the data are here is not the run's concern: it had them.
    return ReportedRun(run: run, diagnostics: result.diagnostics.filter { $0.code != .dataAbsent }, sources: sources, file: file)
  }

  private func writePage(_ page: String, to path: String) -> ExitStatus {
    if path == "-" {
      console.output(page)
      return .success
    }
    let status = writeDrawing(page, to: path) { $0.contains("- drnc</title>") }
    if status == .success { console.output("wrote \(path)\n") }
    return status
  }

  private func writeEvents(_ runs: [RunRecord], to folder: String) -> ExitStatus {
    for run in runs {
      // A name that is a path, where two runs share their last one, makes folders of its own below.
      let place = Path.join(folder, run.name.split(separator: "/").filter { $0 != ".." && $0 != "." }.joined(separator: "/"))
      let path = Path.join(place, "events.out.tfevents.0.drnc")
      do throws(SystemError) {
        try Files.createFolders(place)
        try Files.replace(path, with: [run.events.bytes])
      } catch { return refuseToWrite(path, error.reason) }
      console.output("wrote \(path)\n")
    }
    return .success
  }

  /// Nothing longer is a page or drawing of ours.
  private static let largestDrawing = 64 << 20

  /// Writes a whole file; one that is there is replaced only where it is of the same kind by its first bytes.
  func writeDrawing(_ text: String, to path: String, isOurs: (String) -> Bool) -> ExitStatus {
    if Files.isTaken(path) {
      guard Files.kind(path) == .regular else { return refuseToWrite(path, "it is not a regular file") }
      let held = (try? Files.read(path, atMost: Self.largestDrawing)).flatMap { $0 } ?? []
      guard isOurs(String(decoding: held.prefix(4096), as: UTF8.self)) else {
        return refuseToWrite(path, "it is there already, and drnc did not write it", help: "give another name with --output")
      }
    }
    do throws(SystemError) { try Files.replace(path, with: [Array(text.utf8)]) } catch { return refuseToWrite(path, error.reason) }
    return .success
  }
}
