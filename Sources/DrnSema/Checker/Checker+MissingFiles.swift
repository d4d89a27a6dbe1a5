import DrnDiagnostics
import DrnMethods
import DrnSource
import DrnSyntax

/// An imported file that could not be read.
struct MissingFile {
  let item: ImportItem
  /// Where it was looked for.
  let path: String
}

extension Checker {
  /// Reports imported files that could not be read; `nearest` gives a file beside the path that may have been meant.
  func suggestFiles(_ missingFiles: [MissingFile], nearest: (String) -> String?) {
    for missing in missingFiles {
      var notes = ["looked for `\(missing.path)`"]
      var fixes: [FixIt] = []
      if let found = nearest(missing.path), let name = found.split(separator: "/").last {
        let folder = missing.item.path.split(separator: "/", omittingEmptySubsequences: false).dropLast().map { $0 + "/" }.joined()
        notes.append("the nearest name is `\(folder)\(name)`")
        fixes = [FixIt("write `\(folder)\(name)`", edits: [.init(missing.item.pathSpan, quoted(folder + name))], confidence: .unsafe)]
      }
      report(
        .importNotFound, "`\(missing.item.path)` cannot be read", at: missing.item.pathSpan, label: "not found", notes: notes,
        help: "paths are relative to the importing file", fixIts: fixes)
    }
  }
}
