import DrnDiagnostics
import DrnJSON
import DrnMethods
import DrnProgram
import DrnSema

/// What `drnc methods` and `drnc explain` print, as values.
enum VocabularyJSON {
  /// A method with its options.
  static func method(_ spec: MethodSpec, of family: MethodFamily) -> JSON {
    let options = spec.options.enumerated().map { index, option -> JSON in
      .make([
        "name": .string(option.name), "takes": .string(option.kind.description), "required": .boolean(option.isRequired),
        "default": option.defaultValue.map { .string($0.text) }, "unnamed": .boolean(index < spec.positional),
        "summary": .string(option.summary),
      ])
    }
    return .make([
      "name": .string(spec.name), "family": .string(family.rawValue), "summary": .string(spec.summary),
      "source": spec.source.map(JSON.string),
      "options": .array(options),
    ])
  }

  /// A setting of a declaration.
  static func setting(_ spec: SettingSpec, of owner: String) -> JSON {
    .make([
      "name": .string(spec.name), "of": .string(owner), "summary": .string(spec.summary), "takes": .string(spec.kind.description),
      "required": .boolean(spec.isRequired), "default": spec.defaultValue.map { .string($0.text) }, "timed": .boolean(spec.isTimed),
      "example": .string(spec.example),
    ])
  }

  /// What becomes of weights, momentum and second moments in every change of form.
  static var transitions: JSON {
    let (titles, cells) = transitionMatrix()
    let changes = zip(titles, cells).flatMap { from, row in
      zip(titles, row).map { to, cell -> JSON in
        [
          "from": .string(from), "to": .string(to), "weights": .string(cell.weights.word), "gradient": .string(cell.gradient.word),
          "squared_gradient": .string(cell.squaredGradient.word),
        ]
      }
    }
    return ["transitions": .array(changes)]
  }

  /// A diagnostic in one line.
  static func code(_ code: Code) -> JSON {
    [
      "code": .string(code.id), "name": .string(code.name), "severity": .string(code.severity.rawValue), "summary": .string(code.summary),
    ]
  }

  /// The page of a diagnostic.
  static func page(_ page: Page) -> JSON {
    let examples: [(String, JSON)] =
      page.failingExample.isEmpty
      ? [] : [("failing_example", .string(page.failingExample)), ("corrected_example", .string(page.correctedExample))]
    guard case .object(let line) = code(page.code) else { return .null }
    return .fields(
      line.map { ($0.name, $0.value) } + [("meaning", .string(page.meaning)), ("why", .string(page.why))] + examples)
  }
}
