import DrnIR
import Foundation
import Testing

@Suite("The op reference page")
struct OpPageTests {
  private static let page = URL(fileURLWithPath: #filePath + "/../../../../docs/contributing/ops.md").standardized

  @Test("docs/contributing/ops.md is what the specifications say; DRNC_RECORD=1 swift test --filter OpPageTests writes it again")
  func isCurrent() throws {
    if ProcessInfo.processInfo.environment["DRNC_RECORD"] == "1" {
      try FileManager.default.createDirectory(at: Self.page.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(opPage().utf8).write(to: Self.page)
      Issue.record("docs/contributing/ops.md has been written; run again without DRNC_RECORD")
      return
    }
    let stored = try String(contentsOf: Self.page, encoding: .utf8)
    #expect(stored == opPage(), "docs/contributing/ops.md is stale; write it with: DRNC_RECORD=1 swift test --filter OpPageTests")
  }

  @Test("The page has an entry for every op, with its attributes")
  func isComplete() {
    let page = opPage()
    for opcode in Opcode.allCases {
      #expect(page.contains("## `\(opcode.mnemonic)`\n"))
      for attribute in opcode.spec.attributes { #expect(opcode.spec.entry.contains("`\(attribute.name)`")) }
    }
  }
}
