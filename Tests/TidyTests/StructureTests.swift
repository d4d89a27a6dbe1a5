import DrnTestSupport
import Testing

/// Structs that own little and are spread over few files.
@Suite struct StructureTests {
  /// A struct with the number of its stored properties, as far as lines and braces tell.
  private struct Owner {
    let name: String
    let file: String
    var properties = 0
  }

  private func structs(in text: String, file: String) -> [Owner] {
    var found: [Owner] = []
    // The structs around a line with the depth of braces in their bodies.
    var open: [(owner: Int, depth: Int)] = []
    var depth = 0
    for line in text.split(separator: "\n") where !line.trimmingPrefix(while: \.isWhitespace).hasPrefix("//") {
      if let last = open.last, last.depth == depth { found[last.owner].properties += storedProperties(line) }
      let opens = line.count { $0 == "{" }
      if let match = line.firstMatch(of: /^\s*(?:\w+ )*struct (\w+)/), opens > 0 {
        open.append((found.count, depth + 1))
        found.append(Owner(name: String(match.1), file: file))
      }
      depth += opens - line.count { $0 == "}" }
      while let last = open.last, depth < last.depth { open.removeLast() }
    }
    return found
  }

  /// How many properties a line of a struct's body stores.
  private func storedProperties(_ line: Substring) -> Int {
    guard let match = line.firstMatch(of: /^\s*(?:(?:public|package|fileprivate|private)(?:\(set\))? )*(let|var) ([^=:{]+)(.*)$/) else {
      return 0
    }
    let isComputed = match.1 == "var" && match.3.contains("{") && !match.3.contains("=")
    return isComputed ? 0 : match.2.split(separator: ",").count
  }

  @Test("no struct of the checker stores more than 10 properties, nor is extended in more than 8 files")
  func checkerIsOfSmallOwners() throws {
    let texts = try Repository.files("Sources/DrnSema", extension: "swift").map { ($0, try Repository.text($0)) }
    let owners = texts.flatMap { structs(in: $1, file: $0) }
    #expect(owners.count > 50)
    for owner in owners {
      #expect(owner.properties <= 10, "\(owner.name) stores \(owner.properties) properties")
      let extensions = texts.filter { file, text in
        file != owner.file && text.split(separator: "\n").contains { $0 == "extension \(owner.name) {" }
      }
      #expect(extensions.count <= 8, "\(owner.name) is extended in \(extensions.map(\.0))")
    }
  }

  @Test("what a struct stores is counted, and what it computes is not") func counting() {
    let text = """
      public struct Outer: Sendable {
        let a, b: Int
        private(set) var list: [Int] = []
        static let none = 0
        var twice: Int { a * 2 }
        struct Inner { 
          let only: Int
        }
        func sum() -> Int {
          let local = a
          return local
        }
        var last: Int
      }
      """
    let found = structs(in: text, file: "")
    #expect(found.map(\.name) == ["Outer", "Inner"] && found.map(\.properties) == [4, 1])
  }

  @Test("no two types at the top level of a file have one name") func twins() throws {
    var homes: [String: [String]] = [:]
    for file in Repository.files("Sources", extension: "swift") {
      for line in try Repository.text(file).split(separator: "\n") {
        let type = /^(?:(?:public|package|final|indirect) )*(?:struct|enum|class|protocol|typealias) (\w+).*/
        if let match = line.wholeMatch(of: type) { homes[String(match.1), default: []].append(file) }
      }
    }
    #expect(homes.count > 400)
    for (name, files) in homes where files.count > 1 { Issue.record("\(name) is declared in \(files.sorted())") }
  }
}
