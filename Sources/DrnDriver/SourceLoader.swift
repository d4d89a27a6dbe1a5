import DrnDiagnostics
import DrnSource
import Foundation

/// Reads source files from disk.
enum SourceLoader {
  /// Larger files are refused: no program is that long, and reading it would only waste memory.
  static let largestFile = 16 << 20

  /// The bytes of a file, `-` being standard input, or why it cannot be read.
  static func read(_ path: String) -> Result<[UInt8], Diagnostic> {
    if path == "-" { return readAll(STDIN_FILENO, name: "<standard input>") }
    var status = stat()
    guard stat(path, &status) == 0 else { return .failure(unreadable(path, errno)) }
    guard status.st_mode & S_IFMT != S_IFDIR else { return .failure(folder(path)) }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return .failure(unreadable(path, errno)) }
    defer { close(descriptor) }
    return readAll(descriptor, name: path)
  }

  /// Reads to the end, but never more than the limit: a device or pipe has no size to ask for beforehand.
  private static func readAll(_ descriptor: Int32, name: String) -> Result<[UInt8], Diagnostic> {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= largestFile {
      let count = Foundation.read(descriptor, &buffer, buffer.count)
      if count == 0 { return .success(bytes) }
      if count < 0 {
        if errno == EINTR { continue }
        return .failure(unreadable(name, errno))
      }
      bytes += buffer.prefix(count)
    }
    return .failure(
      Diagnostic(.unreadableFile, "`\(name)` is longer than \(largestFile >> 20) MiB, the most drnc reads as a program", at: nil))
  }

  private static func folder(_ path: String) -> Diagnostic {
    var diagnostic = Diagnostic(.unreadableFile, "`\(path)` is a folder, not a .drn file", at: nil)
    let sources = sources(in: path)
    if !sources.isEmpty { diagnostic.help = "it holds " + sources.prefix(4).map { "`\(join(path, $0))`" }.joined(separator: ", ") }
    return diagnostic
  }

  private static func unreadable(_ path: String, _ number: Int32) -> Diagnostic {
    var diagnostic = Diagnostic(.unreadableFile, "cannot read `\(path)`: \(String(cString: strerror(number)))", at: nil)
    if number == ENOENT, let nearest = nearestSibling(of: path) { diagnostic.help = "did you mean `\(nearest)`?" }
    return diagnostic
  }

  /// The nearest name beside the path; a path without its extension finds the file that has it.
  static func nearestSibling(of path: String) -> String? {
    let folder = (path as NSString).deletingLastPathComponent
    let name = (path as NSString).lastPathComponent
    let sources = sources(in: folder.isEmpty ? "." : folder)
    let found = sources.contains(name + ".drn") ? name + ".drn" : Suggestion.nearest(to: name, in: sources)
    return found.map { folder.isEmpty ? $0 : join(folder, $0) }
  }

  private static func sources(in folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".drn") }.sorted()
  }

  private static func join(_ folder: String, _ name: String) -> String { (folder as NSString).appendingPathComponent(name) }
}
