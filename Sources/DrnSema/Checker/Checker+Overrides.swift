import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

extension Checker {
  /// Puts the values of `--set` where they belong: in every `train` or `data` declaration, or in a network.
  mutating func applyOverrides() {
    for override in options.overrides {
      guard let path = OverridePath(override.key) else {
        reportUnknownOverride(override)
        continue
      }
      // Without a value, what the path leads to is taken out.
      let value: Expression?
      if override.value.isEmpty {
        value = nil
      } else {
        guard let entry = parse(override, name: path.segments.count == 1 ? path.segments[0].name : "value") else { continue }
        value = entry.value
      }
      var rewriter = OverrideRewriter(path: path, value: value, vocabulary: vocabulary, blocks: declarations.blocks)
      switch path.owner {
      case "train":
        declarations.trainings = declarations.trainings.map { item in
          TrainItem(network: item.network, data: item.data, entries: rewriter.entries(item.entries), span: item.span)
        }
      case "data":
        declarations.dataSets = declarations.dataSets.mapValues {
          DataItem(name: $0.name, entries: rewriter.entries($0.entries), span: $0.span)
        }
      case let name:
        guard let network = declarations.networks[name] else {
          reportUnknownOverride(override)
          continue
        }
        declarations.networks[name] = rewriter.network(network)
      }
      if let fault = rewriter.fault { reportUnknownOverride(override, fault) }
    }
  }

  private func reportUnknownOverride(_ override: CheckOptions.Override, _ note: String? = nil) {
    let known = TrainingSettings.Table.singleNames.map { "train.\($0)" } + DataSettings.Table.names.map { "data.\($0)" }
    let nearest = known.first { $0.hasSuffix("." + override.key) } ?? Suggestion.nearest(to: override.key, in: known)
    report(
      .unknownOverride, "`--set \(override.key)` names no setting", at: nil,
      notes: note.map { [$0] } ?? nearest.map { ["the nearest name is `\($0)`"] } ?? [],
      help: "write `train.name=value`, `data.name=value`, `train.name.option=value`, `train.weights[layer].option=value` or "
        + "`network.layer.option=value`")
  }

  /// The value as an entry of a file of its own, so that messages can show it.
  private mutating func parse(_ override: CheckOptions.Override, name: String) -> SettingEntry? {
    let head = "train a on b { "
    let text = head + "\(name): \(separatingUnits(override.value)) }"
    let id = files.add(name: "--set \(override.key)", text: text)
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
