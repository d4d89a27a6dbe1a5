import DrnData
import DrnJSON
import DrnProgram

/// What is needed to use a trained network without the program and its data, as `model.json` and in the metadata of the weights: what an
/// example is made of, how its values are prepared, and what the outputs stand for.
struct ModelDescription {
  static let file = RunFolder.model
  /// Its key in the metadata of a tensor file.
  static let metadataKey = "drnc.model"
  private static let format = 1

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
    json = JSON.make(["format": .integer(Self.format), "network": .string(program.network.name), "input": input, "output": output])
  }

  /// One line of JSON.
  var text: String { String(decoding: json.bytes, as: UTF8.self) }

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
