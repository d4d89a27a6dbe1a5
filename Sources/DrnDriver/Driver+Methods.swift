import DrnDiagnostics
import DrnMethods
import DrnSource

extension Driver {
  private static var families: [(title: String, specs: [MethodSpec])] {
    [
      ("Layers", Layers.all.map { $0.spec }), ("Parameterizations", Parameterizations.all.map { $0.spec }),
      ("Updates", Updates.all.map { $0.spec }), ("Losses", Losses.all.map { $0.spec }), ("Rates", Rates.all.map { $0.spec }),
      ("Events", RankEvents.all.map { $0.spec }), ("Saved weights", Selection.specs),
    ]
  }

  /// `drnc methods [NAME]`.
  public func printMethods(_ name: String?) -> ExitStatus {
    guard let name else {
      for family in Self.families {
        console.output("\(family.title)\n")
        for spec in family.specs { console.output("  \(spec.name.padded(20))\(spec.summary)\n") }
      }
      return .success
    }
    let all = Self.families.flatMap(\.specs)
    guard let spec = all.first(where: { $0.name == name }) else {
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
    console.output(Self.description(spec))
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
      text += "\n  \(option.name): \(option.isRequired ? "required" : "optional")\(positional)\n    \(option.summary)\n"
    }
    return text
  }
}
