import DrnMethods
import DrnProgram
import DrnSema

/// The reference of settings, in Markdown: what `train` and `data` take, with an example of each value.
public func settingsPage() -> String {
  func settings(_ owner: SettingOwner) -> String {
    "| setting | is | takes | for instance |\n| --- | --- | --- | --- |\n"
      + owner.settings.map { setting in
        let timed = setting.isTimed ? "; a value, or a timeline" : ""
        let takes = "\(setting.kind.description), \(setting.fallback)"
        return "| `\(setting.name)` | \(setting.summary)\(timed) | \(takes) | `\(setting.example)` |\n"
      }.joined()
  }
  func methods(_ specs: [MethodSpec]) -> String {
    "| word | option | takes | is |\n| --- | --- | --- | --- |\n"
      + specs.map { spec in
        let options = spec.options.map { option in
          let fallback = option.isRequired ? "required" : option.defaultValue.map { "default `\($0.text)`" } ?? "optional"
          return "| | `\(option.name)` | \(option.kind.description), \(fallback) | \(option.summary) |\n"
        }.joined()
        return "| `\(spec.name)` | | | \(spec.summary)\(spec.source.map { " Source: \($0)." } ?? "") |\n" + options
      }.joined()
  }
  // Layers and forms have a page of their own.
  let families = MethodFamily.allCases.filter { $0 != .layer && $0 != .form }
  return """
    # Settings

    Every setting of `train` and `data`, and what their values can be; written by `DRNC_RECORD=1 swift test --filter SettingsPageTests` from the
    vocabulary that the checker and the editors read. Layers and forms are on the page of the [methods](methods.md), and `drnc methods NAME`
    prints the options of any word.

    ## `train`

    \(settings(.train))
    Beside these stand clauses `weights SELECTOR { ... }` with the forms of weights over time, and events: `every 2 epochs: report(spectrum)`.

    ## `weights`

    \(settings(.weights))

    ## `data`

    One more entry, of a name of its own, is the shape of an example: `image: tensor[1, 28, 28]`.

    \(settings(.data))

    """ + families.map { "## \($0.title)\n\n\($0.place)\n\n\(methods($0.specs))" }.joined(separator: "\n")
}

extension MethodFamily {
  /// Where a program names a method of the family.
  fileprivate var place: String {
    switch self {
    case .layer: "Stages of a network."
    case .form: "What an entry of a clause `weights` takes: `from epoch 2: factored(rank: 8)`."
    case .transition: "What stands behind `by`: `from epoch 2: factored(rank: 8) by svd(state: carry)`."
    case .update: "What `optimizer` takes, and `update` of a clause `weights`."
    case .loss: "What `loss` takes."
    case .rate: "What `rate` takes."
    case .event: "What happens `every 2 epochs`, `at epoch 5` or `at end`."
    case .measurement: "What `report` takes, of each weight: `at end: report(stable_rank)`."
    case .selection: "What `select` takes."
    case .mixture: "What `mix` takes."
    case .average: "What `average` takes."
    case .stop: "What `stop` takes."
    case .weightFile: "What `weights_from` takes."
    case .metric: "What `summary.json` says of validation and test, each under the name of the split and its own: `test_accuracy`."
    case .source: "What `source` takes."
    case .preparation: "What `prepare` takes."
    case .augmentation: "What `augment` takes."
    case .subset: "What `examples_used` takes beside a share."
    case .option: "Calls within the methods above."
    }
  }
}
