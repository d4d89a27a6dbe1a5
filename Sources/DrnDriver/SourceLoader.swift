import DrnDiagnostics
import DrnSource
import Foundation

/// Reads source files from disk.
enum SourceLoader {
  /// Larger files are refused: no program is that long, and reading it would only waste memory.
  static let largestFile = 16 << 20

  /// The bytes of a file, or why it cannot be read.
  static func read(_ path: String) -> Result<[UInt8], Diagnostic> {
    if path == "-" { return .success(Array(FileHandle.standardInput.readDataToEndOfFile())) }
    var status = stat()
    guard stat(path, &status) == 0 else { return .failure(unreadable(path, errno)) }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      return .failure(Diagnostic(.unreadableFile, "`\(path)` is a folder, not a .drn file", at: nil))
    }
    guard status.st_size <= largestFile else {
      return .failure(Diagnostic(.unreadableFile, "`\(path)` has \(status.st_size) bytes; the limit is \(largestFile)", at: nil))
    }
    guard let data = FileManager.default.contents(atPath: path) else { return .failure(unreadable(path, EACCES)) }
    return .success(Array(data))
  }

  private static func unreadable(_ path: String, _ number: Int32) -> Diagnostic {
    var diagnostic = Diagnostic(.unreadableFile, "cannot read `\(path)`: \(String(cString: strerror(number)))", at: nil)
    if number == ENOENT, let nearest = nearestSibling(of: path) { diagnostic.help = "did you mean `\(nearest)`?" }
    return diagnostic
  }

  private static func nearestSibling(of path: String) -> String? {
    let folder = (path as NSString).deletingLastPathComponent
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
    let sources = names.filter { $0.hasSuffix(".drn") }.sorted()
    return Suggestion.nearest(to: (path as NSString).lastPathComponent, in: sources)
      .map { folder.isEmpty ? $0 : (folder as NSString).appendingPathComponent($0) }
  }
}

