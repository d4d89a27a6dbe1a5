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
  /// Whether the class of each position is the token that follows.
  var isNextToken = false
  /// The length of the target vector; 1 for classes.
  let targets: Int
  let span: Span

  /// As it would be written for so many classes.
  func declaration(_ classes: Int) -> String { "\(isNextToken ? "next_token" : "class")(\(classes))" }

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
  private static let nextTokenSpec = MethodSpec(
    "next_token", summary: "At each position the token that follows, one of a number of them.",
    options: [OptionSpec("count", .integer(2...1_000_000), required: true, "The number of tokens there are.")], positional: 1)
  private static let labelTable = Vocabulary.Table([classSpec, nextTokenSpec]) { $0.name }

  func readLabel(_ entries: Settings) -> DataLabel? {
    guard let entry = entries[Table.label] else {
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
    guard let (spec, options) = resolver.resolveMethod(value, among: Self.labelTable, spec: { $0 }, what: "kind of label") else {
      return nil
    }
    guard let count = options.integer("count") else { return DataLabel(classes: nil, collectsClasses: true, targets: 1, span: value.span) }
    return DataLabel(classes: count, isNextToken: spec.name == Self.nextTokenSpec.name, targets: 1, span: value.span)
  }

  func readValidation(_ entries: Settings) -> Rational {
    reader.value(Table.validation, entries)?.share ?? 0
  }

  func readExampleCount(_ entries: Settings) -> (Int, Span)? {
    guard let value = reader.given(Table.examples, entries) else { return nil }
    return reader.converted(value, Table.examples)?.integer.map { ($0, value.span) }
  }

  /// What of the training split is trained on: a share, or a subset by class.
  func readExamplesUsed(_ entries: Settings, _ label: DataLabel?) -> (share: Rational, subset: (any DataSubset)?) {
    guard let given = reader.given(Table.examplesUsed, entries) else { return (1, nil) }
    guard given.methodCall != nil else {
      let option = OptionSpec(Table.examplesUsed.name, Table.share, "The share of the training split that is trained on.")
      return (resolver.convert(given, to: option, of: nil)?.value.share ?? 1, nil)
    }
    guard
      let (type, options) = resolver.resolveMethod(
        given, among: vocabulary.data.subsets, spec: { $0.spec }, what: MethodFamily.subset.rawValue)
    else { return (1, nil) }
    if let label, label.isValues || label.isNextToken {
      report(
        .optionRange, "`\(type.spec.name)` needs classes of examples, and `\(item.name.text)` has none", at: given.span,
        label: "nothing to choose by", secondary: [Label(label.span, label.isValues ? "real values" : "of positions")],
        help: "a share such as `20%` needs none")
    }
    return (1, type.init(options: options))
  }

  /// What the parts of the data are drawn from.
  func readSplitSeed(_ entries: Settings) -> UInt64 {
    reader.value(Table.splitSeed, entries)?.integer.map { UInt64($0) } ?? DataSettings.defaultSplitSeed
  }

  func readLastBatch(_ entries: Settings) -> Bool {
    reader.value(Table.lastBatch, entries)?.word == "drop"
  }
}
