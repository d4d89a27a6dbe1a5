import DrnTestSupport
import Foundation
import Testing

/// What the README shows is what drnc prints, and the program it shows is the model.
@Suite("README.md") struct ReadmeTests {
  private struct Block {
    let info: String
    let lines: [String]
  }

  private func blocks() throws -> [Block] {
    let text = try String(contentsOfFile: Repository.root.path + "/README.md", encoding: .utf8)
    var blocks: [Block] = []
    var open: (info: String, lines: [String])?
    for line in text.components(separatedBy: "\n") {
      if line.hasPrefix("```") {
        if let block = open { blocks.append(Block(info: block.info, lines: block.lines)) }
        open = open == nil ? (String(line.dropFirst(3)), []) : nil
      } else {
        open?.lines.append(line)
      }
    }
    return blocks
  }

  @Test("shows what its commands print; of a table its first lines and columns")
  func outputs() throws {
    let shown = try blocks().filter { $0.info == "console" }
    #expect(shown.count == 2)
    for block in shown {
      let command = try #require(block.lines.first)
      #expect(command.hasPrefix("$ drnc check "))
      let outcome = try Tool.run(command.split(separator: " ").dropFirst(2).map(String.init), folder: Repository.root.path)
      let isTable = !outcome.output.isEmpty
      let printed = (isTable ? outcome.output : outcome.error).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      let lines = Array(block.lines.dropFirst())
      #expect(lines.count >= 8)
      if isTable {
        let width = lines[0].count
        #expect(printed.prefix(lines.count).map { String($0.prefix(width)) } == lines, "\(command)")
      } else {
        #expect(printed == lines + [""], "\(command)")
      }
    }
  }

  @Test("shows the training of the model it names, whole")
  func model() throws {
    let shown = try blocks().filter { $0.info.hasPrefix("drn ") }
    #expect(shown.count == 1)
    for block in shown {
      let model = try String(contentsOfFile: Repository.root.path + "/" + block.info.dropFirst(4), encoding: .utf8)
      #expect(model.hasSuffix("\n\n" + block.lines.joined(separator: "\n") + "\n"))
    }
  }

  @Test("its two commands are those that install, train and test")
  func commands() throws {
    let shell = try blocks().filter { $0.info == "sh" }.flatMap(\.lines).map {
      String($0.prefix { $0 != "#" }).trimmingCharacters(in: .whitespaces)
    }
    #expect(shell == ["./install && swift run -c release drnc train models/quickstart.drn", "./install && ./test"])
  }
}
