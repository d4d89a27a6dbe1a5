import Foundation
import Testing

/// A file of the repository that holds what the program says; `DRNC_RECORD=1` writes it.
struct Recorded {
  let path: String
  /// The tests that hold the file.
  let suite: String

  private var url: URL { packageRoot.appendingPathComponent(path) }

  /// Compares the file with what it should hold.
  func expect(_ text: String) throws {
    if ProcessInfo.processInfo.environment["DRNC_RECORD"] == "1" {
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
      Issue.record("\(path) has been written; run again without DRNC_RECORD")
      return
    }
    let stored = try? String(contentsOf: url, encoding: .utf8)
    #expect(stored == text, "\(path) is stale; write it with: DRNC_RECORD=1 swift test --filter \(suite)")
  }
}
