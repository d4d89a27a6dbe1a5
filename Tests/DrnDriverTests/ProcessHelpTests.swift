import DrnDriver
import DrnTestSupport
import Foundation
import Testing

@Suite("docs/command-line.md", .serialized) struct ProcessHelpTests {
  private struct Command: Decodable {
    struct Argument: Decodable {
      struct Name: Decodable {
        let kind: String
        let name: String
      }
      let kind: String
      let names: [Name]?
      let abstract: String?
    }
    let commandName: String
    let abstract: String?
    let arguments: [Argument]?
    let subcommands: [Command]?
  }
  private struct Dump: Decodable { let command: Command }

  private func commands() throws -> [Command] {
    let dump = try Tool.run(["--experimental-dump-help"]).output
    let all = try JSONDecoder().decode(Dump.self, from: Data(dump.utf8)).command.subcommands ?? []
    return all.filter { $0.commandName != "help" }
  }

  @Test("has a section for every subcommand, with an example and every option")
  func isComplete() throws {
    let page = try String(contentsOfFile: Repository.root.path + "/docs/command-line.md", encoding: .utf8)
    let sections = page.components(separatedBy: "\n## ")
    let commands = try commands()
    #expect(commands.count >= 8)
    let shared = try #require(sections.first { $0.hasPrefix("Options of ") })
    for command in commands {
      guard let section = sections.first(where: { $0.hasPrefix("`drnc \(command.commandName)`") }) else {
        Issue.record("no section for \(command.commandName)")
        continue
      }
      #expect(section.contains("$ drnc \(command.commandName)"), "no example of \(command.commandName)")
      for name in (command.arguments ?? []).flatMap({ $0.names ?? [] })
      where name.kind == "long" && !["help", "version"].contains(name.name) {
        let text = "`--\(name.name)"
        #expect(section.contains(text) || shared.contains(text), "\(command.commandName) --\(name.name) is not described")
      }
    }
  }

  @Test("names no option that does not exist")
  func isTrue() throws {
    let page = try String(contentsOfFile: Repository.root.path + "/docs/command-line.md", encoding: .utf8)
    let known = Set(try commands().flatMap { ($0.arguments ?? []).flatMap { $0.names ?? [] } }.map(\.name)).union(["version", "help"])
    for match in page.matches(of: /`--([a-z-]+)/) { #expect(known.contains(String(match.1)), "--\(match.1)") }
  }

  @Test("the version stands in one place, and the editor's extension has the same")
  func version() throws {
    #expect(try Tool.run(["--version"]).output == Driver.version + "\n")
    let package = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(fileURLWithPath: Repository.root.path + "/editors/vscode/package.json")))
    #expect((package as? [String: Any])?["version"] as? String == Driver.version)
  }

  @Test("every option and argument says what it is for")
  func isDescribed() throws {
    for command in try commands() {
      #expect(command.abstract?.hasSuffix(".") == true, "\(command.commandName)")
      for argument in command.arguments ?? [] { #expect(argument.abstract?.hasSuffix(".") == true, "\(command.commandName) \(argument)") }
    }
  }
}
