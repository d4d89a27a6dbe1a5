import DrnSema
import Foundation
import Testing

@testable import DrnLanguageServer

@Suite("The page of settings") struct SettingsPageTests {
  private static let file = URL(fileURLWithPath: #filePath + "/../../../docs/settings.md").standardized

  @Test("docs/settings.md is what the vocabulary says") func page() throws {
    if ProcessInfo.processInfo.environment["DRNC_RECORD"] == "1" {
      try Data(settingsPage().utf8).write(to: Self.file)
      Issue.record("docs/settings.md has been written; run again without DRNC_RECORD")
      return
    }
    let stored = try? String(contentsOf: Self.file, encoding: .utf8)
    #expect(stored == settingsPage(), "write it with: DRNC_RECORD=1 swift test --filter SettingsPageTests")
  }

  @Test("every setting has a meaning and an example") func complete() {
    for (owner, names) in [(SettingOwner.train, EditorVocabulary.trainSettings), (.data, EditorVocabulary.dataSettings)] {
      for name in names { #expect(Glossary.setting(name, of: owner)?.text.isEmpty == false, "\(name)") }
    }
  }
}
