import DrnIR
import DrnTestSupport
import Testing

@Suite("The op reference page")
struct OpPageTests {
  @Test("docs/contributing/ops.md is what the specifications say; DRNC_RECORD=1 swift test --filter OpPageTests writes it again")
  func isCurrent() throws { try Recorded(path: "docs/contributing/ops.md", suite: "OpPageTests").expect(opPage()) }

  @Test("The page has an entry for every op, with its attributes")
  func isComplete() {
    let page = opPage()
    for opcode in Opcode.allCases {
      #expect(page.contains("## `\(opcode.mnemonic)`\n"))
      for attribute in opcode.spec.attributes { #expect(opcode.spec.entry.contains("`\(attribute.name)`")) }
    }
  }
}
