import DrnDiagnostics
import DrnSource
import DrnSyntax
import DrnTestSupport
import Foundation
import Testing

@Suite("docs/language.md") struct LanguagePageTests {
  private static func page() throws -> String { try Repository.text("docs/language.md") }

  @Test("its complete programs are accepted")
  func programs() throws {
    let programs = try Self.page().components(separatedBy: "```drn\n").dropFirst().compactMap { $0.components(separatedBy: "```").first }
    let complete = programs.filter { !$0.contains("...") }
    #expect(!complete.isEmpty)
    for program in complete {
      #expect(parse(file: FileID(0), bytes: Array(program.utf8)).diagnostics.map(\.message) == [])
    }
  }

  @Test("it lists the keywords and operators of the language")
  func words() throws {
    let page = try Self.page()
    let listed = page.components(separatedBy: "The keywords are\n\n```\n").last?.components(separatedBy: "```").first ?? ""
    #expect(Set(listed.split { $0.isWhitespace }.map(String.init)) == Set(Keyword.allCases.map(\.rawValue)))
    for infix in BinaryOperator.allCases { #expect(page.contains("`\(infix.rawValue)`"), "\(infix)") }
  }
}
