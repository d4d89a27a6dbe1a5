import Foundation
import Testing

/// A file of the repository that holds what the program says; `DRNC_RECORD=1` writes it.
public struct Recorded {
  private let path: String
  private let suite: String

  /// The file, and the tests that hold it.
  public init(path: String, suite: String) {
    self.path = path
    self.suite = suite
  }

  /// Compares the file with what it should hold.
  public func expect(_ text: String) throws {
    let url = Repository.url(path)
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
