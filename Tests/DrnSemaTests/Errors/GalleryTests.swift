import DrnDiagnostics
import DrnSema
import DrnSource
import DrnTestSupport
import Foundation
import Testing

/// The pages under `docs/errors/` that are written by the program.
@Suite("Error pages") struct GalleryTests {
  private static let folder = Repository.url("Tests/Golden/gallery")
  static let files = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { $0.hasSuffix(".drn") }.sorted()

  @Test("docs/errors/README.md is what the codes and pages say")
  func index() throws { try Recorded(path: "docs/errors/README.md", suite: "GalleryTests").expect(errorIndex()) }

  @Test("docs/errors/gallery.md shows the errors as they are rendered")
  func gallery() throws {
    let entries = try Self.files.enumerated().map { number, name in try entry(number + 1, name) }
    try Recorded(path: "docs/errors/gallery.md", suite: "GalleryTests").expect(Self.head + entries.joined(separator: "\n"))
  }

  @Test("there are twenty, each about one problem", arguments: files)
  func areSingle(_ name: String) throws {
    #expect(Self.files.count == 20)
    let (_, diagnostics, _) = try check(name)
    #expect(diagnostics.count == 1 && diagnostics.first?.severity != .hint, "\(diagnostics.map(\.message))")
  }

  private static let head = """
    # Twenty errors

    The mistakes a user makes most, and what drnc says about them; written by `DRNC_RECORD=1 swift test --filter GalleryTests` from
    `Tests/Golden/gallery`. [README.md](README.md) explains every code.


    """

  /// The first line of a program is its title, as a comment; it is no part of what is checked.
  private func check(_ name: String) throws -> (title: String, diagnostics: [Diagnostic], sources: SourceMap) {
    let text = try String(contentsOf: Self.folder.appendingPathComponent(name), encoding: .utf8)
    let lines = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    var sources = SourceMap()
    let file = sources.add(name: "model.drn", text: lines.count > 1 ? lines[1] : "")
    let result = DrnSema.check(file: file, sources: &sources, options: CheckOptions(), read: { _ in nil })
    return (String(lines[0].dropFirst(3)), result.diagnostics, sources)
  }

  private func entry(_ number: Int, _ name: String) throws -> String {
    let (title, diagnostics, sources) = try check(name)
    let rendered = renderTerminal(diagnostics, sources: sources, options: RenderOptions(width: 100))
    return "## \(number). \(title)\n\n```text\n\(rendered)```\n"
  }
}
