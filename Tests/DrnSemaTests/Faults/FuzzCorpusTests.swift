import DrnDiagnostics
import DrnSema
import DrnSource
import DrnTestSupport
import Foundation
import Testing

@Suite("Fuzz corpus") struct FuzzCorpusTests {
  /// The inputs of Tests/Fuzz for the parser and the checker; those that once ended the process are among them.
  private static let files: [URL] = ["parser", "checker"].flatMap { name in
    let folder = Repository.url("Tests/Fuzz/corpus/\(name)")
    let found = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
    return found.sorted { $0.path < $1.path }
  }

  @Test("ends in diagnostics or in programs")
  func replay() throws {
    #expect(Self.files.count > 10)
    for file in Self.files {
      var sources = SourceMap()
      let bytes = Array(try Data(contentsOf: file))
      let id = sources.add(name: file.lastPathComponent, bytes: bytes)
      let result = check(file: id, sources: &sources, options: CheckOptions()) { _ in nil }
      #expect(result.diagnostics.allSatisfy { ($0.primary?.span.end ?? 0) <= bytes.count }, "\(file.lastPathComponent)")
    }
  }
}
