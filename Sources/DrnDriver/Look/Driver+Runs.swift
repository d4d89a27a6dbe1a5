import DrnDiagnostics
import DrnJSON
import DrnReport
import DrnSource
import DrnSystem
import DrnTrain

extension Driver {
  /// `drnc runs [FOLDER...]`.
  public func listRuns(_ folders: [String], order: RunTable.Order = .name, json: Bool = false) -> ExitStatus {
    let folders = folders.isEmpty ? [RunFolder.parent] : folders
    var (runs, faults): ([RunRecord], [Diagnostic]) = ([], [])
    for folder in folders {
      guard Files.kind(folder) == .folder else {
        return refuse(
          Diagnostic(
            .runUnreadable, "cannot read runs in `\(folder)`: \(Files.exists(folder) ? "it is no folder" : "there is no such folder")",
            at: nil), .noInput)
      }
      for path in RunReader.runs(in: folder) {
        switch RunReader.read(
          path, name: folders.count == 1 && path != folder ? String(path.dropFirst(Path.join(folder, "x").count - 1)) : path)
        {
        case .success(let run): runs.append(run)
        case .failure(let diagnostic): faults.append(diagnostic)
        }
      }
    }
    guard !runs.isEmpty || !faults.isEmpty else {
      return refuse(
        Diagnostic(.runUnreadable, "there is no run in \(folders.map { "`\($0)`" }.joined(separator: ", "))", at: nil), .noInput)
    }
    let table = RunTable(runs, order: order)
    if json {
      console.output(table.json)
    } else if !runs.isEmpty {
      console.output(table.text(width: console.render.width, isUnicode: console.render.unicode))
    }
    console.report(faults, sources: SourceMap())
    return faults.isEmpty ? .success : .badData
  }
}
