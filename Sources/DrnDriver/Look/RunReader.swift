import DrnDiagnostics
import DrnReport
import DrnSystem
import DrnTrain

/// Reads run folders.
enum RunReader {
  /// Longer logs are refused: what is drawn of one is read as a whole.
  private static let largestLog = 512 << 20
  private static let largestFile = 64 << 20

  /// The run in a folder, or why there is none that can be read.
  static func read(_ path: String, name: String? = nil) -> Result<RunRecord, Diagnostic> {
    switch Files.kind(path) {
    case nil: return .failure(fault(path, "there is no such folder"))
    case .regular, .other: return .failure(fault(path, "it is no folder"))
    case .folder: break
    }
    guard Files.kind(Path.join(path, RunFolder.log)) == .regular else {
      let help = RunFolder.isRun(path) ? nil : "`drnc runs \(path)` lists the runs below a folder"
      return .failure(fault(path, "it has no `\(RunFolder.log)`", help: help))
    }
    do throws(SystemError) {
      guard let log = try Files.read(Path.join(path, RunFolder.log), atMost: largestLog) else {
        return .failure(fault(path, "its `\(RunFolder.log)` is longer than \(largestLog >> 20) MiB"))
      }
      var files = RunFiles(name: name ?? self.name(path), log: log)
      files.timing = optional(path, RunFolder.timing)
      files.summary = optional(path, RunFolder.summary)
      files.model = optional(path, RunFolder.model)
      files.configuration = optional(path, RunFolder.configuration)
      files.source = optional(path, RunFolder.source)
      files.isUnderWay = FileLock.isHeld(Path.join(path, RunFolder.lock)).isHeld
      do throws(ReportFault) { return .success(try RunRecord(files)) } catch {
        return .failure(fault(path, "it \(error.message)", help: error.help))
      }
    } catch { return .failure(fault(path, "cannot read its `\(RunFolder.log)`: \(error.reason)")) }
  }

  /// How the run in a folder is called.
  private static func name(_ path: String) -> String {
    let name = Path.name(of: path)
    guard ["", ".", ".."].contains(name) else { return name }
    return (try? Files.resolved(path)).map { Path.name(of: $0) } ?? path
  }

  /// Those of several folders: by their last names, or as they were given where two share one.
  static func names(_ paths: [String]) -> [String] {
    let names = paths.map(name)
    return Set(names).count == names.count ? names : paths
  }

  private static func optional(_ path: String, _ name: String) -> [UInt8]? {
    let file = Path.join(path, name)
    return Files.kind(file) == .regular ? (try? Files.read(file, atMost: largestFile)) ?? nil : nil
  }

  private static func fault(_ path: String, _ reason: String, help: String? = nil) -> Diagnostic {
    Diagnostic(.runUnreadable, "cannot read a run in `\(path)`: \(reason)", at: nil, help: help)
  }

  /// The runs a folder stands for: itself, or where it is none those in it; itself too where there are none.
  static func runsNamed(_ path: String) -> [String] {
    guard Files.kind(path) == .folder, !RunFolder.isRun(path) else { return [path] }
    let found = runs(in: path)
    return found.isEmpty ? [path] : found
  }

  /// The folders of runs in a folder: itself, else those in it and in the folders in it.
  static func runs(in folder: String) -> [String] {
    if RunFolder.isRun(folder) { return [folder] }
    func folders(_ path: String) -> [String] {
      ((try? Files.names(in: path)) ?? []).filter { !$0.hasPrefix(".") }.map { Path.join(path, $0) }.filter { Files.kind($0) == .folder }
    }
    return folders(folder).flatMap { path in RunFolder.isRun(path) ? [path] : folders(path).filter(RunFolder.isRun) }
  }
}
