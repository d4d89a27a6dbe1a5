import DrnData
import DrnJSON
import DrnProgram

/// What is needed to use a trained network without the program and its data, as `model.json` and in the metadata of the weights: what an
/// example is made of, how its values are prepared, and what the outputs stand for.
package struct ModelDescription {
  package static let file = "model.json"
  /// Its key in the metadata of a tensor file.
  package static let metadataKey = "drnc.model"
  static let format = 1

  let json: JSON

  init(_ program: CheckedProgram, _ data: TrainingData) {
    let settings = program.data
    let input = JSON.make([
      "name": .string(settings.inputName), "shape": Self.integers(settings.inputShape),
      "kind": settings.inputElement == .token ? "tokens" : nil,
      "vocabulary": data.vocabulary.map { .array($0.names.map(JSON.string)) },
      "tokenizer": data.tokenizer.map { _ in .string(RunFolder.tokenizer) },
      "columns": data.table.map { .array($0.features.map(Self.column)) },
      "missing": data.fill.map { .make(["means": .array($0.values.map(Self.number))]) },
      "log_mel": settings.frames.map(Self.frames),
      "prepare": data.preparation.flatMap { settings.preparation.description(of: $0, shape: settings.inputShape) },
    ])
    let output = JSON.make([
      "shape": Self.integers(program.network.outputShape), "kind": settings.classes == nil ? "values" : "classes",
      "columns": data.table.map { .array($0.targets.map(JSON.string)) },
      "classes": data.classNames.map { .array($0.map(JSON.string)) },
    ])
    json = JSON.make([
      "format": .integer(Self.format), "network": .string(program.network.name), "input": input, "output": output,
      "data": Self.facts(settings),
    ])
  }

  /// One line of JSON.
  var text: String { String(decoding: json.bytes, as: UTF8.self) }

  /// What the files said of themselves when the program was checked: what it is checked with again where they are gone.
  private static func facts(_ settings: DataSettings) -> JSON {
    .make([
      "source": .string(settings.source.text), "examples": settings.examples.map(JSON.integer),
      "classes": settings.collectsClasses ? settings.classes.map(JSON.integer) : nil,
      "classes_present": settings.classesPresent.map(JSON.integer), "class_counts": settings.classCounts.map(Self.integers),
      "vocabulary": settings.vocabulary.map(JSON.integer),
    ])
  }

  private static func column(_ feature: TableDescription.Feature) -> JSON {
    .make(["name": .string(feature.name), "levels": feature.levels.map { .array($0.map(JSON.string)) }])
  }

  private static func frames(_ frames: LogMelFrames) -> JSON {
    .make([
      "rate": .integer(frames.rate), "window": .integer(frames.window), "hop": .integer(frames.hop), "points": .integer(frames.points),
      "bands": .integer(frames.bands), "floor": .number(LogMelFrames.floor),
    ])
  }

  private static func integers(_ numbers: [Int]) -> JSON { .array(numbers.map(JSON.integer)) }

  /// The shortest digits that read back as the same number.
  private static func number(_ value: Float) -> JSON { .number(Double(value)) }
}
