import DrnMethods
import DrnProgram
import DrnTestSupport
import Testing

@testable import DrnLanguageServer

@Suite("The page of settings") struct SettingsPageTests {
  @Test("docs/settings.md is what the vocabulary says") func page() throws {
    try Recorded(path: "docs/settings.md", suite: "SettingsPageTests").expect(settingsPage())
  }

  /// The words in the first column of the tables under a heading.
  private func rows(_ heading: String) -> [String] {
    let lines = settingsPage().split(separator: "\n", omittingEmptySubsequences: false)
    guard let start = lines.firstIndex(of: "## \(heading)") else { return [] }
    return lines[(start + 1)...].prefix { !$0.hasPrefix("## ") }.compactMap { line in
      line.firstMatch(of: /^\| `(\w+)` \|/).map { String($0.1) }
    }
  }

  @Test("the page has a row for every setting and every word, and no other") func complete() {
    #expect(rows("`train`") == TrainingSettings.Table.names)
    #expect(rows("`weights`") == TrainingSettings.Table.ofWeights.map(\.name))
    #expect(rows("`data`") == DataSettings.Table.names)
    for family in MethodFamily.allCases where family != .layer && family != .form {
      #expect(rows(family.title) == family.specs.map(\.name), "\(family.title)")
    }
  }
}
