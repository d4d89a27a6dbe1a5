import DrnDiagnostics
import DrnMethods
import DrnSema
import DrnSource

extension Driver {
  private static var families: [(title: String, specs: [MethodSpec])] {
    [
      ("Layers", EditorVocabulary.layers), ("Parameterizations", EditorVocabulary.forms),
      ("Transitions", EditorVocabulary.transitions + EditorVocabulary.recalibrations), ("Updates", EditorVocabulary.updates),
      ("Losses", EditorVocabulary.losses), ("Rates", EditorVocabulary.rates), ("Events", EditorVocabulary.events),
      ("Measurements", EditorVocabulary.measurements), ("Saved weights", Selection.specs),
      ("Data sources", EditorVocabulary.sources), ("Preparations", EditorVocabulary.preparations),
      ("Augmentations", EditorVocabulary.augmentations),
    ]
  }

  /// `drnc methods [NAME]`.
  public func printMethods(_ name: String?) -> ExitStatus {
    guard let name else {
      for family in Self.families {
        console.output("\(family.title)\n")
        for spec in family.specs { console.output("  \(spec.name.padded(20))\(spec.summary)\n") }
      }
      for (owner, names) in [("train", EditorVocabulary.trainSettings), ("data", EditorVocabulary.dataSettings)] {
        console.output("Settings of \(owner)\n  \(names.joined(separator: ", "))\n")
      }
      return .success
    }
    let all = Self.families.flatMap(\.specs)
    // A word may be in two families: `linear` is a layer and a rate.
    let found = all.filter { $0.name == name }
    guard !found.isEmpty else {
      let nearest = Suggestion.nearest(to: name, in: all.map(\.name))
      console.report(
        [
          Diagnostic(
            .unknownVocabulary, "there is no method `\(name)`", at: nil,
            help: nearest.map { "did you mean `\($0)`?" } ?? "`drnc methods` prints them all")
        ],
        sources: SourceMap())
      return .failure
    }
    console.output(found.map(Self.description).joined(separator: "\n"))
    return .success
  }

  /// `drnc methods --transitions`.
  public func printTransitions() -> ExitStatus {
    console.output(transitionMatrixTable())
    return .success
  }

  private static func description(_ spec: MethodSpec) -> String {
    var text = "\(spec.name)\n\n\(spec.summary)\n"
    if let source = spec.source { text += "Source: \(source)\n" }
    for (index, option) in spec.options.enumerated() {
      let positional = index < spec.positional ? ", may be given without its name" : ""
      let fallback = option.isRequired ? "required" : option.defaultValue.map { "default \($0.text)" } ?? "optional"
      text += "\n  \(option.name): \(option.kind.description); \(fallback)\(positional)\n    \(option.summary)\n"
    }
    return text
  }
}
