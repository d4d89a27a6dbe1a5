import DrnDiagnostics
import DrnMethods
import DrnSource
import DrnSyntax

/// One name in an `allow:`, `warn:` or `deny:` list.
struct LevelEntry {
  let code: Code
  let level: LintLevel
  let span: Span
  /// The setting it stands in, and the names of its list.
  let setting: Span
  let siblings: [Span]
}

extension [LevelEntry] {
  /// Every lint with the level given to it.
  var levels: LintLevels {
    var levels = LintLevels()
    for entry in self { levels.set(entry.level, for: entry.code) }
    return levels
  }
  /// The names of those allowed.
  var allowed: Set<String> { Set(filter { $0.level == .allow }.map(\.code.name)) }
}

/// Reads the levels of lints that a `train` declaration states.
struct LevelReader: Checking {
  let tools: Tools

  func read(_ entries: Settings) -> [LevelEntry] {
    var found: [LevelEntry] = []
    for level in LintLevel.allCases {
      if let entry = entries[level.rawValue] { readLevel(level, entry, &found) }
    }
    return found
  }

  private func readLevel(_ level: LintLevel, _ entry: SettingEntry, _ found: inout [LevelEntry]) {
    guard let value = reader.evaluateSetting(entry) else { return }
    let items: [LocatedOption]
    if case .list(let listed) = value.value { items = listed } else { items = [value] }
    let lints = Code.all.filter(\.isLint)
    for item in items {
      let text = item.value.text
      guard case .word(let word) = item.value, let code = lints.first(where: { $0.name == word }) else {
        reportUnknown(.unknownLint, "there is no lint `\(text)`", text, at: item.span, among: lints.map(\.name))
        continue
      }
      let known = found.first { $0.code == code && $0.level != level }
      if let known {
        report(
          .duplicateEntry, "`\(word)` is given two levels", at: item.span, label: "given again",
          secondary: [Label(known.span, "`\(known.level.rawValue)` is stated here")])
        continue
      }
      found.append(LevelEntry(code: code, level: level, span: item.span, setting: entry.span, siblings: items.map(\.span)))
    }
  }
}
