import DrnDiagnostics
import DrnMethods
import DrnSource
import DrnSyntax

/// What a diagnostic is about. The levels of a training hold for what it states, and for the declarations it uses together with those of
/// every other training that uses them.
enum Owner: Hashable {
  case file
  case network(String)
  case data(String)
  /// By its place among the trainings of the file.
  case training(Int)
}

/// One name in an `allow:`, `warn:` or `deny:` list.
struct LevelEntry {
  let code: Code
  let level: LintLevel
  let span: Span
  /// The setting it stands in, and the names of its list.
  let setting: Span
  let siblings: [Span]

  /// Every place it names.
  var spans: [Span] { [span, setting] + siblings }
}

extension Checker {
  /// Reads the levels of lints that a `train` declaration states; the result names those allowed.
  mutating func readLevels(_ entries: Settings) -> Set<String> {
    for level in LintLevel.allCases {
      if let entry = entries[level.rawValue] { readLevel(level, entry) }
    }
    return Set(levelEntries.filter { $0.level == .allow }.map(\.code.name))
  }

  private mutating func readLevel(_ level: LintLevel, _ entry: SettingEntry) {
    guard let value = evaluateSetting(entry) else { return }
    let items: [LocatedOption]
    if case .list(let listed) = value.value { items = listed } else { items = [value] }
    let lints = Code.all.filter(\.isLint)
    for item in items {
      let text = item.value.text
      guard case .word(let word) = item.value, let code = lints.first(where: { $0.name == word }) else {
        reportUnknown(.unknownLint, "there is no lint `\(text)`", text, at: item.span, among: lints.map(\.name))
        continue
      }
      let known = levelEntries.first { $0.code == code && $0.level != level }
      if let known {
        report(
          .duplicateEntry, "`\(word)` is given two levels", at: item.span, label: "given again",
          secondary: [Label(known.span, "`\(known.level.rawValue)` is stated here")])
        continue
      }
      levelEntries.append(LevelEntry(code: code, level: level, span: item.span, setting: entry.span, siblings: items.map(\.span)))
    }
  }

  /// The levels of the training being checked, except where the command line gives one.
  var lintLevels: LintLevels { levels(of: levelEntries) }

  private func levels(of entries: [LevelEntry]) -> LintLevels {
    var source = LintLevels()
    for entry in entries { source.set(entry.level, for: entry.code) }
    return source.overridden(by: options.levels)
  }

  /// The diagnostics at their levels, those at one place once; what is allowed in vain is reported.
  func finishDiagnostics() -> [Diagnostic] {
    let found = zip(bag.diagnostics, owners).filter { !syntaxFaults.explain($0.0) }.map { (diagnostic: $0, owner: $1) }
    var places: [Finding: Int] = [:]
    var result: [Diagnostic] = []
    for (diagnostic, owner) in found + unusedAllowances() {
      guard let leveled = atLevel(diagnostic, of: owner) else { continue }
      guard let finding = leveled.primary.map({ Finding(code: leveled.code, span: $0.span) }) else {
        result.append(leveled)
        continue
      }
      if let place = places[finding] {
        result[place].severity = max(result[place].severity, leveled.severity)
      } else {
        places[finding] = result.count
        result.append(leveled)
      }
    }
    return sorted(result)
  }

  /// A diagnostic at the strictest level it has in the trainings concerned; `nil` where all of them allow it.
  private func atLevel(_ diagnostic: Diagnostic, of owner: Owner) -> Diagnostic? {
    let users = trainings.indices.filter { isConcerned($0, by: owner) }
    let levels = users.isEmpty ? [options.levels] : users.map { self.levels(of: trainingLevels[$0] ?? []) }
    return levels.compactMap { $0.applied(to: [diagnostic]).first }.max { $0.severity < $1.severity }
  }

  private func isConcerned(_ place: Int, by owner: Owner) -> Bool {
    switch owner {
    case .file: true
    case .network(let name): trainings[place].network.text == name
    case .data(let name): trainings[place].data.text == name
    case .training(let own): own == place
    }
  }

  /// After an error it is not known what would have been reported; nor is it where a lint needs the program to be priced.
  private func unusedAllowances() -> [(diagnostic: Diagnostic, owner: Owner)] {
    guard errorCount == 0 else { return [] }
    return trainings.indices.flatMap { place in
      let fired = Set(zip(bag.diagnostics, owners).filter { isConcerned(place, by: $0.1) }.map(\.0.code))
      let unused = (trainingLevels[place] ?? []).filter { $0.level == .allow && $0.code.number < 600 && !fired.contains($0.code) }
      return unused.map { entry in
        let diagnostic = Diagnostic(
          .unusedAllow, "`\(entry.code.name)` is allowed but does not occur", at: entry.span, label: "allows nothing",
          help: "remove it, so that it does not hide a later one", fixIts: [removal(of: entry)])
        return (diagnostic, Owner.training(place))
      }
    }
  }

  private func removal(of entry: LevelEntry) -> FixIt {
    let name = entry.code.name
    if entry.siblings.count == 1 {
      return FixIt("remove `\(entry.level.rawValue)`", edits: [deletion(of: entry.setting)], confidence: .safe)
    }
    return FixIt("remove `\(name)`", edits: [deletion(of: entry.span, among: entry.siblings)], confidence: .safe)
  }

  /// In the order of the text, file by file; what has no place comes first.
  private func sorted(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    diagnostics.enumerated().sorted { left, right in
      let (first, second) = (left.element.primary?.span, right.element.primary?.span)
      return (first.map { Int($0.file.index) } ?? -1, first?.start ?? 0, left.offset)
        < (second.map { Int($0.file.index) } ?? -1, second?.start ?? 0, right.offset)
    }.map(\.element)
  }
}
