import DrnDiagnostics
import DrnMethods
import DrnNumbers
import DrnProgram
import DrnSource
import DrnSyntax

/// What is to be learned from an example.
struct DataLabel {
  /// `nil` for real values, and for classes that are yet to be counted.
  var classes: Int?
  /// Whether the classes are those that occur in the files.
  var collectsClasses = false
  /// The length of the target vector; 1 for classes.
  let targets: Int
  let span: Span

  /// Whether real values are to be learned.
  var isValues: Bool { classes == nil && !collectsClasses }
}

extension DataChecker {
  private static let classSpec = MethodSpec(
    "class", summary: "One of a number of classes.",
    options: [
      OptionSpec("count", .integer(2...1_000_000), "The number of classes; without it they are what occurs in the training files.")
    ],
    positional: 1)
  private static let labelTable = Vocabulary.Table([classSpec]) { $0.name }

  func readLabel(_ entries: Settings) -> DataLabel? {
    guard let entry = entries["label"] else {
      if entries.misspelt.contains("label") { return nil }
      report(
        .missingEntry, "`\(item.name.text)` does not say what is to be learned", at: item.name.span, label: "no `label`",
        help: "write `label: class(10)`, `label: class` for names in a table, or `label: tensor[1]` for real values",
        fixIts: declaringLabel())
      return nil
    }
    if case .index = entry.value.kind {
      guard case .tensor(let shape?)? = TypeReader(tools: tools).readType(entry.value) else { return nil }
      return DataLabel(classes: nil, targets: elementCount(shape) ?? 1, span: entry.value.span)
    }
    guard let value = reader.evaluateSetting(entry) else { return nil }
    guard let (_, options) = resolver.resolveMethod(value, among: Self.labelTable, spec: { $0 }, what: "kind of label") else { return nil }
    guard let count = options.integer("count") else { return DataLabel(classes: nil, collectsClasses: true, targets: 1, span: value.span) }
    return DataLabel(classes: count, targets: 1, span: value.span)
  }

  func readValidation(_ entries: Settings) -> Rational {
    guard let entry = entries["validation"], let value = reader.evaluateSetting(entry) else { return 0 }
    return reader.share(value, "validation", in: 0...0.99) ?? 0
  }

  func readExampleCount(_ entries: Settings) -> (Int, Span)? {
    guard let entry = entries["examples"], let value = reader.evaluateSetting(entry) else { return nil }
    return reader.integer(value, "examples", in: 1...1_000_000_000_000).map { ($0, value.span) }
  }

  /// The share of the training split that is trained on.
  func readExamplesUsed(_ entries: Settings) -> Rational {
    guard let entry = entries["examples_used"], let value = reader.evaluateSetting(entry) else { return 1 }
    return reader.share(value, "examples_used", in: 0.000001...1, "The share of the training split that is trained on.") ?? 1
  }

  /// What the parts of the data are drawn from.
  func readSplitSeed(_ entries: Settings) -> UInt64 {
    guard let entry = entries["split_seed"], let value = reader.evaluateSetting(entry) else { return DataSettings.defaultSplitSeed }
    return reader.integer(value, "split_seed", in: 0...Int.max).map { UInt64($0) } ?? DataSettings.defaultSplitSeed
  }

  func readLastBatch(_ entries: Settings) -> Bool {
    guard let entry = entries["last_batch"], let value = reader.evaluateSetting(entry) else { return true }
    return reader.word(value, "last_batch", among: ["drop", "keep"]) == "drop"
  }

  func readPreparation(_ entries: Settings) -> any DataPreparation {
    guard let entry = entries["prepare"], let value = reader.evaluateSetting(entry),
      let (type, options) = resolver.resolveMethod(
        value, among: vocabulary.data.preparations, spec: { $0.spec }, what: "preparation")
    else { return Unprepared() }
    return type.init(options: options)
  }
}
