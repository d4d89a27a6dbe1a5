import DrnDiagnostics
import DrnSource
import DrnSystem

/// Reads source files from disk.
enum SourceLoader {
  /// Larger files are refused: no program is that long, and reading it would only waste memory.
  static let largestFile = 16 << 20

  /// The bytes of a file, `-` being standard input, or why it cannot be read.
  static func read(_ path: String) -> Result<[UInt8], Diagnostic> {
    let isStandardInput = path == "-"
    let name = isStandardInput ? "<standard input>" : path
    if Files.kind(path) == .folder { return .failure(folder(path)) }
    do throws(SystemError) {
      guard let bytes = try isStandardInput ? Files.read(0, atMost: largestFile) : Files.read(path, atMost: largestFile) else {
        return .failure(
          Diagnostic(.unreadableFile, "`\(name)` is longer than \(largestFile >> 20) MiB, the most drnc reads as a program", at: nil))
      }
      return .success(bytes)
    } catch { return .failure(unreadable(name, error)) }
  }

  private static func folder(_ path: String) -> Diagnostic {
    var diagnostic = Diagnostic(.unreadableFile, "`\(path)` is a folder, not a .drn file", at: nil)
    let sources = sources(in: path)
    if !sources.isEmpty { diagnostic.help = "it holds " + sources.prefix(4).map { "`\(Path.join(path, $0))`" }.joined(separator: ", ") }
    return diagnostic
  }

  private static func unreadable(_ path: String, _ error: SystemError) -> Diagnostic {
    var diagnostic = Diagnostic(.unreadableFile, "cannot read `\(path)`: \(error.reason)", at: nil)
    if error.isMissing, let nearest = nearestSibling(of: path) { diagnostic.help = "did you mean `\(nearest)`?" }
    return diagnostic
  }

  /// The nearest name beside the path; a path without its extension finds the file that has it.
  static func nearestSibling(of path: String) -> String? {
    let (folder, name) = (Path.folder(of: path), Path.name(of: path))
    let sources = sources(in: folder.isEmpty ? "." : folder)
    let found = sources.contains(name + ".drn") ? name + ".drn" : Suggestion.nearest(to: name, in: sources)
    return found.map { Path.join(folder, $0) }
  }

  private static func sources(in folder: String) -> [String] {
    ((try? Files.names(in: folder)) ?? []).filter { Path.fileExtension(of: $0) == "drn" }
  }
}
