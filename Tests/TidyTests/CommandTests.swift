import DrnTestSupport
import Foundation
import Testing

/// Commands that pages and scripts tell to run.
@Suite struct CommandTests {
  /// The texts that name tests to run.
  private static let texts: [String] =
    ["docs", "benchmarks", "editors"].flatMap { Repository.files($0, extension: "md") } + [
      "README.md", "CONTRIBUTING.md", ".ci/run", ".ci/nightly",
    ]

  /// The words after `--filter`, those joined by `|` or a point one by one.
  private func filters(_ text: String) -> [String] {
    text.components(separatedBy: "--filter").dropFirst().flatMap { rest -> [Substring] in
      let argument = rest.drop { $0.isWhitespace }
      let isQuoted = argument.first == "\""
      return (isQuoted ? argument.dropFirst() : argument).prefix { isQuoted ? $0 != "\"" : !$0.isWhitespace && !"`);".contains($0) }
        .split { $0 == "|" || $0 == "." }
    }.map(String.init)
  }

  @Test("a filter of tests names a suite, a folder of tests or a test that there is")
  func filtersExist() throws {
    let sources = Repository.files("Tests", extension: "swift")
    let words = Set(
      try sources.flatMap { path in
        [path.split(separator: "/")[1]].map(String.init)
          + (try Repository.text(path)).matches(of: /(?:struct|class|func|enum) (\w+)/).map { String($0.1) }
      })
    var checked = 0
    for path in Self.texts {
      for filter in filters(try Repository.text(path)) where filter != "$filter" {
        checked += 1
        #expect(words.contains { $0.contains(filter) }, "\(path) filters tests by \(filter), which no test has in its name")
      }
    }
    #expect(checked > 20)
  }

  @Test("a variable of the environment that a page names is read by a test, a script or a source")
  func variablesExist() throws {
    let readers = ["swift", "py"].flatMap { suffix in ["Sources", "Tests"].flatMap { Repository.files($0, extension: suffix) } }
    let read = try readers.reduce(into: Set<String>()) { found, path in
      found.formUnion(try Repository.text(path).matches(of: /DRNC_[A-Z0-9_]+/).map { String($0.0) })
    }
    for path in Self.texts {
      for match in try Repository.text(path).matches(of: /DRNC_[A-Z0-9_]+/) {
        #expect(read.contains(String(match.0)), "\(path): \(match.0)")
      }
    }
  }
}
