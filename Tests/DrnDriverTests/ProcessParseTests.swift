import DrnTestSupport
import Foundation
import Testing

@Suite("drnc parse", .serialized) struct ProcessParseTests {
  private struct Node: Decodable {
    let role: String?
    let kind: String
    let start: Int
    let end: Int
    let children: [Node]?
  }
  private struct Line: Decodable {
    let schema: Int
    let file: String
    let errors: Int
    let tree: Node
  }

  private func lines(_ output: String) throws -> [Line] {
    try output.split(separator: "\n").map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
  }

  @Test("prints a line for each node, with role, kind, bytes and the text of leaves")
  func outline() throws {
    let outcome = try Tool.run(["parse", "-"], input: "data d { a: -1 }")
    #expect(outcome.status == 0)
    #expect(
      outcome.output == """
        file 0..16
          item: data 0..16
            name: name 5..6 d
            entry: setting 9..14
              name: name 9..10 a
              value: unary 12..14
                operator: operator 12..13 -
                operand: integer 13..14 1

        """)
  }

  @Test("prints one object a file, also for one with errors, and exits 1 then")
  func json() throws {
    let folder = try TemporaryFolder()
    try folder.write("a \"b\".drn", "data d { a: 1 }")
    try folder.write("wrong.drn", "data d { a 1 }")
    let outcome = try Tool.run(["parse", "--json", "a \"b\".drn", "wrong.drn", "absent.drn"], folder: folder.path)
    let lines = try lines(outcome.output)
    #expect(lines.map(\.file) == ["a \"b\".drn", "wrong.drn"])
    #expect(lines.map(\.errors) == [0, 1])
    #expect(lines.allSatisfy { $0.schema == 1 && $0.tree.kind == "file" && $0.tree.children?.first?.kind == "data" })
    #expect(outcome.error.contains("DRN0107") && outcome.error.contains("absent.drn"))
    #expect(outcome.status == 66)
    #expect(try Tool.run(["parse", "wrong.drn"], folder: folder.path).status == 1)
  }

  @Test("a child lies inside its parent and after its elder siblings, in every model")
  func nesting() throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: Repository.root.path + "/models").filter({ $0.hasSuffix(".drn") })
      .sorted()
    {
      let outcome = try Tool.run(["parse", "--json", "\(Repository.root.path)/models/\(name)"])
      for line in try lines(outcome.output) { #expect(isNested(line.tree), "\(name)") }
    }
  }

  private func isNested(_ node: Node) -> Bool {
    var end = node.start
    for child in node.children ?? [] {
      guard child.role != nil, child.start >= end, child.end <= node.end, isNested(child) else { return false }
      end = child.end
    }
    return true
  }
}
