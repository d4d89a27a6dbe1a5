import DrnDiagnostics
import DrnSource
import DrnSyntax
import Testing

@Suite("Parser") struct ParserTests {
  @Test("accepts programs that use every form", arguments: Programs.all.indices)
  func acceptsPrograms(index: Int) {
    let program = Programs.all[index]
    let tree = parse(file: FileID(0), bytes: Array(program.utf8))
    #expect(tree.diagnostics.map(\.message) == [])
    #expect(!tree.items.isEmpty)
  }
}
