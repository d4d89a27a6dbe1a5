import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

/// The entries of one body by name, each name once.
struct Settings {
  var settings: [String: SettingEntry] = [:]
  var clauses: [ClauseEntry] = []
  var timed: [TimedEntry] = []
  /// Names of settings that were meant by unknown ones near to them: what is misspelt is not missing too.
  var misspelt: Set<String> = []
  /// Settings that may be given more than once, in order.
  var repeated: [SettingEntry] = []

  subscript(name: String) -> SettingEntry? { settings[name] }
  subscript(setting: SettingSpec) -> SettingEntry? { settings[setting.name] }
}

/// Reads the settings of a `data` or `train` declaration.
struct SettingReader: Checking {
  let tools: Tools

  /// Sorts the entries of a body; unknown and doubled names are reported. `timed` says whether the body takes entries with a time.
  func collect(
    _ entries: [Entry], known: [String], clauses: [String], repeatable: String? = nil, timed: Bool = false, owner: String
  ) -> Settings {
    var result = Settings()
    for entry in entries {
      switch entry {
      case .setting(let setting): add(setting, to: &result, known: known, clauses: clauses, repeatable: repeatable, owner: owner)
      case .timed(let entry):
        if timed { result.timed.append(entry) } else { reportTimed(entry, owner) }
        // `batch epochs: 128` names a setting where a number belongs.
        if case .duration(let value, _) = entry.when.time.kind, case .name(let name) = value.kind, known.contains(name) {
          result.misspelt.insert(name)
        }
      case .clause(let clause):
        if clauses.contains(clause.name.text) {
          result.clauses.append(clause)
        } else {
          if let meant = Suggestion.nearest(to: clause.name.text, in: clauses) { result.misspelt.insert(meant) }
          let message = "\(owner) has no clause `\(clause.name.text)`"
          reportUnknown(.unknownEntry, message, clause.name.text, at: clause.name.span, among: clauses + known)
        }
      }
    }
    return result
  }

  private func add(
    _ setting: SettingEntry, to result: inout Settings, known: [String], clauses: [String], repeatable: String?, owner: String
  ) {
    let name = setting.name.text
    guard known.contains(name) || name == repeatable else {
      let message = "\(owner) has no setting `\(name)`"
      let candidates = known + clauses + (repeatable.map { [$0] } ?? [])
      if let meant = ForeignName.nearest(to: name, in: candidates) ?? grownTogether(name, candidates) { result.misspelt.insert(meant) }
      guard !clauses.contains(name) else {
        return report(
          .unknownEntry, message, at: setting.name.span, label: "a clause, not a setting", help: "write `\(name) ... { from epoch 0: ... }`"
        )
      }
      return reportUnknown(.unknownEntry, message, name, at: setting.name.span, among: candidates)
    }
    // The name of another setting as a value: that one has lost its own.
    if case .name(let value) = setting.value.kind, value != name, known.contains(value) { result.misspelt.insert(value) }
    if let by = setting.by { reportBy(by) }
    if name == repeatable { return result.repeated.append(setting) }
    if let earlier = result.settings[name] {
      return report(
        .duplicateEntry, "`\(name)` is given twice", at: setting.name.span, label: "given again",
        secondary: [Label(earlier.span, "first given here")],
        fixIts: sources.text(earlier.span) == sources.text(setting.span)
          ? [edits.removing("the second `\(name)`", setting.span, .safe)]
          : [edits.removing("the first `\(name)`", earlier.span, .unsafe), edits.removing("the second `\(name)`", setting.span, .unsafe)])
    }
    result.settings[name] = setting
  }

  /// The setting whose name another word has grown on to, as in `losscross_entropy`.
  private func grownTogether(_ name: String, _ candidates: [String]) -> String? {
    candidates.filter { name.hasPrefix($0) }.max { $0.count < $1.count }
  }

  private func reportTimed(_ entry: TimedEntry, _ owner: String) {
    report(.unknownEntry, "\(owner) takes no entry with a time", at: entry.whenSpan, label: "a time")
  }

  func reportBy(_ by: Expression) {
    report(
      .unreadEntry, "`by` says how a weight changes its form, and nothing changes here", at: by.span, label: "nothing reads this",
      help: "remove `by` and what follows it",
      fixIts: [FixIt("remove `by` and what follows it", edits: [edits.deletion(ofTransition: by)], confidence: .safe)])
  }

  // MARK: Values

  func evaluateSetting(_ entry: SettingEntry) -> LocatedOption? {
    evaluator.evaluate(entry.value).map { LocatedOption($0, entry.value.span) }
  }

  /// The value of a setting as it is written; `nil` where it is absent or has an error.
  func given(_ setting: SettingSpec, _ entries: Settings) -> LocatedOption? { entries[setting].flatMap { evaluateSetting($0) } }

  /// The value of a setting that has to be there.
  func required(_ setting: SettingSpec, _ entries: Settings, of owner: Name) -> LocatedOption? {
    let name = setting.name
    guard let entry = entries[name] else {
      if entries.misspelt.contains(name) { return nil }
      let help = "for instance " + setting.examples.map { "`\(name): \($0)`" }.joined(separator: " or ")
      report(
        .missingEntry, "`\(owner.text)` has no `\(name)`", at: owner.span, label: "no `\(name)`",
        help: setting.examples.isEmpty ? nil : help, fixIts: adding(setting.examples.first.map { "\(name): \($0)" }, to: entries, of: owner)
      )
      return nil
    }
    return evaluateSetting(entry)
  }

  /// A fix that puts a setting before the first entry of a body.
  private func adding(_ text: String?, to entries: Settings, of owner: Name) -> [FixIt] {
    let spans = entries.settings.values.map(\.span) + entries.clauses.map(\.span) + entries.timed.map(\.span)
    // Entries given on the command line are in a file of their own.
    guard let text, let first = spans.filter({ $0.file == owner.span.file }).min(by: { $0.start < $1.start }) else { return [] }
    return [FixIt("add `\(text)`", edits: [edits.insertion(text, before: first)], confidence: .unsafe)]
  }

  /// A value, or an item of a list, held against what a setting takes, with the messages of an option; `note` goes with them.
  func converted(_ value: LocatedOption, _ setting: SettingSpec, note: String = "") -> OptionValue? {
    switch setting.kind {
    case .option(let kind), .list(let kind): resolver.convert(value, to: OptionSpec(setting.name, kind, note), of: nil)?.value
    case .method, .methods, .label, .selectors, .lints, .requirement: value.value
    }
  }

  /// The value of a setting, held against what it takes; its default where it is absent or was refused.
  func value(_ setting: SettingSpec, _ entries: Settings, note: String = "") -> OptionValue? {
    given(setting, entries).flatMap { converted($0, setting, note: note) } ?? setting.defaultValue
  }
}
