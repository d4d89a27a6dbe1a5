import DrnIR
import DrnTestSupport
import Foundation
import Testing

@Suite("docs/contributing/ir.md")
struct PageTests {
  static func page() throws -> String { try Repository.text("docs/contributing/ir.md") }

  @Test("the example module is read and sound")
  func example() throws {
    let blocks = try Self.page().components(separatedBy: "```")
    let text = try #require(blocks.first { $0.hasPrefix("\nmodule") })
    let module = try readModule(text)
    #expect(verify(module).isEmpty)
    #expect("\n" + print(module) == text)
  }

  @Test("the table of rules lists the verifier's rules in order, and the table of roles the roles")
  func tables() throws {
    let cells = try Self.page().split(separator: "\n").filter { $0.hasPrefix("| `") }.compactMap {
      $0.split(separator: "`").dropFirst().first
    }
    #expect(cells.map(String.init) == Role.allCases.map(\.rawValue) + verifierRules.map(\.id))
  }
}
