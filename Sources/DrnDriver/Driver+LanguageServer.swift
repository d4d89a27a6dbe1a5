import DrnDiagnostics
import DrnLanguageServer
import DrnProgram
import DrnSema
import DrnSystem
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

  /// The programs below a folder, in the order of their paths; hidden folders are left out, and links to folders, which may lead in circles.
  @Sendable private static func programs(_ folder: String) -> [String] {
    var (found, folders): ([String], [String]) = ([], [folder])
    while found.count < mostPrograms, let folder = folders.popLast() {
      for name in ((try? Files.names(in: folder)) ?? []) where !name.hasPrefix(".") {
        let path = Path.join(folder, name)
        switch Files.kind(path) {
        case .folder: if !Files.isLink(path) { folders.append(path) }
        case .regular: if Path.fileExtension(of: name) == "drn" { found.append(path) }
        case .other, nil: break
        }
      }
    }
    return Array(found.prefix(mostPrograms)).sorted()
  }

  /// The page of a code as a file an editor can open; written when a diagnostic first refers to it.
  @Sendable private static func pageFile(_ code: Code) -> String? {
    let temporary = ProcessInfo.processInfo.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    let folder = Path.join(temporary, "drnc-\(getuid())-\(version)")
    let file = Path.join(folder, "\(code.id).txt")
    if !Files.exists(file) {
      do {
        try Files.createFolders(folder)
        try Files.replace(file, with: [Array(code.page.text.utf8)])
      } catch { return nil }
    }
    return DocumentURI.uri(file)
  }
}
