import DrnDiagnostics
import DrnSema
import DrnSource
import Testing

/// The examples of the pages are programs, and do what the page says.
@Suite struct PageTests {
  static let pages = Page.all.filter { Code.ofPrograms.contains($0.code) }

  @Test("the failing example is reported with the page's code, and beside it at most with hints", arguments: pages)
  func failing(_ page: Page) {
    let checked = run(page.failingExample)
    let codes = checked.result.diagnostics.map(\.code).filter { $0.severity != .hint || $0 == page.code }
    #expect(Set(codes) == [page.code], "\(renderPlain(checked.result.diagnostics, sources: checked.sources))")
  }

  @Test("the corrected example has no error and is not reported with the code", arguments: pages)
  func corrected(_ page: Page) {
    let checked = run(page.correctedExample)
    #expect(!checked.codes.contains(page.code.id))
    #expect(
      !checked.result.diagnostics.contains { $0.severity == .error }, "\(renderPlain(checked.result.diagnostics, sources: checked.sources))"
    )
    #expect(checked.program != nil)
  }

  @Test("every code of the checker has a page") func complete() {
    #expect(Code.ofPrograms.map(\.id) == Self.pages.map(\.code.id))
  }

  private func run(_ text: String) -> Checked {
    let conditions = Golden(text)
    return Checked(text, options: conditions.options, headers: conditions.headers, files: ["main.drn": text])
  }
}
