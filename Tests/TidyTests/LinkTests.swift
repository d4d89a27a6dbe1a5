import DrnTestSupport
import Foundation
import Testing

/// Every link of a page to a file of this repository, and every link to a section.
@Suite struct LinkTests {
  /// The pages: every Markdown file that is no product of a build.
  private static let pages: [String] = {
    let top = (try? FileManager.default.contentsOfDirectory(atPath: Repository.root.path)) ?? []
    let folders = top.filter { name in
      var isFolder: ObjCBool = false
      let exists = FileManager.default.fileExists(atPath: Repository.root.appendingPathComponent(name).path, isDirectory: &isFolder)
      return exists && isFolder.boolValue && !name.hasPrefix(".build") && !name.hasPrefix(".git")
        && !["runs", "shared", "data"].contains(name)
    }
    let deep = (folders + [".github"]).flatMap { Repository.files($0, extension: "md") }
    return (top.filter { $0.hasSuffix(".md") } + deep).filter { !$0.contains("node_modules/") }.sorted()
  }()

  /// A link as it stands on a page.
  private struct Link {
    let page: String
    let target: String
    var path: String { String(target.prefix { $0 != "#" }) }
    var anchor: String? { target.firstIndex(of: "#").map { String(target[target.index(after: $0)...]) } }
    /// The file it leads to, from the root of the repository.
    var file: String {
      guard !path.isEmpty else { return page }
      let folder = URL(fileURLWithPath: "/" + page).deletingLastPathComponent()
      return String(folder.appendingPathComponent(path).standardized.path.dropFirst())
    }
  }

  /// The lines of a page outside blocks of code.
  private func prose(_ text: String) -> [Substring] {
    var isCode = false
    return text.split(separator: "\n", omittingEmptySubsequences: false).filter { line in
      if line.hasPrefix("```") { isCode.toggle() }
      return !isCode
    }
  }

  private func links(_ page: String) throws -> [Link] {
    try prose(Repository.text(page)).flatMap { line in
      var isCode = false
      let plain = String(
        line.filter { character in
          if character == "`" { isCode.toggle() }
          return !isCode
        })
      return plain.components(separatedBy: "](").dropFirst().map { Link(page: page, target: String($0.prefix { $0 != ")" })) }
    }.filter { !$0.target.contains(" ") && !$0.target.contains("://") && !$0.target.hasPrefix("mailto:") }
  }

  /// The anchors of a page: those it writes itself, and those a forge gives to its headings: small letters, digits, hyphens and underscores,
  /// a blank becomes a hyphen.
  private func anchors(_ text: String) -> Set<String> {
    var seen: [String: Int] = [:]
    var found = Set(text.components(separatedBy: "<a id=\"").dropFirst().map { String($0.prefix { $0 != "\"" }) })
    for line in prose(text) where line.hasPrefix("#") {
      let heading = line.drop { $0 == "#" }.dropFirst()
      let plain = heading.replacing(/\[([^\]]*)\]\([^)]*\)/) { $0.1 }.lowercased()
      let anchor = String(plain.compactMap { $0 == " " ? "-" : $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" ? $0 : nil })
      let count = seen[anchor, default: 0]
      seen[anchor] = count + 1
      found.insert(count == 0 ? anchor : "\(anchor)-\(count)")
    }
    return found
  }

  @Test("a relative link leads to a file or folder, and to a heading where it names one")
  func lead() throws {
    var checked = 0
    var known: [String: Set<String>] = [:]
    for link in try Self.pages.flatMap(links) {
      checked += 1
      let exists = FileManager.default.fileExists(atPath: Repository.root.appendingPathComponent(link.file).path)
      #expect(exists, "\(link.page): (\(link.target)) leads to nothing")
      guard exists, let anchor = link.anchor else { continue }
      let found = try known[link.file] ?? anchors(try Repository.text(link.file))
      known[link.file] = found
      #expect(found.contains(anchor), "\(link.page): (\(link.target)) names no heading of \(link.file)")
    }
    #expect(checked > 100)
  }

  @Test("every page of docs/ is reached from the README")
  func reached() throws {
    var reached: Set<String> = ["README.md"]
    var left = ["README.md"]
    while let page = left.popLast() {
      for link in try links(page) where link.file.hasSuffix(".md") && reached.insert(link.file).inserted { left.append(link.file) }
    }
    for page in Self.pages where page.hasPrefix("docs/") { #expect(reached.contains(page), "no link leads to \(page)") }
  }

  @Test("headings give the anchors that a forge gives them")
  func headings() {
    let text =
      "# `drnc check`\n## What `--set` reaches\n```\n# no heading\n```\n## Twice\n## Twice\n### A [link](a.md): of_two\n<a id=\"own\"></a>"
    #expect(anchors(text) == ["drnc-check", "what---set-reaches", "twice", "twice-1", "a-link-of_two", "own"])
  }
}
