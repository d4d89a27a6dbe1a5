import DrnDiagnostics
import DrnLanguageServer
import DrnSema
import Foundation

extension Driver {
  /// `drnc lsp`: serves an editor over standard streams; gives the exit code the protocol asks for.
  public func serveEditor() -> Int32 {
    signal(SIGPIPE, SIG_IGN)
    // Frames go to a descriptor of their own: whatever else writes to standard output lands on standard error.
    let frames = dup(STDOUT_FILENO)
    guard frames >= 0, dup2(STDERR_FILENO, STDOUT_FILENO) >= 0 else { return 1 }
    let surroundings = Surroundings(
      read: { path in if case .success(let bytes) = SourceLoader.read(path) { bytes } else { nil } }, programs: Self.programs,
      headers: FileDataHeaders(), page: Self.pageFile)
    return serve(LanguageServer(surroundings), input: STDIN_FILENO, output: frames)
  }

  /// More programs than this in one folder are not searched for symbols and references.
  private static let mostPrograms = 500

  /// The programs below a folder, in the order of their paths; hidden folders are left out.
  @Sendable private static func programs(_ folder: String) -> [String] {
    let root = URL(fileURLWithPath: folder, isDirectory: true)
    guard let walker = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil, options: [.skipsHiddenFiles]) else {
      return []
    }
    var found: [String] = []
    for case let url as URL in walker where url.pathExtension == "drn" {
      found.append(url.path(percentEncoded: false))
      if found.count == mostPrograms { break }
    }
    return found.sorted()
  }

  /// The page of a code as a file an editor can open; written when a diagnostic first refers to it.
  @Sendable private static func pageFile(_ code: Code) -> String? {
    let folder = FileManager.default.temporaryDirectory.appending(path: "drnc-\(getuid())-\(version)", directoryHint: .isDirectory)
    let file = folder.appending(path: "\(code.id).txt", directoryHint: .notDirectory)
    if !FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) {
      try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      guard (try? Data((Page.of(code)?.text ?? "").utf8).write(to: file, options: .atomic)) != nil else { return nil }
    }
    return file.absoluteString
  }
}
