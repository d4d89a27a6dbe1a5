import DrnDiagnostics
import DrnMethods
import DrnSource
import DrnSyntax

extension Checker {
  /// Replaces or adds the entries that `--set` names in every `train` or `data` declaration.
  mutating func applyOverrides() {
    for override in options.overrides {
      let parts = override.key.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, isKnown(parts[0], parts[1]) else {
        reportUnknownOverride(override)
        continue
      }
      guard let entry = parse(override, name: parts[1]) else { continue }
      if parts[0] == "train" {
        trainings = trainings.map { item in
          TrainItem(network: item.network, data: item.data, entries: replacing(entry, in: item.entries), span: item.span)
        }
      } else {
        dataSets = dataSets.mapValues { item in
          DataItem(name: item.name, entries: replacing(entry, in: item.entries), span: item.span)
        }
      }
    }
  }

  private func isKnown(_ owner: String, _ name: String) -> Bool {
    owner == "train" ? Self.trainSettingNames.contains(name) || name == "require" : owner == "data" && Self.dataSettingNames.contains(name)
  }

  private mutating func reportUnknownOverride(_ override: CheckOptions.Override) {
    let known = Self.trainSettingNames.map { "train.\($0)" } + Self.dataSettingNames.map { "data.\($0)" }
    let nearest = known.first { $0.hasSuffix("." + override.key) } ?? Suggestion.nearest(to: override.key, in: known)
    report(
      .unknownOverride, "`--set \(override.key)` names no setting", at: nil, notes: nearest.map { ["the nearest name is `\($0)`"] } ?? [],
      help: "write `train.name=value` or `data.name=value`")
  }

  private func replacing(_ entry: SettingEntry, in entries: [Entry]) -> [Entry] {
    let kept = entries.filter { existing in
      switch existing {
      case .setting(let setting): setting.name.text != entry.name.text
      case .clause(let clause): clause.name.text != entry.name.text
      case .timed: true
      }
    }
    return kept + [.setting(entry)]
  }

  /// The value as an entry of a file of its own, so that messages can show it.
  private mutating func parse(_ override: CheckOptions.Override, name: String) -> SettingEntry? {
    let head = "train a on b { "
    let text = head + "\(name): \(separatingUnits(override.value)) }"
    let id = sources.add(name: "--set \(override.key)", text: text)
    let tree = DrnSyntax.parse(file: id, bytes: Array(text.utf8))
    if tree.diagnostics.isEmpty, tree.items.count == 1, case .train(let item)? = tree.items.first, item.entries.count == 1,
      case .setting(let entry)? = item.entries.first, entry.name.text == name
    {
      return entry
    }
    let reason = tree.diagnostics.first.map { [$0.message] } ?? []
    report(
      .malformedOverride, "`\(override.value)` is not a value for `\(override.key)`", at: nil, notes: reason,
      help: "write the value as in the source, for instance `--set train.rate='cosine(0.1)'`")
    return nil
  }

  /// `3epochs` as `3 epochs`: on a command line a space would need quotes.
  private func separatingUnits(_ value: String) -> String {
    let digits = value.prefix { $0.isASCII && $0.isNumber }
    let unit = value.dropFirst(digits.count)
    return !digits.isEmpty && ["epoch", "epochs", "step", "steps"].contains(String(unit)) ? "\(digits) \(unit)" : value
  }
}
