import DrnDiagnostics
import DrnJSON
import DrnMethods
import DrnProgram
import DrnSema
import DrnSource

extension Driver {
  /// The words of the two declarations that hold settings.
  private static let settings = [
    ("train", EditorVocabulary.trainSettings), ("data", EditorVocabulary.dataSettings), ("weights", EditorVocabulary.weightSettings),
  ]

  /// `drnc methods [NAME]`.
  public func printMethods(_ name: String?, json: Bool = false) -> ExitStatus {
    guard let name else {
      guard !json else {
        console.output(Self.vocabulary { _ in true })
        return .success
      }
      for family in MethodFamily.allCases {
        console.output("\(family.title)\n")
        for spec in family.specs { console.output("  \(spec.name.padded(20))\(spec.summary)\n") }
      }
      for (owner, settings) in Self.settings {
        console.output("Settings of \(owner)\n")
        for setting in settings { console.output("  \(setting.name.padded(20))\(setting.summary.asSentence)\n") }
      }
      return .success
    }
    let methods = MethodFamily.allCases.flatMap(\.specs)
    // A word may be in two families: `linear` is a layer and a rate; or name a setting too, as `loss` does.
    let found =
      methods.filter { $0.name == name }.map(Self.description)
      + Self.settings.flatMap { owner, settings in settings.filter { $0.name == name }.map { Self.description($0, of: owner) } }
    guard !found.isEmpty else {
      let nearest = Suggestion.nearest(to: name, in: methods.map(\.name) + Self.settings.flatMap { $0.1.map(\.name) })
      console.report(
        [
          Diagnostic(
            .unknownVocabulary, "there is no method `\(name)`", at: nil,
            help: nearest.map { "did you mean `\($0)`?" } ?? "`drnc methods` prints them all")
        ],
        sources: SourceMap())
      return .failure
    }
    if json { console.output(Self.vocabulary { $0 == name }) } else { console.output(found.joined(separator: "\n")) }
    return .success
  }

  /// The methods and settings of those names.
  private static func vocabulary(where isAsked: (String) -> Bool) -> JSON {
    let methods = MethodFamily.allCases.flatMap { family in
      family.specs.filter { isAsked($0.name) }.map { VocabularyJSON.method($0, of: family) }
    }
    let settings = settings.flatMap { owner, settings in
      settings.filter { isAsked($0.name) }.map { VocabularyJSON.setting($0, of: owner) }
    }
    return ["methods": .array(methods), "settings": .array(settings)]
  }

  /// `drnc methods --transitions`.
  public func printTransitions(json: Bool = false) -> ExitStatus {
    if json { console.output(VocabularyJSON.transitions) } else { console.output(transitionMatrixTable()) }
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

  private static func description(_ setting: SettingSpec, of owner: String) -> String {
    """
    \(setting.name), a setting of `\(owner)`

    \(setting.summary.asSentence)

      takes \(setting.kind.description); \(setting.fallback)\(setting.isTimed ? "; or a clause of the name, with values over time" : "")
      \(setting.example)

    """
  }
}

extension String {
  /// With a capital and a stop.
  fileprivate var asSentence: String { prefix(1).uppercased() + dropFirst() + "." }
}
