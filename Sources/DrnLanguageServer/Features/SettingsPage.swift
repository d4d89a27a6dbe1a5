import DrnMethods
import DrnSema

/// The reference of settings, in Markdown: what `train` and `data` take, with an example of each value.
public func settingsPage() -> String {
  func rows(_ names: [String], of owner: SettingOwner) -> String {
    names.map { name in
      let (text, example) = Glossary.setting(name, of: owner) ?? ("", "")
      let isTimed = owner == .train && EditorVocabulary.trainClauses.contains(name)
      return "| `\(name)` | \(text)\(isTimed ? "; a value, or a timeline" : "") | `\(name): \(example)` |\n"
    }.joined()
  }
  func methods(_ specs: [MethodSpec]) -> String {
    specs.map { spec in
      let options = spec.options.map { option in
        let fallback = option.isRequired ? "required" : option.defaultValue.map { "default `\($0.text)`" } ?? "optional"
        return "| | `\(option.name)` | \(option.kind.description), \(fallback) | \(option.summary) |\n"
      }.joined()
      return "| `\(spec.name)` | | | \(spec.summary)\(spec.source.map { " Source: \($0)." } ?? "") |\n" + options
    }.joined()
  }
  let head = "| setting | is | for instance |\n| --- | --- | --- |\n"
  let table = "| word | option | takes | is |\n| --- | --- | --- | --- |\n"
  return """
    # Settings

    Every setting of `train` and `data`, and what their values can be; written by `DRNC_RECORD=1 swift test --filter SettingsPageTests` from the
    vocabulary that the checker and the editors read. Layers and forms are on the page of the [methods](methods.md), and `drnc methods NAME`
    prints the options of any word.

    ## `train`

    \(head)\(rows(EditorVocabulary.trainSettings, of: .train))
    Beside these stand clauses `weights SELECTOR { ... }` with the forms of weights over time, and events: `every 2 epochs: report(spectrum)`.

    ## `data`

    One more entry, of a name of its own, is the shape of an example: `image: tensor[1, 28, 28]`.

    \(head)\(rows(EditorVocabulary.dataSettings, of: .data))
    ## What `optimizer` takes

    \(table)\(methods(EditorVocabulary.updates))
    ## What `loss` takes

    \(table)\(methods(EditorVocabulary.losses))
    ## What `rate` takes

    \(table)\(methods(EditorVocabulary.rates))
    ## What stands behind `by`

    \(table)\(methods(EditorVocabulary.transitions + EditorVocabulary.recalibrations))
    ## Events

    \(table)\(methods(EditorVocabulary.events))
    ## What `report` takes

    \(table)\(methods(EditorVocabulary.measurements))
    ## What `source` takes

    \(table)\(methods(EditorVocabulary.sources))
    ## What `prepare` and `augment` take

    \(table)\(methods(EditorVocabulary.preparations + EditorVocabulary.augmentations))
    """
}
